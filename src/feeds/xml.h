// XML from strangers: a walk over elements by pugixml, without document types, entities or surprises.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/refusal.h"

namespace wideberth::feeds {

/// The attributes of an element: name, value, name, value, null. Valid during the call that hands them out.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_{pairs} {}
  template <class Visit>
  void each(Visit visit) const {
    for (const char* const* at = pairs_; *at != nullptr; at += 2) visit(std::string_view(at[0]), std::string_view(at[1]));
  }
  std::size_t count() const {
    std::size_t count = 0;
    for (const char* const* at = pairs_; *at != nullptr; at += 2) ++count;
    return count;
  }

 private:
  const char* const* pairs_;
};

/// Hears a document. Names are given without their prefix ("gpx:trkpt" is "trkpt").
class XmlListener {
 public:
  XmlListener() = default;
  XmlListener(const XmlListener&) = delete;
  XmlListener& operator=(const XmlListener&) = delete;
  virtual ~XmlListener() = default;
  /// `from` and `to` are the first byte of the tag in the text and the byte after it.
  virtual void opened(std::string_view name, const XmlAttributes& attributes, std::size_t from, std::size_t to) = 0;
  /// `to` is the byte after the end tag, or after the tag itself where it is empty ("<a/>").
  virtual void closed(std::string_view name, std::size_t to) = 0;
  /// Character data, in pieces. Asked for at XmlParser::parse.
  virtual void text(std::string_view piece) { (void)piece; }
};

/// One parser for many documents, one after the other. Not for two threads at once.
///
/// The encoding is UTF-8 whatever the declaration says: devices send "utf-16" in front of single bytes. Refused with
/// xml_malformed, where: "line 2, column 7": what pugixml cannot read or is not UTF-8, any document type, any entity but the five
/// of XML (also in comments and CDATA), control characters, an attribute twice, more than 256 of them, more than one element,
/// and more than kMostXmlDepth elements inside one another. Some laxity of pugixml stays, such as a stray "--" in a comment.
/// What a listener hears before a refusal is void. Memory: about six times the size of the text.
class XmlParser {
 public:
  XmlParser();
  ~XmlParser();
  XmlParser(XmlParser&&) noexcept;
  XmlParser& operator=(XmlParser&&) noexcept;

  base::Result<void> parse(std::string_view text, XmlListener& listener, bool wants_text);

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

inline constexpr int kMostXmlDepth = 64;

/// The text as character data or as the value of an attribute in double or single quotes. Control characters other than tab
/// and line ends, which XML cannot hold, become U+FFFD.
void append_escaped(std::string& into, std::string_view text);

}  // namespace wideberth::feeds

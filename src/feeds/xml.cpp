#include "feeds/xml.h"

#include <pugixml.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace wideberth::feeds {
namespace {

constexpr std::size_t kMostAttributes = 256;
constexpr std::size_t npos = std::string_view::npos;

// What stands wrong, and at which byte.
struct Fault {
  const char* what;
  std::size_t at;
};

// Length of the reference that begins with the '&' at the front; 0 where it is none of XML's own.
std::size_t reference_length(std::string_view text) {
  constexpr std::string_view kNamed[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
  for (const std::string_view named : kNamed) {
    if (text.starts_with(named)) return named.size();
  }
  if (!text.starts_with("&#")) return 0;
  const bool hex = text.size() > 2 && text[2] == 'x';
  std::size_t i = hex ? 3 : 2;
  const std::size_t first = i;
  std::uint32_t code = 0;
  for (; i < text.size() && i - first < 7 && text[i] != ';'; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'          ? c - '0'
                      : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                    : -1;
    if (digit < 0) return 0;
    code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  if (i == first || i >= text.size() || text[i] != ';') return 0;
  const bool is_character = code == 9 || code == 10 || code == 13 || (code >= 32 && code < 0xD800) ||
                            (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code <= 0x10FFFF);
  return is_character ? i + 1 : 0;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; }

// Eight bytes at a time: where the first control character is, and whether any byte is beyond ASCII.
struct Scan {
  std::size_t control = npos;
  bool is_ascii = true;
};
Scan scan(std::string_view text) {
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101, kHigh = 0x80 * kEach, kSpace = 0x20 * kEach;
  std::uint64_t high = 0;
  Scan found;
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = kSpace;
    const std::size_t count = std::min<std::size_t>(8, text.size() - at);
    std::memcpy(&word, text.data() + at, count);
    high |= word & kHigh;
    if (((word - kSpace) & ~word & kHigh) == 0) continue;  // no byte below 0x20
    for (std::size_t i = at; i < at + count; ++i) {
      if (is_control(text[i])) found.control = std::min(found.control, i);
    }
  }
  found.is_ascii = high == 0;
  return found;
}

// What pugixml lets pass: bytes that are not UTF-8, control characters, references to anything but characters.
std::optional<Fault> byte_fault(std::string_view text) {
  const Scan found = scan(text);
  if (found.control != npos) return Fault{"a control character", found.control};
  if (!found.is_ascii && !base::is_utf8(text)) return Fault{"bytes that are not UTF-8", 0};
  for (auto at = text.find('&'); at != npos; at = text.find('&', at + 1)) {
    if (reference_length(text.substr(at)) == 0) return Fault{"an entity that is none of XML's five, or no reference", at};
  }
  return {};
}

// Where the tag that begins at `from` ends; npos where there is a '<' in it.
struct Tag {
  std::size_t end = npos;
  bool is_empty = false;
};
Tag tag_at(std::string_view text, std::size_t from) {
  std::size_t i = from + 1;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '>') return {i + 1, text[i - 1] == '/'};
    if (c == '<') return {};
    if (c == '"' || c == '\'') {
      const auto close = text.find(c, i + 1);
      if (close == npos || text.substr(i, close - i).find('<') != npos) return {};
      i = close;
    }
    ++i;
  }
  return {};
}

// The byte after the next end tag, no element standing between.
std::size_t end_tag_after(std::string_view text, std::size_t at) {
  for (at = text.find('<', at); at != npos; at = text.find('<', at)) {
    const std::string_view rest = text.substr(at);
    std::string_view until = ">";
    if (rest.starts_with("<!--"))
      until = "-->";
    else if (rest.starts_with("<![CDATA["))
      until = "]]>";
    else if (rest.starts_with("<?"))
      until = "?>";
    else if (!rest.starts_with("</"))
      return npos;
    const auto close = text.find(until, at + 2);
    if (close == npos) return npos;
    at = close + until.size();
    if (until.size() == 1) return at;
  }
  return npos;
}

std::string where_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  return "line " + std::to_string(line) + ", column " + std::to_string(at - (start == npos ? 0 : start + 1) + 1);
}

std::string_view local(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon == nullptr ? std::string_view(name) : std::string_view(colon + 1);
}

}  // namespace

struct XmlParser::Tree {
  pugi::xml_document document{};
  std::vector<char> bytes{};
  std::vector<const char*> pairs{};

  // Walks the tree beside the text, for the places of its tags.
  std::optional<Fault> walk(std::string_view text, XmlListener& listener);
  std::optional<Fault> open(pugi::xml_node node, std::string_view text, std::size_t from, const Tag& tag, XmlListener& listener);
};

std::optional<Fault> XmlParser::Tree::open(pugi::xml_node node, std::string_view text, std::size_t from, const Tag& tag,
                                           XmlListener& listener) {
  if (tag.end == npos || text[from] != '<') return Fault{"a tag with < in it", from};
  pairs.clear();
  for (const auto attribute : node.attributes()) {
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      if (std::strcmp(pairs[i], attribute.name()) == 0) return Fault{"an attribute a second time", from};
    }
    if (pairs.size() == 2 * kMostAttributes) return Fault{"more than 256 attributes", from};
    pairs.push_back(attribute.name());
    pairs.push_back(attribute.value());
  }
  pairs.push_back(nullptr);
  listener.opened(local(node.name()), XmlAttributes(pairs.data()), from, tag.end);
  return {};
}

std::optional<Fault> XmlParser::Tree::walk(std::string_view text, XmlListener& listener) {
  pugi::xml_node node;
  for (const auto top : document.children()) {
    if (top.type() == pugi::node_doctype) return Fault{"a document type", 0};
    if (top.type() == pugi::node_element && node)
      return Fault{"a second element beside the first", static_cast<std::size_t>(top.offset_debug())};
    if (top.type() == pugi::node_element) node = top;
  }
  std::size_t at = 0;
  for (int depth = 1; depth > 0;) {
    // Down: open this element, then its first child.
    if (node.type() == pugi::node_element) {
      if (depth > kMostXmlDepth) return Fault{"elements too deep inside one another", at};
      const auto from = static_cast<std::size_t>(node.offset_debug()) - 1;
      const Tag tag = tag_at(text, from);
      if (auto fault = open(node, text, from, tag, listener)) return fault;
      at = tag.end;
      if (const auto child = node.first_child()) {
        node = child;
        ++depth;
        continue;
      }
      if (!tag.is_empty) at = end_tag_after(text, at);
      if (at == npos) return Fault{"a tag without end", from};
      listener.closed(local(node.name()), at);
    } else {
      listener.text(node.value());
    }
    // Up and on: close all that ends here.
    while (depth > 1 && !node.next_sibling()) {
      node = node.parent();
      --depth;
      at = end_tag_after(text, at);
      if (at == npos) return Fault{"a tag without end", 0};
      listener.closed(local(node.name()), at);
    }
    if (depth == 1) break;
    node = node.next_sibling();
  }
  const auto rest = text.find_first_not_of(" \t\r\n", at);
  if (rest != npos && text[rest] != '<') return Fault{"text after the element", rest};
  return {};
}

XmlParser::XmlParser() : tree_{std::make_unique<Tree>()} {}
XmlParser::~XmlParser() = default;
XmlParser::XmlParser(XmlParser&&) noexcept = default;
XmlParser& XmlParser::operator=(XmlParser&&) noexcept = default;

base::Result<void> XmlParser::parse(std::string_view text, XmlListener& listener, bool wants_text) {
  const auto refuse = [text](const char* what, std::size_t at) {
    return base::refuse(base::Rule::xml_malformed, what, "one well-formed element in UTF-8 without a document type",
                        where_of(text, std::min(at, text.size())));
  };
  if (const auto fault = byte_fault(text)) return refuse(fault->what, fault->at);
  Tree& tree = *tree_;
  tree.bytes.assign(text.begin(), text.end());
  const unsigned flags = pugi::parse_escapes | pugi::parse_doctype | (wants_text ? pugi::parse_cdata : 0U);
  const auto read = tree.document.load_buffer_inplace(tree.bytes.data(), tree.bytes.size(), flags, pugi::encoding_utf8);
  if (!read) return refuse(read.description(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(read.offset, 0)));
  if (const auto fault = tree.walk(text, listener)) return refuse(fault->what, fault->at);
  return {};
}

void append_escaped(std::string& into, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': into += "&amp;"; break;
      case '<': into += "&lt;"; break;
      case '>': into += "&gt;"; break;
      case '"': into += "&quot;"; break;
      case '\'': into += "&apos;"; break;
      case '\t': into += "&#9;"; break;
      case '\n': into += "&#10;"; break;
      case '\r': into += "&#13;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          into += "\xEF\xBF\xBD";
        else
          into += c;
    }
  }
}

}  // namespace wideberth::feeds

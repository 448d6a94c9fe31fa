#include "feeds/xml.h"

#include <expat.h>

#include <new>

namespace wideberth::feeds {

struct XmlParser::Expat {
  XML_Parser parser = XML_ParserCreate("UTF-8");
  XmlListener* listener = nullptr;
  int depth = 0;
  const char* stopped = nullptr;  ///< why we stopped it ourselves

  Expat() {
    if (parser == nullptr) throw std::bad_alloc();
  }
  Expat(const Expat&) = delete;
  Expat& operator=(const Expat&) = delete;
  ~Expat() { XML_ParserFree(parser); }

  void stop(const char* why) {
    if (stopped == nullptr) stopped = why;
    XML_StopParser(parser, XML_FALSE);
  }
  std::size_t at() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser)); }
  std::size_t length() const { return static_cast<std::size_t>(XML_GetCurrentByteCount(parser)); }
};

namespace {

std::string_view local(const char* name) {
  const std::string_view whole(name);
  const auto colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

XmlParser::XmlParser() : expat_{std::make_unique<Expat>()} {}
XmlParser::~XmlParser() = default;
XmlParser::XmlParser(XmlParser&&) noexcept = default;
XmlParser& XmlParser::operator=(XmlParser&&) noexcept = default;

base::Result<void> XmlParser::parse(std::string_view text, XmlListener& listener, bool wants_text) {
  Expat& expat = *expat_;
  XML_ParserReset(expat.parser, "UTF-8");
  expat.listener = &listener;
  expat.depth = 0;
  expat.stopped = nullptr;
  XML_SetUserData(expat.parser, &expat);
  const auto open = [](void* data, const XML_Char* name, const XML_Char** pairs) {
    Expat& self = *static_cast<Expat*>(data);
    if (self.stopped != nullptr) return;
    if (++self.depth > kMostXmlDepth) return self.stop("elements too deep inside one another");
    const std::size_t from = self.at();
    self.listener->opened(local(name), XmlAttributes(pairs), from, from + self.length());
  };
  const auto close = [](void* data, const XML_Char* name) {
    Expat& self = *static_cast<Expat*>(data);
    if (self.stopped != nullptr) return;
    --self.depth;
    self.listener->closed(local(name), self.at() + self.length());
  };
  XML_SetElementHandler(expat.parser, open, close);
  XML_SetStartDoctypeDeclHandler(expat.parser, [](void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<Expat*>(data)->stop("a document type");
  });
  if (wants_text) {
    XML_SetCharacterDataHandler(expat.parser, [](void* data, const XML_Char* piece, int length) {
      Expat& self = *static_cast<Expat*>(data);
      if (self.stopped == nullptr) self.listener->text({piece, static_cast<std::size_t>(length)});
    });
  }
  if (text.size() > (std::size_t{1} << 30)) return base::refuse(base::Rule::xml_malformed, "more than 1 GiB", "less");
  if (XML_Parse(expat.parser, text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK) return {};
  const char* what = expat.stopped != nullptr ? expat.stopped : XML_ErrorString(XML_GetErrorCode(expat.parser));
  return base::refuse(base::Rule::xml_malformed, what, "one well-formed element in UTF-8 without a document type",
                      "line " + std::to_string(XML_GetCurrentLineNumber(expat.parser)) + ", column " +
                          std::to_string(XML_GetCurrentColumnNumber(expat.parser) + 1));
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

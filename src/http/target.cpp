#include "http/target.h"

#include "base/bytes.h"

namespace wideberth::http {

using base::excerpt;
using base::refuse;
using base::Rule;

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-decoding; false at a stray % or a character that a target may not hold.
bool decode(std::string_view text, bool plus_is_space, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= 0x20 || c >= 0x7F || c == '#') return false;
    if (c == '+' && plus_is_space) {
      out += ' ';
    } else if (c != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return false;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return true;
}

Result<std::string> parse_path(std::string_view text) {
  const auto bad = [&](const std::string& what) {
    return refuse(Rule::http_path_malformed, what + " in \"" + excerpt(text, 200) + "\"");
  };
  if (text.empty() || text[0] != '/') return bad("found no slash at the beginning");
  if (text == "/") return std::string("/");
  std::string path;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('/', at + 1), text.size());
    std::string segment;
    if (!decode(text.substr(at + 1, next - at - 1), false, segment)) return bad("found a character that is not percent-encoded");
    if (segment.empty() || segment == "." || segment == "..") return bad("found an empty, \".\" or \"..\" segment");
    if (segment.find_first_of("/\\") != std::string::npos) return bad("found a slash that is percent-encoded, or a backslash");
    if (!base::check_readable(segment)) return bad("found hidden characters, or no UTF-8");
    path += '/';
    path += segment;
    at = next;
  }
  return path;
}

Result<Fields> parse_query(std::string_view text) {
  Fields query;
  if (text.empty()) return query;
  const auto bad = [&](const std::string& what) { return refuse(Rule::http_query_malformed, what); };
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t next = std::min(text.find('&', at), text.size());
    const std::string_view pair = text.substr(at, next - at);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) return bad("found \"" + excerpt(pair) + "\"");
    std::string name, value;
    if (!decode(pair.substr(0, equals), true, name) || !decode(pair.substr(equals + 1), true, value))
      return bad("found a character that is not percent-encoded in \"" + excerpt(pair) + "\"");
    if (!base::check_readable(name) || !base::check_readable(value, true))
      return bad("found hidden characters, or no UTF-8, in \"" + excerpt(pair) + "\"");
    for (const auto& earlier : query)
      if (earlier.first == name) return bad("found \"" + excerpt(name) + "\" twice");
    if (query.size() == kMostQueryValues) return bad("found more than " + std::to_string(kMostQueryValues) + " values");
    query.emplace_back(std::move(name), std::move(value));
    at = next + 1;
  }
  return query;
}

void encode(std::string_view text, std::string_view also_plain, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                       c == '_' || c == '~' || also_plain.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  const std::size_t mark = target.find('?');
  Target read;
  WB_TRY(path, parse_path(target.substr(0, mark)));
  read.path = std::move(path);
  if (mark != std::string_view::npos) {
    WB_TRY(query, parse_query(target.substr(mark + 1)));
    read.query = std::move(query);
  }
  return read;
}

std::string encode_path(std::string_view path) {
  std::string out;
  encode(path, "/", out);
  return out;
}

std::string encode_query(const Fields& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    out += out.empty() ? '?' : '&';
    encode(name, "", out);
    out += '=';
    encode(value, "", out);
  }
  return out;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t next = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, next - at));
    at = next + 1;
  }
  return segments;
}

}  // namespace wideberth::http

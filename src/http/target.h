// Paths and queries, percent-decoded strictly (RFC 3986).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "http/message.h"

namespace wideberth::http {

inline constexpr std::size_t kMostQueryValues = 32;

struct Target {
  std::string path{};
  Fields query{};
};

/// The request target in origin form: "/v1/entries?from=7". The path decodes to readable UTF-8 and has no empty, "." or ".."
/// segment (the root "/" has no segment); %2F, %5C and %00 are refused, so that a decoded path splits at '/' in one way only.
/// In the query "+" is a space; every part is name=value, names not empty and each once, values readable (line ends allowed).
/// Refuses with http_path_malformed or http_query_malformed.
///
/// Law: parse_target(encode_path(p) + encode_query(q)) gives p and q back, for all that it accepts.
Result<Target> parse_target(std::string_view target);

/// A path percent-encoded: all but unreserved characters and '/'.
std::string encode_path(std::string_view path);
/// "?a=b&c=d", or nothing for an empty query.
std::string encode_query(const Fields& query);

/// The decoded path split at '/': "/" has none, "/a/b" two.
std::vector<std::string_view> segments_of(std::string_view path);

}  // namespace wideberth::http

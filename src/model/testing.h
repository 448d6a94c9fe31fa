// For the tests of this folder: files of tests/data, and documents with one thing changed.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/refusal.h"

namespace wideberth::model::testing {

inline std::string data_file(const std::string& name) {
  std::ifstream file(std::string(WIDEBERTH_SOURCE_DIR) + "/tests/data/" + name);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The text with the one occurrence of `from` replaced.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  WB_CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  return text;
}

/// "code at pointer", or "accepted".
template <class T>
std::string outcome(const base::Result<T>& result) {
  if (result) return "accepted";
  return std::string(base::code_of(result.error().rule)) + " at " + result.error().where;
}

}  // namespace wideberth::model::testing

// For the tests of this folder: the reader of every kind of entry, and the examples of docs/entries.md.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/model.h"
#include "model/testing.h"

namespace wideberth::model::testing {

inline std::string doc_page(const std::string& name) { return data_file("../../docs/" + name); }

/// Nothing where the text is read.
using DocumentReader = std::function<std::optional<base::Refusal>(std::string_view)>;

/// The first block of JSON after a heading.
inline std::string example_of(const std::string& page, const std::string& heading) {
  const auto at = page.find("\n" + heading + "\n");
  if (at == std::string::npos) return "no heading " + heading;
  const auto from = page.find('\n', page.find("\n```", at) + 1) + 1;
  return page.substr(from, page.find("\n```", from) - from);
}

/// One for each kind (docs_test.cpp has the table). A batch of positions is read from hexadecimal, without its padding.
std::map<EntryKind, DocumentReader> document_readers();

}  // namespace wideberth::model::testing

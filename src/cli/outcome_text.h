// How what was notified went, counted, in words.
#pragma once

#include <string>
#include <vector>

#include "base/refusal.h"
#include "json/value.h"

namespace wideberth::cli {

/// Of the document of GET /v1/outcomes, a line for each party that notified: "blue notified 12: by blue 9 facilitated, 1 delayed;
/// by red 10 facilitated; 2 without, 1 on which they differ". Refused with the json_ rules.
base::Result<std::vector<std::string>> lines_of_counts(const json::Value& document);

}  // namespace wideberth::cli

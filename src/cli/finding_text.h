// Rules that a notification touches and readings side by side, in words.
#pragma once

#include <string>

#include "base/refusal.h"
#include "json/reader.h"

namespace wideberth::cli {

/// One item of GET /v1/findings: a line, and a line for each reading.
base::Result<std::string> finding_lines(const json::Reader& finding);
/// The answer to GET /v1/findings.
base::Result<void> print_findings(const json::Value& document);
/// What was done about an agreement: withdrawals, special caution, consultations, reports.
base::Result<void> print_pact(const json::Reader& agreement);

}  // namespace wideberth::cli

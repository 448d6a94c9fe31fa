// What every command says of an act that was done on paper, by telephone or by radio, and is filed later.
#pragma once

#include <optional>
#include <vector>

#include "cli/desk_options.h"
#include "json/reader.h"

namespace wideberth::cli {

/// Adds --on-paper, --on-paper-at, --on-paper-by, --on-paper-post and --on-paper-reference.
void add_paper_options(Command& command, PaperOptions& into);

/// Adds the time and the part `paper` to the act, where the options say that it was done on paper. Refused with json_choice,
/// json_length, time_malformed, paper_act (some given and others not).
Result<void> put_on_paper(const PaperOptions& given, client::Act& act);

}  // namespace wideberth::cli

// What the server tells, as lines for a person. Each takes the document of its route.
#pragma once

#include <string>
#include <vector>

#include "base/refusal.h"
#include "client/desk.h"
#include "json/value.h"
#include "model/encounters.h"

namespace wideberth::cli {

base::Result<void> print_movements(const json::Value& document);
base::Result<void> print_movement(const json::Value& document);
base::Result<void> print_agreements(const json::Value& document);
base::Result<void> print_agreement(const json::Value& document);
base::Result<void> print_conflicts(const json::Value& document);
base::Result<void> print_deadlines(const json::Value& document);
base::Result<void> print_keys(const json::Value& document);
base::Result<void> print_encounters(const json::Value& document);
base::Result<void> print_conformance(const json::Value& document);
base::Result<void> print_units(const json::Value& document);
/// "2020-08-25T06:55:02Z b-1 and r-7 (red) within 500 m".
std::string encounter_head(const model::EncounterOpened& opened);
/// How it ended, and its candidates, a line each.
std::vector<std::string> encounter_lines(const model::EncounterClosed& closed);
void print_entry(const client::Read& entry);

}  // namespace wideberth::cli

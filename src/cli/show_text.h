// What the server tells, as lines for a person. Each takes the document of its route.
#pragma once

#include "base/refusal.h"
#include "client/desk.h"
#include "json/value.h"

namespace wideberth::cli {

base::Result<void> print_movements(const json::Value& document);
base::Result<void> print_movement(const json::Value& document);
base::Result<void> print_agreements(const json::Value& document);
base::Result<void> print_agreement(const json::Value& document);
base::Result<void> print_conflicts(const json::Value& document);
base::Result<void> print_deadlines(const json::Value& document);
base::Result<void> print_keys(const json::Value& document);
void print_entry(const client::Read& entry);

}  // namespace wideberth::cli

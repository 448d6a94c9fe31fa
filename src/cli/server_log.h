// What a server says of itself while it runs: one line an event, on the standard error, as JSON or as text.
//
// Fields are counts, names of ours (rules, operations, signals), the address and the log's name. What a party filed, a place, a
// key, a token or the address of who asks is never a field.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace wideberth::cli {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

enum class LogForm : bool { json, text };
/// Before the first line and before any thread.
void set_log_form(LogForm form);

/// {"at": "…", "level": "info", "event": "serving", "address": "…"}. From any thread.
/// As text: 2026-08-25T06:58:12.417Z info serving address=…
void log_info(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, LogFields fields = {});

}  // namespace wideberth::cli

// What a server says of itself while it runs: one line of JSON an event, on the standard error.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace wideberth::cli {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// {"at": "…", "level": "info", "event": "serving", "address": "…"}. From any thread.
void log_info(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, LogFields fields = {});

}  // namespace wideberth::cli

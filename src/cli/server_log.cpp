#include "cli/server_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "json/writer.h"

#ifndef SPDLOG_COMPILED_LIB
#error "spdlog is linked, not compiled here: it costs ten seconds"
#endif

namespace wideberth::cli {
namespace {

LogForm log_form = LogForm::json;

spdlog::logger& server_logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("server", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(
        log_form == LogForm::json ? R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
        spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

/// As JSON the members after the level, without the object's brackets; as text the same, `name=value` with a value of several
/// words in quotes.
std::string line_of(std::string_view event, LogFields fields) {
  if (log_form == LogForm::text) {
    std::string line(event);
    for (const auto& [name, value] : fields) {
      json::Writer quoted;
      const bool plain = value.find_first_of(" \"\n") == std::string::npos;
      line += " " + std::string(name) + "=" + (plain ? value : quoted.string(value).take());
    }
    return line;
  }
  json::Writer writer;
  writer.begin_object().key("event").string(event);
  for (const auto& [name, value] : fields) writer.key(name).string(value);
  const std::string object = writer.end_object().take();
  return object.substr(1, object.size() - 2);
}

}  // namespace

void set_log_form(LogForm form) { log_form = form; }

void log_info(std::string_view event, LogFields fields) {
  server_logger().log(spdlog::level::info, spdlog::string_view_t(line_of(event, fields)));
}
void log_error(std::string_view event, LogFields fields) {
  server_logger().log(spdlog::level::err, spdlog::string_view_t(line_of(event, fields)));
}

}  // namespace wideberth::cli

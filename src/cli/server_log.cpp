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

spdlog::logger& server_logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("server", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

/// The members after the level, without the object's brackets.
std::string members(std::string_view event, LogFields fields) {
  json::Writer writer;
  writer.begin_object().key("event").string(event);
  for (const auto& [name, value] : fields) writer.key(name).string(value);
  const std::string object = writer.end_object().take();
  return object.substr(1, object.size() - 2);
}

}  // namespace

void log_info(std::string_view event, LogFields fields) {
  server_logger().log(spdlog::level::info, spdlog::string_view_t(members(event, fields)));
}
void log_error(std::string_view event, LogFields fields) {
  server_logger().log(spdlog::level::err, spdlog::string_view_t(members(event, fields)));
}

}  // namespace wideberth::cli

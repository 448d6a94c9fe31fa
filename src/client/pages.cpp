#include "client/pages.h"

#include "json/writer.h"

namespace wideberth::client {
namespace {

constexpr std::size_t kMostPages = 10'000;

/// The first page, and behind the items of each of its lists those of the other pages.
Result<json::Value> joined(const json::Value& first, const std::vector<json::Value>& others) {
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, member] : first.object()) {
    writer.key(name);
    if (name == "next") {
      writer.null();
    } else if (member.kind() == json::Value::Kind::array) {
      writer.begin_array();
      for (const json::Value& item : member.array()) writer.value(item);
      for (const json::Value& page : others)
        if (const auto list = json::Reader(page).find(name); list && list->is_array())
          for (const json::Value& item : list->value().array()) writer.value(item);
      writer.end_array();
    } else {
      writer.value(member);
    }
  }
  return json::parse(writer.end_object().take(), {std::size_t{1} << 30, 32});
}

}  // namespace

Result<json::Value> get_all(Desk& desk, const std::string& path, const http::Fields& query) {
  WB_TRY(first, desk.get(path, query));
  std::vector<json::Value> others;
  auto next = json::Reader(first).find("next");
  while (next) {
    WB_TRY(after, next->text(256));
    if (others.size() == kMostPages)
      return base::refuse(base::Rule::server_unintelligible, "a list of more than " + std::to_string(kMostPages) + " pages");
    http::Fields asked = query;
    asked.emplace_back("after", after);
    WB_TRY(page, desk.get(path, asked));
    others.push_back(std::move(page));
    next = json::Reader(others.back()).find("next");
  }
  if (others.empty()) return std::move(first);
  return joined(first, others);
}

}  // namespace wideberth::client

#include "model/holds.h"

#include "model/read.h"

namespace wideberth::model {
namespace {

constexpr std::size_t kMostHoldBytes = std::size_t{1} << 16;

Result<Suspended> read_suspended(const json::Reader& at) {
  WB_TRY_VOID(at.only({"reason", "at"}));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  WB_TRY(where, read::text_if_any(at, "at", kMostLabel));
  return Suspended{std::move(reason), std::move(where)};
}

Result<Resumed> read_resumed(const json::Reader& at) {
  WB_TRY_VOID(at.only({"note"}));
  if (!at.is_object()) return at.refuse(base::Rule::json_kind, "no object", "an object");
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  return Resumed{std::move(note)};
}

Result<Queried> read_queried(const json::Reader& at) {
  WB_TRY_VOID(at.only({"person", "question"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(question, read::text(at, "question", kMostReason, true));
  return Queried{std::move(person), std::move(question)};
}

Result<QueryAnswered> read_query_answered(const json::Reader& at) {
  WB_TRY_VOID(at.only({"person", "answer"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(answer, read::text(at, "answer", kMostReason, true));
  return QueryAnswered{std::move(person), std::move(answer)};
}

std::string said(std::string_view first, const std::string& a, std::string_view second, const std::string& b) {
  json::Writer writer;
  writer.begin_object().key(first).string(a);
  read::write_text_if_any(writer, second, b);
  writer.end_object();
  return writer.take();
}

}  // namespace

Result<Suspended> parse_suspended(std::string_view json) { return read::whole<Suspended>(json, kMostHoldBytes, read_suspended); }
Result<Resumed> parse_resumed(std::string_view json) { return read::whole<Resumed>(json, kMostHoldBytes, read_resumed); }
Result<Queried> parse_queried(std::string_view json) { return read::whole<Queried>(json, kMostHoldBytes, read_queried); }
Result<QueryAnswered> parse_query_answered(std::string_view json) {
  return read::whole<QueryAnswered>(json, kMostHoldBytes, read_query_answered);
}

std::string to_json(const Suspended& act) { return said("reason", act.reason, "at", act.at); }
std::string to_json(const Queried& act) { return said("person", act.person, "question", act.question); }
std::string to_json(const QueryAnswered& act) { return said("person", act.person, "answer", act.answer); }

std::string to_json(const Resumed& act) {
  json::Writer writer;
  writer.begin_object();
  read::write_text_if_any(writer, "note", act.note);
  writer.end_object();
  return writer.take();
}

}  // namespace wideberth::model

#include "model/paper.h"

#include <algorithm>
#include <array>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 5> kPaperMeans = {"form", "telephone", "radio", "courier", "in person"};
constexpr std::size_t kMostPaperBytes = std::size_t{16} << 10;

Result<OnPaper> read_on_paper(const Reader& at) {
  WB_TRY_VOID(at.only({"how", "by", "post", "reference"}));
  OnPaper said;
  WB_TRY(how_at, at.member("how"));
  WB_TRY(how, read::word<PaperMeans>(how_at, kPaperMeans));
  said.how = how;
  WB_TRY(by, read::text(at, "by", kMostLabel));
  said.by = std::move(by);
  WB_TRY(post, read::text_if_any(at, "post", kMostLabel));
  said.post = std::move(post);
  WB_TRY(reference, read::text_if_any(at, "reference", kMostLabel));
  said.reference = std::move(reference);
  return said;
}

Result<PaperConfirmed> read_paper_confirmed(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "note"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  return PaperConfirmed{std::move(person), std::move(note)};
}

Result<PaperDisputed> read_paper_disputed(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "reason"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  return PaperDisputed{std::move(person), std::move(reason)};
}

}  // namespace

std::string_view name_of(PaperMeans means) noexcept { return kPaperMeans[static_cast<std::size_t>(means)]; }

std::optional<PaperMeans> paper_means_named(std::string_view name) noexcept {
  const auto at = std::find(kPaperMeans.begin(), kPaperMeans.end(), name);
  if (at == kPaperMeans.end()) return std::nullopt;
  return static_cast<PaperMeans>(at - kPaperMeans.begin());
}

bool may_be_on_paper(EntryKind kind) noexcept {
  switch (kind) {
    case EntryKind::notification_filed:
    case EntryKind::notification_amended:
    case EntryKind::notification_withdrawn:
    case EntryKind::notification_acknowledged:
    case EntryKind::notification_objected:
    case EntryKind::notification_answered:
    case EntryKind::notification_unit_informed:
    case EntryKind::notification_completed:
    case EntryKind::notification_outcome:
    case EntryKind::notification_suspended:
    case EntryKind::notification_resumed:
    case EntryKind::notification_queried:
    case EntryKind::notification_query_answered:
    case EntryKind::incident_reported:
    case EntryKind::message_sent:
    case EntryKind::message_seen:
    case EntryKind::message_answered:
    case EntryKind::hotline_checked_in:
    case EntryKind::sighting_reported:
    case EntryKind::sighting_answered: return true;
    default: return false;
  }
}

Result<OnPaper> parse_on_paper(std::string_view json) { return read::whole<OnPaper>(json, kMostPaperBytes, read_on_paper); }
Result<PaperConfirmed> parse_paper_confirmed(std::string_view json) {
  return read::whole<PaperConfirmed>(json, kMostPaperBytes, read_paper_confirmed);
}
Result<PaperDisputed> parse_paper_disputed(std::string_view json) {
  return read::whole<PaperDisputed>(json, kMostPaperBytes, read_paper_disputed);
}

std::string to_json(const OnPaper& said) {
  Writer writer;
  writer.begin_object().key("how").string(name_of(said.how)).key("by").string(said.by);
  read::write_text_if_any(writer, "post", said.post);
  read::write_text_if_any(writer, "reference", said.reference);
  return writer.end_object().take();
}
std::string to_json(const PaperConfirmed& said) {
  Writer writer;
  writer.begin_object().key("person").string(said.person);
  read::write_text_if_any(writer, "note", said.note);
  return writer.end_object().take();
}
std::string to_json(const PaperDisputed& said) {
  Writer writer;
  return writer.begin_object().key("person").string(said.person).key("reason").string(said.reason).end_object().take();
}

}  // namespace wideberth::model

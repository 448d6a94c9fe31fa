#include "api/submission.h"

#include "base/bytes.h"
#include "json/json.h"

namespace wideberth::api {

using base::refuse;
using base::Result;
using base::Rule;

namespace {

// A little more than is taken, so that what is too large is refused by the rule that says so (core/admit.h).
constexpr std::size_t kMostNoteText = std::size_t{1} << 20, kMostPartText = 2 * core::kMostPartBytes, kMostSalt = 64;
constexpr std::size_t kMostPartsRead = 64;
constexpr std::size_t kSignerWithin = 1'024;

}  // namespace

Result<core::Submission> parse_submission(std::string_view line) {
  WB_TRY(tree, json::parse(line, json::Limits{kMostLineBytes, 4}));
  const json::Reader reader(tree);
  WB_TRY_VOID(reader.only({"note", "parts"}));
  core::Submission submission;
  WB_TRY(note_at, reader.member("note"));
  WB_TRY(note, note_at.string(kMostNoteText));
  submission.note = std::string(note);
  WB_TRY(parts_at, reader.member("parts"));
  WB_TRY(parts, parts_at.elements(0, kMostPartsRead));
  for (const json::Reader& each : parts) {
    WB_TRY_VOID(each.only({"salt", "bytes"}));
    core::PartBody part;
    WB_TRY(salt_at, each.member("salt"));
    WB_TRY(salt, salt_at.base64(kMostSalt));
    WB_TRY(bytes_at, each.member("bytes"));
    WB_TRY(bytes, bytes_at.base64(kMostPartText));
    part.salt = std::move(salt);
    part.bytes = std::move(bytes);
    submission.parts.push_back(std::move(part));
  }
  return submission;
}

std::string to_line(const core::Submission& submission) {
  json::Writer w;
  w.begin_object().key("note").string(submission.note).key("parts").begin_array();
  for (const core::PartBody& part : submission.parts) {
    w.begin_object().key("salt").string(base::to_base64(part.salt));
    w.key("bytes").string(base::to_base64(part.bytes)).end_object();
  }
  w.end_array().end_object();
  return w.take();
}

Result<std::vector<std::string_view>> lines_of(std::string_view body, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    if (lines.size() == most) {
      return refuse(Rule::submission_lines, "more than " + std::to_string(most) + " lines", "at most " + std::to_string(most));
    }
    const auto end = body.find('\n');
    lines.push_back(body.substr(0, end));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  if (lines.empty()) return refuse(Rule::submission_empty, "an empty body", "JSON lines {\"note\", \"parts\"}");
  return lines;
}

std::string_view claimed_signer(std::string_view note) {
  constexpr std::string_view kLine = "\nsigner ";
  const std::string_view head = note.substr(0, kSignerWithin);
  const auto at = head.find(kLine);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + kLine.size());
  return rest.substr(0, rest.find_first_of(" \n"));
}

}  // namespace wideberth::api

// links: base json ledger core api
// Any body: its lines are read or refused, what is read writes back the same, and a note that is read goes through admit
// against a log that knows no key.
#include <cstddef>
#include <cstdint>

#include "api/submission.h"
#include "base/check.h"
#include "core/admit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static const core::State opened = [] {
    core::State state;
    state.opening.emplace();
    state.opening->origin = "dayrik.example/log";
    return state;
  }();
  WB_CHECK(api::claimed_signer(body).find_first_of(" \n") == std::string_view::npos);
  const auto lines = api::lines_of(body, 100);
  if (!lines) {
    WB_CHECK(lines.error().rule == (body.empty() ? base::Rule::submission_empty : base::Rule::submission_lines));
    return 0;
  }
  for (const std::string_view line : *lines) {
    WB_CHECK(line.find('\n') == std::string_view::npos);
    auto submission = api::parse_submission(line);
    if (!submission) {
      WB_CHECK(!submission.error().found.empty() || !submission.error().accepted.empty() || !submission.error().where.empty());
      continue;
    }
    const std::string written = api::to_line(*submission);
    const auto again = api::parse_submission(written);
    WB_CHECK(again && api::to_line(*again) == written);
    WB_CHECK(!core::admit(opened, *std::move(submission)));
  }
  return 0;
}

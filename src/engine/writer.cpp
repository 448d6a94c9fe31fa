#include "engine/writer.h"

#include <array>

#include "base/check.h"
#include "core/apply.h"
#include "core/deadlines.h"
#include "ledger/note.h"

namespace wideberth::engine {
namespace {

using base::EntryIndex;
using base::Instant;
using base::refuse;
using base::Rule;

constexpr std::string_view kJson = "application/json";

}  // namespace

Writer::Writer(core::State state, const ledger::SigningKey& key, base::Entropy& entropy)
    : state_(std::move(state)), key_(key), entropy_(entropy) {
  batch_.expected.size = batch_.next.size = state_.tree.size();
  batch_.expected.root = batch_.next.root = state_.tree.root();
}

base::Result<void> Writer::open(const model::Opening& opening, Instant now) {
  if (state_.opening) return refuse(Rule::log_open_already);
  if (opening.server != key_.verifier())
    return refuse(Rule::log_key_mismatch, "the opening names another key than the one at hand");
  core::Draft draft;
  draft.kind = model::EntryKind::log_opened;
  for (const model::OpeningParty& each : opening.parties) draft.to.push_back(each.party.party);
  core::Draft::Part part;
  part.name = std::string(model::kFullPart);
  part.json = model::to_json(opening);
  draft.parts.push_back(std::move(part));
  append(std::move(draft), now);
  return {};
}

void Writer::restart(Instant last_alive, Instant now) {
  if (auto outage = core::decide_restart(state_, last_alive, now)) append(std::move(*outage), received(now));
}

base::Result<void> Writer::recall(const Read& read, Instant now) {
  const EntryIndex end = state_.next();
  for (EntryIndex from = core::Watch::recalled_from(state_); from < end;) {
    WB_TRY(entries, read(from));
    if (entries.empty()) break;
    for (const core::Entry& each : entries)
      if (each.index < end) watch_.recall(state_, each);
    from = EntryIndex{entries.back().index.value + 1};
  }
  follow(watch_.recalled(state_, received(now)), received(now));
  return {};
}

void Writer::pass(Instant now) {
  if (auto stepped = core::decide_clock(state_, now)) append(std::move(*stepped), received(now));
  while (auto due = core::decide_due(state_, now)) append(std::move(*due), received(now));
  follow(watch_.pass(state_, received(now)), received(now));
}

Fate Writer::take(core::Admitted note, Instant now) {
  pass(now);
  if (const auto before = state_.texts.find(note.text_hash); before != state_.texts.end()) {
    const core::TextFate& fate = before->second;
    if (!fate.refused) return fate.entry;
    return tl::make_unexpected(base::Refusal{fate.rule, fate.found, "a corrected note with the next number",
                                             "entry " + std::to_string(fate.entry.value)});
  }
  const Instant at = received(now);
  core::Decision decision = core::decide(state_, note, at);
  const EntryIndex index = state_.next();
  const std::size_t place = batch_.entries.size();
  if (!decision.refusal) {
    core::Entry entry;
    entry.index = index;
    entry.received = at;
    entry.leaf = ledger::make_leaf(at, note.note);
    entry.text = std::move(note.text);
    entry.text_hash = note.text_hash;
    entry.kind = note.kind;
    entry.parts = std::move(note.parts);
    entry.positions = std::move(note.positions);
    append(std::move(entry));
  }
  for (core::Draft& finding : decision.findings) append(std::move(finding), at);
  if (!decision.refusal) follow(watch_.take(state_, batch_.entries[place]), at);
  if (decision.refusal) return tl::make_unexpected(std::move(*decision.refusal));
  return index;
}

void Writer::follow(std::vector<core::Draft> drafts, Instant at) {
  for (core::Draft& each : drafts) append(std::move(each), at);
}

void Writer::append(core::Draft draft, Instant at) {
  const core::KeyState* chain = state_.key(key_.name());
  core::Entry entry;
  entry.index = state_.next();
  entry.received = at;
  entry.kind = draft.kind;
  entry.text.origin = key_.name();
  entry.text.kind = std::string(model::name_of(draft.kind));
  entry.text.signer = key_.name();
  entry.text.number = chain == nullptr ? 1 : chain->next_number;
  if (chain != nullptr) entry.text.previous = chain->last_text;
  entry.text.at = at;
  entry.text.to = std::move(draft.to);
  entry.text.refs = std::move(draft.refs);
  for (core::Draft::Part& part : draft.parts) {
    core::PartBody body;
    body.name = std::move(part.name);
    body.bytes = ledger::pad_to_class(std::move(part.json));
    body.salt.resize(32);
    std::array<unsigned char, 32> salt{};
    entropy_.fill(salt);
    for (std::size_t i = 0; i < salt.size(); ++i) body.salt[i] = static_cast<char>(salt[i]);
    ledger::PartLine line;
    line.name = body.name;
    line.media_type = std::string(kJson);
    line.size = body.bytes.size();
    line.commitment = ledger::commitment_of(body.salt, body.bytes);
    entry.text.parts.push_back(std::move(line));
    entry.parts.push_back(std::move(body));
  }
  const std::string text = ledger::to_text(entry.text);
  entry.text_hash = ledger::text_hash(text);
  entry.leaf = ledger::make_leaf(at, ledger::sign_note(text, key_));
  append(std::move(entry));
}

void Writer::append(core::Entry entry) {
  const auto applied = core::apply(state_, entry);
  WB_CHECK(applied.has_value());  // what decide let through, apply takes
  batch_.entries.push_back(std::move(entry));
}

Batch Writer::drain() {
  Batch full = std::move(batch_);
  full.next.size = state_.tree.size();
  full.next.root = state_.tree.root();
  batch_ = Batch{};
  batch_.expected = batch_.next = full.next;
  return full;
}

}  // namespace wideberth::engine

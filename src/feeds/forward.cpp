#include "feeds/forward.h"

#include <algorithm>
#include <utility>

#include "client/acts.h"
#include "client/sign.h"

namespace wideberth::feeds {
namespace {

bool passing(const Refusal& refusal) {
  const base::Kind kind = base::kind_of(refusal.rule);
  return kind == base::Kind::unavailable || kind == base::Kind::too_many;
}

}  // namespace

Forwarder::Forwarder(ForwardConfig config, MakeKey key, ledger::Policy policy, base::Clock& clock, base::Entropy& entropy,
                     Spool& spool)
    : config_{std::move(config)},
      make_key_{std::move(key)},
      policy_{std::move(policy)},
      clock_{clock},
      entropy_{entropy},
      spool_{spool} {
  config_.desk.tries = 1;  // waiting is this class's affair
}

void Forwarder::lost(Refusal why) {
  wait_ = trouble_ ? std::min(Millis::from_ms(wait_.ms() * 2), config_.longest_wait) : config_.first_wait;
  trouble_ = std::move(why);
  desk_.reset();
}

// False where there is no server now.
Result<bool> Forwarder::have_desk() {
  if (!desk_) {
    WB_TRY(key, make_key_());
    auto desk = client::Desk::open(config_.desk, std::move(key), policy_, {clock_, entropy_, nullptr});
    if (!desk) {
      if (!passing(desk.error())) return tl::unexpected<Refusal>(std::move(desk).error());
      lost(std::move(desk).error());
      return false;
    }
    desk_.emplace(std::move(*desk));
  }
  if (spool_.chain()) return true;
  auto chain = desk_->read_chain();
  if (!chain) {
    if (!passing(chain.error())) return tl::unexpected<Refusal>(std::move(chain).error());
    lost(std::move(chain).error());
    return false;
  }
  WB_TRY_VOID(spool_.keep_chain(*chain, desk_->seen()));
  return true;
}

Result<client::Chain> Forwarder::sign_segment(const Spool::Segment& segment, const client::Chain& chain,
                                              const ledger::SigningKey& key) {
  WB_TRY(act, client::report(segment.fixes, config_.agreement));
  WB_TRY(made, client::sign_act(act, {key, policy_.logs.front().key.name, chain, spool_.seen(), clock_.now()}, entropy_));
  WB_TRY_VOID(spool_.keep_line(segment, made.line, made.next));
  return made.next;
}

Result<void> Forwarder::sign() {
  auto chain = spool_.chain();
  if (!chain && spool_.segments_waiting() > 0) {
    WB_TRY(there, have_desk());
    if (!there) return {};
    chain = spool_.chain();
  }
  while (chain) {
    WB_TRY(segment, spool_.next_segment());
    if (!segment) return {};
    if (!key_) {
      WB_TRY(key, make_key_());
      key_.emplace(std::move(key));
    }
    WB_TRY(next, sign_segment(*segment, *chain, *key_));
    chain = next;
  }
  return {};
}

// The first line that waits is refused for its number, so it stands nowhere, nor does any after it.
Result<void> Forwarder::sign_anew() {
  WB_TRY(chain, desk_->read_chain());
  WB_TRY(lines, spool_.lines());
  if (!key_) {
    WB_TRY(key, make_key_());
    key_.emplace(std::move(key));
  }
  client::Chain at = chain;
  for (Spool::Line& line : lines) {
    WB_TRY(read, client::read_line(line.text));
    WB_TRY(made, client::sign_act(read.act, {*key_, policy_.logs.front().key.name, at, desk_->seen(), clock_.now()}, entropy_));
    line.text = made.line;
    WB_TRY_VOID(spool_.replace_line(line));
    at = made.next;
  }
  return spool_.keep_chain(at, desk_->seen());
}

Result<std::optional<client::Filed>> Forwarder::send() {
  std::optional<client::Filed> none;
  WB_TRY(line, spool_.next_line());
  if (!line) return none;
  WB_TRY(there, have_desk());
  if (!there) return none;
  auto filed = desk_->file_line(line->text);
  if (!filed && (filed.error().rule == Rule::chain_number_used || filed.error().rule == Rule::chain_gap)) {
    auto anew = sign_anew();
    if (!anew && passing(anew.error())) {
      lost(std::move(anew).error());
      return none;
    }
    if (!anew) return tl::unexpected<Refusal>(std::move(anew).error());
    return none;
  }
  if (!filed) {
    if (!passing(filed.error())) return tl::unexpected<Refusal>(std::move(filed).error());
    lost(std::move(filed).error());
    return none;
  }
  trouble_.reset();
  wait_ = Millis{};
  WB_TRY_VOID(spool_.drop_line(line->number));
  if (const auto chain = spool_.chain()) WB_TRY_VOID(spool_.keep_chain(*chain, desk_->seen()));
  return std::optional(std::move(*filed));
}

}  // namespace wideberth::feeds

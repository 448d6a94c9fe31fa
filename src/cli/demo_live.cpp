#include "cli/demo_live.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "client/events.h"
#include "feeds/csv.h"
#include "feeds/forward.h"
#include "feeds/spool.h"
#include "model/alerts.h"
#include "model/units.h"

namespace wideberth::cli {
namespace {

using base::Instant;
using base::Millis;
using base::Result;
using base::Rule;

constexpr std::size_t kMostTracks = std::size_t{16} << 20;
constexpr Millis kBatch = Millis::from_seconds(5);
/// After the last fix: what was open has ended, an encounter by silence.
constexpr Millis kAfter = Millis::from_seconds(270);

std::string live_clock(Instant at) { return base::to_text(at).substr(11, 8) + "Z"; }

/// The feed of one side: a queue on its disk, signed and sent as `wideberth feed` does it.
class Column {
 public:
  static Result<std::unique_ptr<Column>> open(House& house, const std::string& party, base::EntryIndex agreement) {
    std::unique_ptr<Column> column(new Column);
    WB_TRY(spool, feeds::Spool::open((house.folder() / ("queue-" + party)).string(), "the demonstration's tracks of " + party));
    column->spool_ = std::move(spool);
    feeds::ForwardConfig config;
    config.desk.client.server = house.url();
    config.agreement = agreement;
    column->forwarder_ = std::make_unique<feeds::Forwarder>(
        std::move(config), [&house, party] { return ledger::SigningKey::parse(house.feed_key(party)); }, house.policy(),
        house.clock(), house.entropy(), *column->spool_);
    return column;
  }
  Result<void> report(const std::vector<model::Position>& fixes) {
    if (fixes.empty()) return {};
    WB_TRY_VOID(spool_->add(fixes));
    WB_TRY_VOID(spool_->cut());
    while (spool_->segments_waiting() + spool_->lines_waiting() > 0) {
      WB_TRY_VOID(forwarder_->sign());
      WB_TRY(filed, forwarder_->send());
      if (!filed && forwarder_->trouble()) return tl::make_unexpected(*forwarder_->trouble());
    }
    return {};
  }

 private:
  Column() = default;
  std::unique_ptr<feeds::Spool> spool_{};
  std::unique_ptr<feeds::Forwarder> forwarder_{};
};

/// What one side hears over its event stream.
class Listener {
 public:
  Listener(House& house, const ScenarioParty& party, client::EventStream stream)
      : house_(house), party_(party), stream_(std::move(stream)) {}

  Result<void> hear(Millis wait, const Print& print) {
    for (;;) {
      WB_TRY(event, stream_.next(wait));
      if (!event) return {};
      if (event->name != model::name_of(model::EntryKind::alert_raised)) continue;
      WB_TRY(index, base::parse_decimal(event->id, std::uint64_t{1} << 53));
      client::Desk& desk = house_.desk(party_.desk);
      WB_TRY(entry, desk.entry(base::EntryIndex{index}));
      const std::string* part = entry.part(model::kFullPart);
      if (part == nullptr || entry.text.to != std::vector<std::string>{party_.party.party}) continue;
      WB_TRY(alert, model::parse_alert_raised(*part));
      tell(alert, index, print);
    }
  }
  std::size_t warnings() const { return warnings_; }
  std::size_t cautions() const { return cautions_; }

 private:
  void tell(const model::AlertRaised& alert, std::uint64_t index, const Print& print) {
    if (alert.grade != model::AlertGrade::warning) {
      ++cautions_;
      return;
    }
    ++warnings_;
    const std::string other =
        alert.other_unit.empty() ? "a vehicle of " + alert.other_party + "'s" : alert.other_party + "'s " + alert.other_unit;
    print(fmt::format("{}  live [{:>3}] to {:<5} warning {}: {} is {} off; as both go, {} in {} s", live_clock(alert.at), index,
                      party_.party.party, alert.unit, other, metres_text(alert.now.metres()), metres_text(alert.least.metres()),
                      alert.in.ms() / 1000));
  }

  House& house_;
  const ScenarioParty& party_;
  client::EventStream stream_;
  std::size_t warnings_ = 0, cautions_ = 0;
};

class Drive {
 public:
  Drive(const Scenario& scenario, House& house, bool json, const Print& print)
      : scenario_(scenario), house_(house), json_(json), print_(print) {}

  Result<void> read(const Step& step) {
    WB_TRY(text, read_file((scenario_.folder / step.file).string(), kMostTracks));
    WB_TRY(readings, feeds::read_csv(text));
    if (!readings.refused.empty()) return tl::make_unexpected(readings.refused.front());
    for (feeds::Reading& each : readings.fixes)
      if (std::any_of(scenario_.parties.begin(), scenario_.parties.end(), [&](const ScenarioParty& party) {
            return party.party.party == each.party && house_.has_desk(party.desk) && (step.who.empty() || step.who == party.desk);
          }))
        fixes_[each.party].push_back(std::move(each));
    for (auto& [party, fixes] : fixes_)
      std::sort(fixes.begin(), fixes.end(), [](const feeds::Reading& a, const feeds::Reading& b) {
        return std::tie(a.position.time, a.position.unit) < std::tie(b.position.time, b.position.unit);
      });
    return {};
  }

  Result<void> run(const std::string& agreement) {
    WB_TRY(named, base::index_of(agreement));
    Instant next = Instant::from_ms(INT64_MAX), last = house_.now();
    for (const ScenarioParty& each : scenario_.parties) {
      const auto fixes = fixes_.find(each.party.party);
      if (each.party.role == model::Role::party && house_.has_desk(each.desk))
        listeners_.emplace_back(house_, each, house_.follow(each.desk));
      if (fixes == fixes_.end() || fixes->second.empty()) continue;
      WB_TRY_VOID(describe(each, fixes->second, named.index));
      WB_TRY(column, Column::open(house_, each.party.party, named.index));
      columns_.emplace(each.party.party, std::move(column));
      next = std::min(next, fixes->second.front().position.time);
      last = std::max(last, fixes->second.back().position.time);
    }
    for (Listener& each : listeners_) WB_TRY_VOID(each.hear(Millis::from_ms(100), print_));  // the streams stand before it begins
    for (; next <= last; next = next + kBatch) {
      house_.pass(next + kBatch);
      for (auto& [party, column] : columns_) WB_TRY_VOID(column->report(until(party, next + kBatch)));
      WB_TRY_VOID(listen(Millis::from_ms(1)));
    }
    house_.pass(last + kAfter);
    return listen(Millis::from_ms(200));
  }

  void end() const {
    if (json_) return;
    std::size_t cautions = 0, warnings = 0;
    for (const Listener& each : listeners_) cautions += each.cautions(), warnings += each.warnings();
    print_(fmt::format("          live  {} batches through the server; {} warnings and {} cautions heard over the event stream",
                       batches_, warnings, cautions));
  }

 private:
  Result<void> describe(const ScenarioParty& party, const std::vector<feeds::Reading>& fixes, base::EntryIndex agreement) {
    model::UnitDescribed said;
    std::set<std::string> named;
    for (const feeds::Reading& each : fixes) {
      if (!named.insert(each.position.unit).second) continue;
      model::UnitText unit;
      unit.unit = each.position.unit;
      unit.platform_class = each.position.unit.starts_with("H-") ? "helicopter" : "vehicle";
      unit.length = each.length;
      unit.width = each.width;
      said.units.push_back(std::move(unit));
    }
    client::Act act;
    act.kind = model::EntryKind::unit_described;
    act.refs = {agreement};
    act.parts.push_back(client::ActPart{std::string(model::kFullPart), model::to_json(said)});
    WB_TRY_VOID(house_.desk(party.desk).file(act));
    return {};
  }
  std::vector<model::Position> until(const std::string& party, Instant end) {
    const std::vector<feeds::Reading>& all = fixes_.at(party);
    std::size_t& at = at_[party];
    std::vector<model::Position> batch;
    for (; at < all.size() && all[at].position.time < end; ++at) batch.push_back(all[at].position);
    if (!batch.empty()) ++batches_;
    return batch;
  }
  Result<void> listen(Millis wait) {
    const Print nothing = [](const std::string&) {};
    for (Listener& each : listeners_) WB_TRY_VOID(each.hear(wait, json_ ? nothing : print_));
    return {};
  }

  const Scenario& scenario_;
  House& house_;
  bool json_;
  const Print& print_;
  std::map<std::string, std::vector<feeds::Reading>> fixes_{};
  std::map<std::string, std::size_t> at_{};
  std::map<std::string, std::unique_ptr<Column>> columns_{};
  std::vector<Listener> listeners_{};
  std::size_t batches_ = 0;
};

}  // namespace

Result<void> drive(const Scenario& scenario, const Step& step, const std::string& agreement, House& house, bool json,
                   const Print& print) {
  Drive columns(scenario, house, json, print);
  WB_TRY_VOID(columns.read(step));
  WB_TRY_VOID(columns.run(agreement));
  columns.end();
  return {};
}

}  // namespace wideberth::cli

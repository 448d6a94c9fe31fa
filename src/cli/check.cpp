// wideberth check: what-if without a server. Every conflict among the movements of GeoJSON files.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <queue>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "conflict/conflict.h"
#include "geo/delay.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/conflict.h"
#include "model/notification.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;

struct CheckOptions {
  std::vector<std::string> files;
  std::string separation;
  bool json = false;
};

struct Planned {
  std::string id, party;
  std::shared_ptr<const geo::Plan> plan;
};

struct Found {
  std::size_t a, b;  ///< places in the order of the files, a < b
  geo::Meeting meeting;
};

Result<void> read_planned(const std::string& file, std::vector<Planned>& into, std::map<std::string, std::string>& seen) {
  const auto in_file = [&](Refusal refusal, const std::string& at) {
    refusal.where = file + at + (refusal.where.empty() ? "" : ": " + refusal.where);
    return tl::make_unexpected(std::move(refusal));
  };
  WB_TRY(text, read_file(file, model::kMostCollectionBytes));
  auto features = model::parse_features(text);
  if (!features) return in_file(std::move(features.error()), "");
  for (std::size_t i = 0; i < features->size(); ++i) {
    const model::Notification& each = (*features)[i];
    const std::string at = ", feature " + std::to_string(i);
    Planned planned;
    planned.id = each.feature_id ? *each.feature_id : file + ":" + std::to_string(i);
    planned.party = each.party;
    const auto [before, fresh] = seen.emplace(planned.id, file + at);
    if (!fresh)
      return in_file(Refusal{Rule::name_twice,
                             "the id \"" + base::excerpt(planned.id) + "\" stands in " + before->second + " already",
                             "an id of its own for each feature",
                             {}},
                     at);
    auto plan = model::compile(each);
    if (!plan) return in_file(std::move(plan.error()), at);
    planned.plan = std::make_shared<const geo::Plan>(std::move(*plan));
    into.push_back(std::move(planned));
  }
  return {};
}

/// Sweeps through time: only what has not ended when a plan begins is asked about it.
std::vector<Found> find_all(const std::vector<Planned>& plans, base::Metres separation) {
  std::vector<std::size_t> order(plans.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto from = [&](std::size_t i) { return std::pair(plans[i].plan->span().from, i); };
    return from(a) < from(b);
  });
  using End = std::pair<base::Instant, std::size_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends;
  conflict::Index standing;
  std::vector<Found> found;
  Progress progress("Comparing movements");
  for (std::size_t done = 0; done < order.size(); ++done) {
    const std::size_t i = order[done];
    const Planned& own = plans[i];
    for (; !ends.empty() && ends.top().first < own.plan->span().from; ends.pop()) standing.erase(EntryIndex{ends.top().second});
    for (conflict::Hit& hit : standing.search(*own.plan, own.party, [&](EntryIndex) { return separation; }, separation)) {
      const std::size_t other = static_cast<std::size_t>(hit.key.value);
      if (i < other) {
        found.push_back({i, other, std::move(hit.meeting)});
      } else if (auto turned = geo::meet(*plans[other].plan, *own.plan, separation)) {
        found.push_back({other, i, std::move(*turned)});
      }
    }
    standing.insert(EntryIndex{i}, own.party, own.plan);
    ends.emplace(own.plan->span().to, i);
    progress.show(done + 1, order.size());
  }
  std::sort(found.begin(), found.end(), [](const Found& x, const Found& y) { return std::pair(x.a, x.b) < std::pair(y.a, y.b); });
  return found;
}

/// For each movement that conflicts, in the order of the files, what clears all of its conflicts at once.
std::vector<model::ClearAll> clear_each(const std::vector<Planned>& plans, const std::vector<Found>& found) {
  std::map<std::size_t, std::vector<std::pair<const geo::Plan*, geo::Meeting>>> met;
  for (const Found& each : found) {
    met[each.a].emplace_back(plans[each.b].plan.get(), each.meeting);
    geo::Meeting turned = each.meeting;
    turned.delay_set = geo::mirrored(turned.delay_set);
    met[each.b].emplace_back(plans[each.a].plan.get(), std::move(turned));
  }
  std::vector<model::ClearAll> all;
  for (const auto& [i, meetings] : met) {
    const auto shifts = conflict::clearance(*plans[i].plan, meetings);
    all.push_back({.movement = plans[i].id, .conflicts = meetings.size(), .later = shifts->later, .earlier = shifts->earlier});
  }
  return all;
}

void print(const std::vector<Planned>& plans, const std::vector<Found>& found, const std::string& separation) {
  for (const auto& [a, b, meeting] : found) {
    say(plans[a].id + " (" + plans[a].party + ") and " + plans[b].id + " (" + plans[b].party +
        "): " + std::string(geo::name_of(meeting.kind)));
    std::string least = "  least distance   ";
    if (meeting.least_m) least += metres_text(*meeting.least_m) + " on schedule, ";
    say(least + metres_text(meeting.least_possible_m) + " within their windows; " + separation +
        " m are owed, and the half-widths");
    say("  when             " + to_short_text(meeting.window.from) + " to " + to_short_text(meeting.window.to));
    say("  where            " + geo::to_dd(meeting.place) + "  " + geo::to_dms(meeting.place) + "  " +
        geo::to_mgrs(meeting.place, 4));
    say("  what would do    " + model::advice_of(plans[a].id, plans[b].id, meeting));
  }
  for (const model::ClearAll& each : clear_each(plans, found))
    if (each.conflicts > 1) say(each.movement + ": " + model::advice_of(each));
  say(found.empty() ? "No conflict among " + counted(plans.size(), "movement", "movements") + " at " + separation + " m."
                    : counted(found.size(), "conflict", "conflicts") + " among " +
                          counted(plans.size(), "movement", "movements") + " at " + separation + " m.");
}

Refusal at_option(Refusal refusal, std::string option) {
  refusal.where = std::move(option);
  return refusal;
}

int check(const CheckOptions& given) {
  const auto separation = parse_metres(given.separation, base::Metres::from_metres(geo::kMaxWidthMetres));
  if (!separation) return wrong_usage(at_option(separation.error(), "--separation"), given.json);
  std::vector<Planned> plans;
  std::map<std::string, std::string> seen;
  for (const std::string& file : given.files)
    if (const auto read = read_planned(file, plans, seen); !read) return fail(read.error(), given.json);
  const std::vector<Found> found = find_all(plans, *separation);
  if (!given.json) {
    print(plans, found, given.separation);
    return kDone;
  }
  json::Writer writer;
  writer.begin_object().key("conflicts").begin_array();
  for (const auto& [a, b, meeting] : found) model::write_conflict(writer, plans[a].id, plans[b].id, meeting);
  writer.end_array().key("clear_all").begin_array();
  for (const model::ClearAll& each : clear_each(plans, found)) model::write_clear_all(writer, each);
  say(writer.end_array().end_object().take());
  return kDone;
}

}  // namespace

void add_check(Command& program) {
  const auto given = std::make_shared<CheckOptions>();
  Command command = program.add("check", "What if: every conflict among the movements of GeoJSON files; no server");
  command
      .options({.name = "FILE", .help = "GeoJSON Features or FeatureCollections (docs/movement-format.md)", .required = true},
               given->files)
      .option({.name = "--separation",
               .value = "METRES",
               .help = "the distance that movements of different parties owe each other: 0 to 1000000, such as 500 or 12.5",
               .required = true},
              given->separation)
      .flag({.name = "--json", .help = "print JSON: {\"conflicts\": […], \"clear_all\": […]}"}, given->json)
      .foot(
          "Example: wideberth check blue.geojson red.geojson --separation 500\n"
          "Movements of one party owe each other nothing. Exit code 0 where it ran, with conflicts or without.\n")
      .action([given] { return check(*given); });
}

}  // namespace wideberth::cli

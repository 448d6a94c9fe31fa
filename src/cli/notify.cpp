// wideberth notify: files movements, activities and sites.
#include "cli/notify.h"

#include <memory>

#include "base/id.h"
#include "cli/cli.h"
#include "cli/features.h"
#include "geo/text.h"
#include "model/conflict.h"

namespace wideberth::cli {
namespace {

struct NotifyOptions {
  DeskOptions desk;
  std::string file, agreement;
};

base::IdKind kind_of_subject(model::Subject subject) {
  return subject == model::Subject::movement   ? base::IdKind::movement
         : subject == model::Subject::activity ? base::IdKind::activity
                                               : base::IdKind::site;
}

std::string finding_text(const model::ConflictFound& found, const std::string& id) {
  // The finding names the party of b alone; where b is ours, a is the other's.
  std::string text = found.a != id ? found.a : (found.b.empty() ? "a movement" : found.b) + " of " + found.other_party;
  text += ", clause " + found.clause + ": ";
  if (const auto* exact = std::get_if<model::ExactConflict>(&found.what)) {
    const geo::Meeting& meeting = exact->meeting;
    text += std::string(geo::name_of(meeting.kind)) + ", between " + to_short_text(meeting.window.from) + " and " +
            to_short_text(meeting.window.to) + ", near " + geo::to_mgrs(meeting.place, 3) + "; " +
            model::advice_of(found.a, found.b, meeting);
  } else {
    const auto& coarse = std::get<model::CoarseConflict>(found.what);
    text += "between " + to_short_text(coarse.slot.from) + " and " + to_short_text(coarse.slot.to) + ", in the cell from " +
            geo::to_dd(coarse.cell_south_west);
  }
  return text;
}

int notify(const NotifyOptions& given) {
  const auto id = read_id(given.agreement, "AG");
  if (!id) return fail(id.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  client::Desk& desk = (*sitting)->desk();
  // All of the file is read before any of it is filed.
  auto features = read_features(given.file, desk.party(), *id);
  if (!features) return fail(features.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(*id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  Progress progress("Filing");
  std::size_t done = 0;
  for (model::Notification& each : *features) {
    const model::Subject subject = each.subject;
    const auto act = client::notify(desk, *agreement, std::move(each));
    const auto filed = act ? (*sitting)->file(*act) : tl::make_unexpected(act.error());
    if (!filed) {
      if (done > 0)
        warn("The first " + std::to_string(done) + " of the file stand; the next one was refused, and none after it was sent.");
      return fail(filed.error(), given.desk.json);
    }
    const std::string filed_id = base::id_of(kind_of_subject(subject), filed->index);
    tell_filed(**sitting, *filed, filed_id + " is filed under " + agreement->id + ".", {{"id", filed_id}});
    if (const auto told = tell_conflicts(**sitting, filed_id); !told) warn(explain(told.error()));
    progress.show(++done, features->size());
  }
  return kDone;
}

}  // namespace

Result<void> tell_conflicts(Sitting& sitting, const std::string& id) {
  if (sitting.options().json) return {};
  WB_TRY(tree, sitting.desk().get("/v1/conflicts"));
  WB_TRY(list_at, json::Reader(tree).member("conflicts"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  for (const json::Reader& each : list) {
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    WB_TRY(found_at, each.member("found"));
    WB_TRY(found, model::parse_conflict_found(json::to_json(found_at.value())));
    if (current && (found.a == id || found.b == id)) say("  conflict with " + finding_text(found, id));
  }
  return {};
}

void add_notify(Command& program) {
  const auto given = std::make_shared<NotifyOptions>();
  Command command = program.add("notify", "File movements, activities and sites from GeoJSON");
  command
      .option({.name = "FILE", .help = "a Feature or a FeatureCollection (docs/movement-format.md)", .required = true},
              given->file)
      .option({.name = "--agreement", .value = "AG-…", .help = "the agreement that it falls under", .required = true},
              given->agreement);
  add_desk_options(command, given->desk);
  command
      .foot(
          "Example: wideberth notify patrol.geojson --agreement AG-52XD-A0\n"
          "Try it first, with no server: wideberth check patrol.geojson --separation 1000\n"
          "Party and agreement are filled in; the parts and the recipients are those that the agreement asks for.\n")
      .action([given] { return notify(*given); });
}

}  // namespace wideberth::cli

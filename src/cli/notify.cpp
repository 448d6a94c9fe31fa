// wideberth notify: files movements, activities and sites.
#include "cli/notify.h"

#include <cstdio>
#include <map>
#include <memory>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/cli.h"
#include "cli/features.h"
#include "cli/paper.h"
#include "cli/unlock.h"
#include "client/pages.h"
#include "feeds/notices.h"
#include "json/writer.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;

}  // namespace

base::IdKind kind_of_subject(model::Subject subject) {
  return subject == model::Subject::movement   ? base::IdKind::movement
         : subject == model::Subject::activity ? base::IdKind::activity
                                               : base::IdKind::site;
}

std::string said_by(const model::Notification& notification) { return model::to_json(notification); }

Result<std::vector<StandingNotice>> read_standing(client::Desk& desk) {
  WB_TRY(tree, client::get_all(desk, "/v1/movements", {{"standing", "standing"}, {"party", desk.party()}}));
  WB_TRY(list_at, json::Reader(tree).member("movements"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  std::vector<StandingNotice> standing;
  for (const json::Reader& each : list) {
    WB_TRY(id_at, each.member("id"));
    WB_TRY(id, id_at.text(64));
    WB_TRY(revisions_at, each.member("revisions"));
    WB_TRY(revisions, revisions_at.elements(1, 100'000));
    const auto feature = revisions.back().find("feature");
    if (!feature) continue;  // erased
    WB_TRY(notification, model::parse_feature(*feature));
    standing.push_back({id, std::move(notification)});
  }
  return standing;
}

namespace {

/// Files the features of one file, one after the other, and remembers what became of each.
class Filing {
 public:
  Filing(const NotifyOptions& given, Sitting& sitting, const client::AgreementView& agreement)
      : given_(given), sitting_(sitting), agreement_(agreement) {}

  Result<void> look_at_standing() {
    if (given_.again) return {};
    WB_TRY(standing, read_standing(sitting_.desk()));
    for (const StandingNotice& each : standing) standing_.emplace(said_by(each.notification), each.id);
    return {};
  }

  Result<void> file_all(std::vector<model::Notification>& features) {
    Progress progress("Filing");
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (auto done = file(features[i]); !done) {
        done.error().where = place_of(i, features.size()) + (done.error().where.empty() ? "" : ": " + done.error().where);
        if (features.size() > 1) tell_broken_off(i, features.size(), exit_code_of(done.error()) == kNotNow);
        return done;
      }
      progress.show(i + 1, features.size());
    }
    if (features.size() > 1 && !given_.desk.json)
      say("Of the " + std::to_string(features.size()) + " features of " + given_.file + ", " + std::to_string(filed_) +
          " were filed and " + std::to_string(features.size() - filed_) + " stood already.");
    return {};
  }

 private:
  std::string place_of(std::size_t i, std::size_t of) const {
    return of == 1 ? given_.file : given_.file + ", feature " + std::to_string(i);
  }

  Result<void> file(model::Notification& feature) {
    WB_TRY(known, take_standing(feature));
    if (known) return {};
    const base::IdKind kind = kind_of_subject(feature.subject);
    const auto reminders = model::reminders_of(feature);
    WB_TRY(act, client::notify(sitting_.desk(), agreement_, std::move(feature)));
    WB_TRY(filed, sitting_.file(act));
    const std::string id = base::id_of(kind, filed.index);
    ids_.push_back(id);
    ++filed_;
    tell_notified(sitting_, filed, id, id + " is filed under " + agreement_.id + ".", {{"id", id}}, reminders);
    return {};
  }

  /// Whether the same notice stands: by the signed part of its entry, verified, not by what the server tells of it.
  Result<bool> take_standing(const model::Notification& feature) {
    const std::string said = said_by(feature);
    const auto at = standing_.find(said);
    if (at == standing_.end()) return false;
    const std::string id = at->second;
    standing_.erase(at);  // two features that say the same are two notices
    WB_TRY(movement, sitting_.movement(id));
    if (!movement.feature || said_by(*movement.feature) != said) return false;
    ids_.push_back(id);
    if (given_.desk.json) {
      json::Writer writer;
      writer.begin_object().key("index").integer(static_cast<std::int64_t>(movement.revision.value));
      say(writer.key("id").string(id).key("stands_already").boolean(true).end_object().take());
    } else {
      say(id + " stands already: the same notice, entry " + std::to_string(movement.revision.value) +
          ". Not filed again; --again files it nevertheless.");
    }
    return true;
  }

  void tell_broken_off(std::size_t at, std::size_t of, bool unanswered) const {
    std::string text;
    for (std::size_t i = 0; i < ids_.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(i) + " is " + ids_[i];
    text = "Of the " + std::to_string(of) + " features of " + given_.file + " " +
           (text.empty() ? std::string("none is known to stand") : "these stand: " + text) + ". Feature " + std::to_string(at) +
           (unanswered ? " has no answer: it may stand" : " was refused");
    if (at + 1 < of)
      text += "; " + std::to_string(at + 1) + (at + 2 < of ? " to " + std::to_string(of - 1) + " were" : " was") + " not sent";
    warn(text + ". The same command again files only what does not stand; features are counted from 0.");
  }

  const NotifyOptions& given_;
  Sitting& sitting_;
  const client::AgreementView& agreement_;
  std::multimap<std::string, std::string> standing_{};
  std::vector<std::string> ids_{};  ///< of the features that stand, in their order
  std::size_t filed_ = 0;           ///< by this command
};

/// The file is read before anything is asked, under the name that the key file has in clear.
Result<std::vector<model::Notification>> read_file_of(const NotifyOptions& given, const std::string& agreement) {
  WB_TRY(key, read_verifier(given.desk.key));
  return read_features(given.file, std::string(model::party_of_key(key.name)), agreement);
}

/// Why what was given says none of the four forms; none where it says one.
std::optional<std::string> wrong_together(const NotifyOptions& given) {
  const int forms = (given.file.empty() ? 0 : 1) + (given.from.empty() ? 0 : 1) + (given.renew.empty() ? 0 : 1) +
                    (given.print_template ? 1 : 0);
  if (forms != 1) return "One of FILE, --from, --renew and --template is needed.";
  if (given.print_template) return std::nullopt;
  for (const auto& [value, name] :
       {std::pair{&given.desk.server, "--server"}, {&given.desk.key, "--key"}, {&given.desk.policy, "--policy"}})
    if (value->empty()) return std::string(name) + " is needed.";
  if ((!given.file.empty() || !given.from.empty()) && given.agreement.empty()) return "--agreement is needed.";
  if (given.renew.empty() != given.until.empty()) return "--until goes with --renew, and --renew with --until.";
  if (given.from.empty() && (given.good_rows || !given.near.empty())) return "--good-rows and --near go with --from.";
  return std::nullopt;
}

int notify(const NotifyOptions& given) {
  if (const auto wrong = wrong_together(given)) return wrong_usage(*wrong, given.desk.json);
  if (given.print_template) {
    std::fputs(feeds::notices_template(net::SystemClock().now()).c_str(), stdout);
    return kDone;
  }
  if (!given.renew.empty()) return renew(given);
  if (!given.from.empty()) return notify_from(given);
  const auto id = read_id(given.agreement, "AG");
  if (!id) return fail(id.error(), given.desk.json);
  auto features = read_file_of(given, *id);
  if (!features) return fail(features.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(*id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  Filing filing(given, **sitting, *agreement);
  if (const auto looked = filing.look_at_standing(); !looked) return fail(looked.error(), given.desk.json);
  const auto filed = filing.file_all(*features);
  return filed ? kDone : fail(filed.error(), given.desk.json);
}

}  // namespace

void add_notify(Command& program) {
  const auto given = std::make_shared<NotifyOptions>();
  Command command = program.add("notify", "File movements, activities and sites, from GeoJSON or from a sheet");
  command.option({.name = "FILE", .help = "a Feature or a FeatureCollection (docs/movement-format.md)"}, given->file)
      .option({.name = "--agreement", .value = "AG-…", .help = "the agreement that it falls under"}, given->agreement)
      .option({.name = "--from", .value = "CSV", .help = "a sheet with a notice in each row (docs/aid.md)"}, given->from)
      .flag({.name = "--good-rows", .help = "with --from: file the rows that can be read though others cannot"}, given->good_rows)
      .option({.name = "--near", .value = "METRES", .help = "with --from: sites this near are one (50)"}, given->near)
      .flag({.name = "--template", .help = "print a sheet with every column and two invented rows"}, given->print_template)
      .option({.name = "--renew", .value = "ID", .help = "file a site or an activity of yours anew until a later time"},
              given->renew)
      .option({.name = "--until", .value = "TIME", .help = "with --renew: its new end"}, given->until);
  add_desk_options(command, given->desk, false);
  add_paper_options(command, given->desk.paper);
  command.flag({.name = "--again", .help = "file also what stands already, word for word"}, given->again)
      .foot(
          "Example: wideberth notify patrol.geojson --agreement AG-52XD-A0\n"
          "         wideberth notify --from convoys.csv --agreement AG-52XD-A0\n"
          "Try it first, with no server: wideberth check patrol.geojson --separation 1000\n"
          "What stands already is not filed twice: after a refusal or a cut line, give the same command again.\n"
          "Party and agreement are filled in; the parts and the recipients are those that the agreement asks for.\n")
      .action([given] { return notify(*given); });
}

}  // namespace wideberth::cli

#include "cli/desk_options.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/paper.h"
#include "cli/receipts.h"
#include "cli/unlock.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/disclosure.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPendingBytes = std::size_t{64} << 20;

/// "blue/ops-1" as a part of a file's name.
std::string file_word(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '.') c = '-';
  return name;
}

}  // namespace

void add_desk_options(Command& command, DeskOptions& into, bool required, const std::string& key) {
  command
      .option({.name = "--server",
               .value = "URL",
               .help = "such as https://hq.example:8443",
               .required = required,
               .env = "WIDEBERTH_SERVER"},
              into.server)
      .option({.name = key, .value = "FILE", .help = "your desk's key", .required = required, .env = "WIDEBERTH_KEY"}, into.key)
      .option({.name = "--policy",
               .value = "FILE",
               .help = "the log that you trust, as you pinned it",
               .required = required,
               .env = "WIDEBERTH_POLICY"},
              into.policy)
      .option({.name = "--receipts",
               .value = "DIR",
               .help = "every act of yours leaves <index>.tlog-proof, .leaf and .parts.json there",
               .env = "WIDEBERTH_RECEIPTS"},
              into.receipts)
      .option({.name = "--passphrase-file",
               .value = "FILE",
               .help = "the key's passphrase is its first line",
               .env = "WIDEBERTH_PASSPHRASE_FILE"},
              into.passphrase_file)
      .option(
          {.name = "--tls-ca", .value = "FILE", .help = "believe certificates signed by these (PEM)", .env = "WIDEBERTH_TLS_CA"},
          into.tls_ca)
      .option({.name = "--tls-pin",
               .value = "SHA256",
               .help = "believe this certificate alone: its fingerprint in hexadecimal",
               .env = "WIDEBERTH_TLS_PIN"},
              into.tls_pin)
      .flag({.name = "--json", .help = "print JSON"}, into.json);
}

FileDrawer::FileDrawer(std::string folder, const std::string& key_name)
    : pending_file_(folder + "/pending-" + file_word(key_name)), token_file_(folder + "/session-" + file_word(key_name)) {}

Result<void> FileDrawer::keep_pending(std::string_view line) {
  if (!line.empty()) return replace_file(pending_file_, line);
  std::error_code failed;
  fs::remove(pending_file_, failed);
  if (failed) return refuse(Rule::file_unwritable, failed.message(), {}, pending_file_);
  return {};
}

Result<std::string> FileDrawer::pending() {
  std::error_code failed;
  if (!fs::exists(pending_file_, failed)) return std::string();
  return read_file(pending_file_, kMostPendingBytes);
}

void FileDrawer::keep_token(std::string_view token) {
  static_cast<void>(replace_file(token_file_, token));  // what is lost costs one more question
}

std::string FileDrawer::token() {
  std::error_code failed;
  if (!fs::exists(token_file_, failed)) return {};
  return read_file(token_file_, 4096).value_or(std::string());
}

std::unique_ptr<SessionDrawer> SessionDrawer::open(const std::string& server, const std::string& key) {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  if (runtime == nullptr || *runtime == '\0') return nullptr;
  std::error_code failed;
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  const fs::file_status status = fs::status(runtime, failed);
  if (failed || !fs::is_directory(status) || (status.permissions() & others) != fs::perms::none) return nullptr;
  const std::string folder = std::string(runtime) + "/wideberth";
  if (!make_folder(folder)) return nullptr;
  const ledger::Hash of = ledger::sha256(server + "\n" + key);
  std::string name = ledger::to_base64(of).substr(0, 22);
  for (char& c : name)
    if (c == '/' || c == '+') c = '-';
  return std::make_unique<SessionDrawer>(folder + "/session-" + name);
}

void SessionDrawer::keep_token(std::string_view token) {
  static_cast<void>(replace_file(file_, token));  // what is lost costs one more question
}

std::string SessionDrawer::token() {
  std::error_code failed;
  if (!fs::exists(file_, failed)) return {};
  return read_file(file_, 4096).value_or(std::string());
}

Result<std::unique_ptr<Sitting>> Sitting::open(const DeskOptions& options) {
  if (auto url = client::parse_url(options.server); !url) {
    url.error().where = "--server";
    return tl::make_unexpected(std::move(url).error());
  }
  WB_TRY(policy, read_policy(options.policy));
  WB_TRY(key, unlock(options.key, options.passphrase_file));
  std::unique_ptr<Sitting> sitting(new Sitting(options));
  if (!options.receipts.empty()) {
    WB_TRY_VOID(make_folder(options.receipts));
    sitting->drawer_ = std::make_unique<FileDrawer>(options.receipts, key.name());
  } else {
    sitting->drawer_ = SessionDrawer::open(options.server, to_text(key.verifier()));
  }
  client::DeskConfig config;
  config.client.server = options.server;
  config.client.trust.authorities = options.tls_ca;
  config.client.trust.pin = options.tls_pin;
  config.on_retry = [](const Refusal& why) {
    warn("Not yet: " + (why.found.empty() ? std::string(base::title_of(why.rule)) : why.found) + ". " +
         (why.accepted.empty() ? std::string("Trying again in a moment.") : "Waiting for that: " + why.accepted + "."));
  };
  WB_TRY(desk, client::Desk::open(std::move(config), std::move(key), std::move(policy),
                                  {sitting->clock_, sitting->entropy_, sitting->drawer_.get()}));
  sitting->desk_.emplace(std::move(desk));
  auto before = sitting->desk_->finish_pending();
  if (!before) {
    if (exit_code_of(before.error()) == kNotNow) return tl::make_unexpected(std::move(before).error());
    warn("What was sent earlier and left without an answer was refused:\n" + explain(before.error()));
  } else if (*before) {
    WB_TRY_VOID(keep_receipt(options.receipts, **before));
    warn("What was sent earlier and left without an answer stands: " + (*before)->kind + " is entry " +
         std::to_string((*before)->index.value) + ".");
  }
  return sitting;
}

Result<client::Filed> Sitting::file(const client::Act& act) {
  client::Act whole = act;
  WB_TRY_VOID(put_on_paper(options_.paper, whole));
  WB_TRY(filed, desk_->file(whole));
  if (!options_.receipts.empty())
    if (auto saved = keep_receipt(options_.receipts, filed); !saved) {
      saved.error().found += "; the act itself stands, as entry " + std::to_string(filed.index.value);
      return tl::make_unexpected(std::move(saved).error());
    }
  return std::move(filed);
}

client::Desk::FiledTogether Sitting::file_together(const std::vector<client::Act>& acts,
                                                   const std::function<void(std::size_t)>& on_answered) {
  std::vector<client::Act> whole = acts;
  for (client::Act& each : whole)
    if (auto put = put_on_paper(options_.paper, each); !put) {
      client::Desk::FiledTogether none;
      none.broken_off = std::move(put).error();
      return none;
    }
  auto filed = desk_->file_together(whole, on_answered);
  if (options_.receipts.empty()) return filed;
  std::vector<const client::Proved*> proved;
  for (const auto& each : filed.acts)
    if (each) proved.push_back(&*each);
  if (const auto saved = keep_receipts(options_.receipts, proved); !saved && !filed.broken_off) {
    filed.broken_off = saved.error();
    filed.broken_off->found += "; the acts themselves stand";
  }
  return filed;
}

Result<client::MovementView> Sitting::movement(const std::string& typed) {
  WB_TRY(id, read_id(typed, "MV AC ST"));
  WB_TRY(view, client::read_movement(*desk_, id));
  WB_TRY(notified, desk_->entry(view.revision));
  view.feature.reset();
  const std::string* part = notified.part(view.view);
  if (part != nullptr && view.view != name_of(model::View::outline)) {
    WB_TRY(feature, model::parse_feature(*part));
    view.feature = std::move(feature);
  }
  return std::move(view);
}

Result<client::AgreementView> Sitting::agreement(const std::string& typed) {
  WB_TRY(id, read_id(typed, "AG"));
  return client::read_agreement(*desk_, id);
}

int tell_filed(const Sitting& sitting, const client::Filed& filed, std::string_view said, Told more,
               const std::function<void(json::Writer&)>& also) {
  const std::string& folder = sitting.options().receipts;
  const std::string stem = folder + "/" + std::to_string(filed.index.value);
  if (sitting.options().json) {
    json::Writer writer;
    writer.begin_object().key("index").integer(static_cast<std::int64_t>(filed.index.value));
    writer.key("received").string(to_text(filed.received)).key("kind").string(filed.kind).key("verified").boolean(true);
    if (!folder.empty())
      writer.key("proof")
          .string(stem + ".tlog-proof")
          .key("leaf")
          .string(stem + ".leaf")
          .key("parts")
          .string(stem + ".parts.json");
    for (const auto& [name, value] : more) writer.key(name).string(value);
    if (also) also(writer);
    say(writer.end_object().take());
    return kDone;
  }
  say(said);
  for (const auto& [name, value] : more) say("  " + std::string(name) + ": " + value);
  say("  entry " + std::to_string(filed.index.value) + ", received " + to_short_text(filed.received) +
      " by the log; its receipt was verified" + (folder.empty() ? "." : ": " + stem + ".tlog-proof"));
  return kDone;
}

Result<std::string> read_id(const std::string& typed, std::string_view letters) {
  WB_TRY(id, base::index_of(typed));
  const std::string_view kind = base::letters_of(id.kind);
  if (letters.find(kind) == std::string_view::npos)
    return refuse(Rule::id_malformed, "\"" + base::excerpt(typed) + "\" is the id of something else",
                  letters == "AG" ? "the id of an agreement, AG-…" : "the id of a movement, activity or site: MV-…, AC-…, ST-…");
  return base::id_of(id.kind, id.index);
}

std::string place_text(geo::Place place) { return geo::to_dd(place) + "  " + geo::to_dms(place) + "  " + geo::to_mgrs(place, 4); }

}  // namespace wideberth::cli

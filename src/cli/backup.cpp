// wideberth backup: the log in one file, checked, while its server runs.
#include <unistd.h>

#include <memory>
#include <system_error>

#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "engine/fold.h"
#include "json/writer.h"
#include "ledger/checkpoint.h"
#include "ledger/keyfile.h"
#include "store/copy.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;

struct BackupOptions {
  std::string folder, to;
  bool json = false;
};

struct BackedUp {
  std::string origin;
  store::Head head;
  base::Instant last{};
  std::string checkpoint;  ///< signed; empty where the log's key is not at hand
};

/// The copy's head as a checkpoint of the log: whoever keeps it knows later whether a restored log goes on from here.
Result<std::string> sign_head(const fs::path& folder, const core::State& state, const store::Head& head) {
  std::error_code failed;
  if (!fs::exists(folder / kServerKeyFile, failed)) return std::string();
  WB_TRY(secret, read_file(folder / kServerKeyFile, 16 * 1024));
  const auto key = ledger::read_key_file(secret);
  ledger::wipe(secret);
  if (!key) return tl::make_unexpected(key.error());
  if (key->verifier() != state.opening->server)
    return refuse(Rule::log_key_mismatch, "the key in the folder is " + ledger::to_text(key->verifier()),
                  ledger::to_text(state.opening->server), (folder / kServerKeyFile).string());
  return ledger::sign_checkpoint({key->name(), head.size, head.root, {}}, *key);
}

/// Copied beside, checked there, and only then given its name.
Result<BackedUp> back_up(const BackupOptions& given) {
  const fs::path to = given.to, beside = given.to + ".new-" + std::to_string(::getpid());
  std::error_code failed;
  if (fs::exists(to, failed))
    return refuse(Rule::file_exists, "there is something at this place", "a name that is free", given.to);
  WB_TRY_VOID(store::copy_sqlite(fs::path(given.folder) / kStoreFile, beside));
  const auto check = [&]() -> Result<BackedUp> {
    WB_TRY(store, store::open_sqlite(beside, store::Mode::read));
    Progress progress("Checking the copy");
    WB_TRY(folded, engine::fold(*store, engine::Signatures::verify,
                                [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }));
    if (!folded.state.opening) return refuse(Rule::log_not_open, "the store is empty", {}, given.folder);
    WB_TRY(checkpoint, sign_head(given.folder, folded.state, folded.head));
    return BackedUp{folded.state.opening->origin, std::move(folded.head), folded.state.last_received, std::move(checkpoint)};
  };
  auto checked = check();
  // A link and not a rename: somebody else's file of this name, made meanwhile, is not overwritten.
  if (checked && ::link(beside.c_str(), to.c_str()) != 0)
    checked =
        refuse(errno == EEXIST ? Rule::file_exists : Rule::file_unwritable, std::generic_category().message(errno), {}, given.to);
  fs::remove(beside, failed);
  return checked;
}

int backup(const BackupOptions& given) {
  const auto done = back_up(given);
  if (!done) return fail(done.error(), given.json);
  const std::string root = ledger::to_base64(done->head.root);
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("backup").string(given.to).key("log").string(done->origin);
    writer.key("size").integer(static_cast<std::int64_t>(done->head.size)).key("root").string(root);
    writer.key("last_received").string(base::to_text(done->last));
    writer.key("checkpoint").string(done->checkpoint).end_object();
    say(writer.take());
    return kDone;
  }
  say("log      " + done->origin);
  say("size     " + counted(done->head.size, "entry", "entries") + ", the last of " + base::to_text(done->last));
  say("root     " + root);
  say("verdict  every entry, part, root and signature of the copy holds");
  say("The log's key is not in it: keep a copy of server.key where you keep keys.");
  if (!done->checkpoint.empty())
    say("\nKeep this checkpoint apart from the backup; restore takes it with --known:\n" + done->checkpoint);
  return kDone;
}

}  // namespace

void add_backup(Command& program) {
  const auto given = std::make_shared<BackupOptions>();
  Command command = program.add("backup", "Copy a log into one file and check the copy, while its server runs");
  command.option({.name = "DIR", .help = "the folder of the log; it may be in use", .required = true}, given->folder)
      .option({.name = "--to", .value = "FILE", .help = "the file that is made, readable by its owner alone", .required = true},
              given->to)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot(
          "Example: wideberth backup log --to backup-2026-11-22.db\n"
          "Every entry, part and signature of the copy is verified before it gets its name. It holds what parties disclosed to "
          "each\n"
          "other in clear, and not the log's key.\n")
      .action([given] { return backup(*given); });
}

}  // namespace wideberth::cli

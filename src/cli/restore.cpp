// wideberth restore: a log from its backup, on this machine or another, so that it goes on and does not fork.
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
#include "ledger/proof.h"
#include "store/copy.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKnownBytes = std::size_t{2} << 20;

struct RestoreOptions {
  std::string backup, to, server_key;
  std::vector<std::string> known;
  bool json = false;
};

struct Restored {
  std::string origin;
  store::Head head;
  base::Instant last{};
  std::size_t known = 0;
};

/// A checkpoint of the log, by itself or in a receipt.
Result<ledger::Checkpoint> read_known(const std::string& file, const ledger::VerifierKey& log) {
  WB_TRY(text, read_file(file, kMostKnownBytes));
  const auto receipt = ledger::parse_receipt(text);
  auto checkpoint = ledger::open_checkpoint(receipt ? receipt->checkpoint : text, log);
  if (!checkpoint) checkpoint.error().where = file;
  return checkpoint;
}

/// What the log has signed already must be the beginning of what is restored: otherwise it would sign a second history.
Result<void> check_known(const ledger::Tree& tree, const std::string& file, const ledger::Checkpoint& known) {
  if (known.size > tree.size())
    return refuse(
        Rule::head_moved,
        "the log has signed " + std::to_string(known.size) + " entries; this backup ends after " + std::to_string(tree.size()),
        "a backup of that size or later: going on from here would put other entries in their place, which the receipts of "
        "the parties would show",
        file);
  if (tree.root(known.size) != known.root)
    return refuse(
        Rule::store_untrue,
        "after " + std::to_string(known.size) + " entries this backup has the root " + ledger::to_base64(tree.root(known.size)),
        "the root that the log has signed, " + ledger::to_base64(known.root), file);
  return {};
}

Result<ledger::SigningKey> read_log_key(const std::string& file) {
  WB_TRY(secret, read_file(file, 16 * 1024));
  auto key = ledger::read_key_file(secret);
  ledger::wipe(secret);
  if (!key) key.error().where = file;
  return key;
}

Result<Restored> fill(const fs::path& folder, const RestoreOptions& given) {
  WB_TRY(key, read_log_key(given.server_key));
  WB_TRY_VOID(store::copy_sqlite(given.backup, folder / kStoreFile));
  WB_TRY(store, store::open_sqlite(folder / kStoreFile, store::Mode::write));
  Progress progress("Checking the log");
  WB_TRY(folded, engine::fold(*store, engine::Signatures::verify,
                              [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }));
  const core::State& state = folded.state;
  if (!state.opening) return refuse(Rule::log_not_open, "the store is empty", {}, given.backup);
  if (state.opening->server != key.verifier())
    return refuse(Rule::log_key_mismatch, "the key given is " + ledger::to_text(key.verifier()),
                  ledger::to_text(state.opening->server), given.server_key);
  for (const std::string& each : given.known) {
    WB_TRY(known, read_known(each, key.verifier()));
    WB_TRY_VOID(check_known(state.tree, each, known));
  }
  ledger::Policy policy;
  policy.logs.push_back({key.verifier(), {}});
  std::string secret = ledger::write_key_file(key);
  auto written = write_new_file(folder / kServerKeyFile, secret);
  ledger::wipe(secret);
  if (!written) return tl::make_unexpected(std::move(written).error());
  WB_TRY_VOID(write_new_file(folder / kPolicyFile, ledger::to_text(policy)));
  return Restored{state.opening->origin, std::move(folded.head), state.last_received, given.known.size()};
}

/// Whole or not at all, as init makes a folder.
Result<Restored> restore_into(const RestoreOptions& given) {
  const fs::path asked = given.to, folder = asked.has_filename() ? asked : asked.parent_path();
  const fs::path beside = folder.string() + ".new-" + std::to_string(::getpid());
  std::error_code failed;
  if (fs::exists(folder, failed) && !(fs::is_directory(folder, failed) && fs::is_empty(folder, failed)))
    return refuse(Rule::file_exists, "there is something at this place already", "a new folder, or an empty one", given.to);
  WB_TRY_VOID(make_folder(beside));
  auto filled = fill(beside, given);
  if (filled) {
    fs::rename(beside, folder, failed);
    if (failed) filled = refuse(Rule::file_unwritable, failed.message(), {}, given.to);
  }
  if (!filled) fs::remove_all(beside, failed);
  return filled;
}

int restore(const RestoreOptions& given) {
  const auto done = restore_into(given);
  if (!done) return fail(done.error(), given.json);
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("restored").string(given.to).key("log").string(done->origin);
    writer.key("size").integer(static_cast<std::int64_t>(done->head.size)).key("root").string(ledger::to_base64(done->head.root));
    writer.key("last_received").string(base::to_text(done->last));
    writer.key("known").integer(static_cast<std::int64_t>(done->known)).end_object();
    say(writer.take());
    return kDone;
  }
  say("log      " + done->origin);
  say("size     " + counted(done->head.size, "entry", "entries") + ", the last of " + base::to_text(done->last));
  say("root     " + ledger::to_base64(done->head.root));
  say("verdict  every entry, part, root and signature holds; " +
      counted(done->known, "known checkpoint is", "known checkpoints are") + " part of it");
  if (done->known == 0)
    say("Nothing was compared with what the log has signed. Before it is served, ask each party for its latest receipt and "
        "restore\n"
        "with --known: where one is of a later entry, this backup is too old to go on from.");
  say("Before it is served: the old server must never run again.");
  return kDone;
}

}  // namespace

void add_restore(Command& program) {
  const auto given = std::make_shared<RestoreOptions>();
  Command command = program.add("restore", "Make the folder of a log from its backup, checked against what the log has signed");
  command.option({.name = "FILE", .help = "what backup made", .required = true}, given->backup)
      .option({.name = "--to", .value = "DIR", .help = "the folder: new, or empty", .required = true}, given->to)
      .option({.name = "--server-key", .value = "FILE", .help = "the log's key, a copy of server.key", .required = true},
              given->server_key)
      .options({.name = "--known", .value = "FILE", .help = "a checkpoint or receipt of the log; may be given several times"},
               given->known)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot(
          "Example: wideberth restore backup.db --to log --server-key server.key --known 131.tlog-proof\n"
          "Refused where a known checkpoint is of another history, or of a later entry than the backup holds.\n")
      .action([given] { return restore(*given); });
}

}  // namespace wideberth::cli

// wideberth rebuild: folds the log again, from its entries alone.
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "core/dump.h"
#include "engine/fold.h"
#include "json/writer.h"
#include "ledger/checkpoint.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

struct RebuildOptions {
  std::string folder, as_of, dump;
  bool verify = false, json = false;
};

struct Rebuilt {
  core::State state;
  std::uint64_t log_size = 0;  ///< of the whole log, where the state is of an earlier entry
};

/// Entry 0 names the key that the folder's policy pins, and the kept checkpoint, where there is one, is by that key.
Result<void> check_pinned(const std::filesystem::path& folder, const core::State& state, const store::Head& head) {
  WB_TRY(policy, read_policy(folder / kPolicyFile));
  if (!state.opening) return refuse(Rule::log_not_open, "the store is empty");
  const ledger::VerifierKey& server = state.opening->server;
  bool pinned = false;
  for (const auto& log : policy.logs) pinned = pinned || log.key == server;
  if (!pinned)
    return refuse(Rule::log_key_mismatch, "entry 0 names the key " + ledger::to_text(server), "the log key of the policy",
                  (folder / kPolicyFile).string());
  if (head.checkpoint.empty()) return {};
  WB_TRY(kept, ledger::open_checkpoint(head.checkpoint, server));
  if (kept.size != head.size || kept.root != head.root)
    return refuse(Rule::store_untrue, "the kept checkpoint is of another head");
  return {};
}

Result<Rebuilt> fold_again(const RebuildOptions& given, std::optional<base::EntryIndex> as_of) {
  WB_TRY(store, store::open_sqlite(std::filesystem::path(given.folder) / kStoreFile, store::Mode::read));
  Progress progress(given.verify ? "Folding the log, verifying every signature" : "Folding the log");
  const auto show = [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); };
  WB_TRY(folded, engine::fold(*store, given.verify ? engine::Signatures::verify : engine::Signatures::trust, show));
  if (given.verify) WB_TRY_VOID(check_pinned(given.folder, folded.state, folded.head));
  Rebuilt rebuilt;
  rebuilt.log_size = folded.head.size;
  if (as_of) {
    WB_TRY(earlier, engine::fold_to(*store, *as_of));
    rebuilt.state = std::move(earlier);
  } else {
    rebuilt.state = std::move(folded.state);
  }
  return rebuilt;
}

void print(const RebuildOptions& given, const Rebuilt& rebuilt) {
  const std::uint64_t size = rebuilt.state.tree.size();
  const std::string root = ledger::to_base64(rebuilt.state.tree.root());
  const std::string origin = rebuilt.state.opening ? rebuilt.state.opening->origin : "";
  const std::string_view verdict = given.verify ? "every entry, part, root and signature holds"
                                                : "every entry, part and root holds; signatures were not looked at (--verify)";
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("holds").boolean(true).key("log").string(origin);
    writer.key("size").integer(static_cast<std::int64_t>(size)).key("root").string(root);
    writer.key("log_size").integer(static_cast<std::int64_t>(rebuilt.log_size));
    writer.key("signatures_verified").boolean(given.verify).end_object();
    say(writer.take());
    return;
  }
  say("log      " + origin);
  say("size     " + std::to_string(size) + (size == rebuilt.log_size ? "" : " of " + std::to_string(rebuilt.log_size)));
  say("root     " + root);
  say("verdict  " + std::string(verdict));
}

int rebuild(const RebuildOptions& given) {
  std::optional<base::EntryIndex> as_of;
  if (!given.as_of.empty()) {
    const auto index = base::parse_decimal(given.as_of, ledger::kMostLeaves - 1);
    if (!index)
      return wrong_usage("--as-of: " + index.error().found + "; the index of an entry is needed, such as 812.", given.json);
    as_of = base::EntryIndex{*index};
  }
  const auto rebuilt = fold_again(given, as_of);
  if (!rebuilt) return fail(rebuilt.error(), given.json);
  if (!given.dump.empty())
    if (const auto written = replace_file(given.dump, core::dump(rebuilt->state)); !written)
      return fail(written.error(), given.json);
  print(given, *rebuilt);
  return kDone;
}

}  // namespace

void add_rebuild(Command& program) {
  const auto given = std::make_shared<RebuildOptions>();
  Command command = program.add("rebuild", "Fold a log again from its entries, and say whether it holds");
  command.option({.name = "DIR", .help = "the folder of the log; it may be in use", .required = true}, given->folder)
      .option({.name = "--as-of", .value = "INDEX", .help = "the state after this entry rather than the last"}, given->as_of)
      .option({.name = "--dump", .value = "FILE", .help = "write the whole state there as text"}, given->dump)
      .flag({.name = "--verify", .help = "verify every signature too, and the key that the policy pins"}, given->verify)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot("Example: wideberth rebuild log --verify\nEvery entry and part is re-hashed; nothing is written to the log.\n")
      .action([given] { return rebuild(*given); });
}

}  // namespace wideberth::cli

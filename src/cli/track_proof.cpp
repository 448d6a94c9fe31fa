// wideberth track prove, check: one fix of a batch, shown and proved without the others.
#include <memory>

#include "base/bytes.h"
#include "cli/files.h"
#include "cli/fix_text.h"
#include "cli/receipts.h"
#include "cli/track.h"
#include "cli/unlock.h"
#include "ledger/note.h"
#include "ledger/proof.h"
#include "model/position_batch.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostProofBytes = std::size_t{256} << 10;

struct ProveOptions {
  DeskOptions desk;
  std::string entry, fix, out;
};

/// The line of the entry that commits to a batch, or position_batch where it is of another kind.
Result<ledger::PartLine> batch_line(const ledger::EntryText& text) {
  for (const ledger::PartLine& each : text.parts)
    if (each.media_type == model::kPositionsMediaType) return each;
  return refuse(Rule::position_batch, "an entry of kind " + text.kind, "an entry of kind positions.reported");
}

/// The proof goes to `out` with the entry's leaf and receipt, and nothing else of the batch: its salt would open every fix.
Result<std::string> keep_proof(const ProveOptions& given, client::Read entry, const ledger::ItemProof& proof) {
  entry.parts.clear();
  WB_TRY_VOID(keep_receipt(given.out, entry));
  std::string file = given.out + "/" + given.entry + "-" + given.fix + ".item-proof";
  WB_TRY_VOID(replace_file(file, ledger::to_text(proof)));
  return file;
}

int prove(const ProveOptions& given) {
  const auto index = base::parse_decimal(given.entry, ledger::kMostLeaves - 1);
  const auto fix = base::parse_decimal(given.fix, model::kMostFixes - 1);
  if (!index || !fix) return wrong_usage("ENTRY and FIX are numbers, as `wideberth track show` tells them.", given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto entry = (*sitting)->desk().entry(base::EntryIndex{*index});
  if (!entry) return fail(entry.error(), given.desk.json);
  const auto line = batch_line(entry->text);
  if (!line) return fail(line.error(), given.desk.json);
  const client::KeptPart* part = nullptr;
  for (const client::KeptPart& each : entry->parts)
    if (each.name == line->name) part = &each;
  if (part == nullptr)
    return fail({Rule::position_batch, "the batch is not this reader's, or was erased", {}, {}}, given.desk.json);
  const auto proof = model::prove_fix(part->salt, part->json, static_cast<std::uint32_t>(*fix));
  const auto shown = proof ? model::check_fix(*line, *proof) : tl::make_unexpected(proof.error());
  if (!shown) return fail(shown.error(), given.desk.json);
  const auto file = keep_proof(given, *entry, *proof);
  if (!file) return fail(file.error(), given.desk.json);
  if (given.desk.json) {
    json::Writer writer;
    writer.begin_object().key("proof").string(*file).key("fix");
    write_fix_json(writer, *shown);
    say(writer.end_object().take());
    return kDone;
  }
  say(shown->unit + "  " + fix_text(*shown));
  say("  proved by " + *file + " with " + given.entry + ".leaf and " + given.entry + ".tlog-proof beside it.");
  say("  Hand these three over: they show this fix and tell nothing of the others.");
  return kDone;
}

struct CheckFixOptions {
  std::string proof, leaf, receipt, policy;
  bool json = false;
};

struct CheckedFix {
  model::Position fix;
  ledger::ItemProof proof;
  ledger::Verified verified;
  ledger::EntryText text;
  base::Instant received;
};

Result<CheckedFix> check_all(const CheckFixOptions& given) {
  WB_TRY(policy_text, read_file(given.policy, ledger::kMostPolicyBytes));
  WB_TRY(proof_text, read_file(given.proof, kMostProofBytes));
  WB_TRY(leaf, read_file(given.leaf, ledger::kMostEntryBytes));
  WB_TRY(receipt, read_file(given.receipt, kMostProofBytes));
  WB_TRY(policy, ledger::parse_policy(policy_text));
  WB_TRY(verified, ledger::verify_receipt(policy, receipt, leaf));
  WB_TRY(split, ledger::parse_leaf(leaf));
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  WB_TRY(line, batch_line(text));
  WB_TRY(proof, ledger::parse_item_proof(proof_text));
  auto fix = model::check_fix(line, proof);
  if (!fix) {
    fix.error().where = given.proof + (fix.error().where.empty() ? "" : ", " + fix.error().where);
    return tl::make_unexpected(std::move(fix).error());
  }
  return CheckedFix{std::move(*fix), std::move(proof), std::move(verified), std::move(text), split.received};
}

int check_fix_files(const CheckFixOptions& given) {
  const auto checked = check_all(given);
  if (!checked) return fail(checked.error(), given.json);
  const std::string place = std::to_string(checked->proof.index) + " of " + std::to_string(checked->proof.count);
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("holds").boolean(true).key("log").string(checked->verified.checkpoint.origin);
    writer.key("index").integer(static_cast<std::int64_t>(checked->verified.index.value));
    writer.key("signer").string(checked->text.signer).key("received").string(to_text(checked->received));
    writer.key("of").integer(checked->proof.count).key("number").integer(checked->proof.index).key("fix");
    write_fix_json(writer, checked->fix);
    say(writer.end_object().take());
    return kDone;
  }
  say("It holds.");
  say("  unit       " + checked->fix.unit);
  say("  fix        " + fix_text(checked->fix));
  say("  batch      fix " + place + " (from 0), entry " + std::to_string(checked->verified.index.value) + " of " +
      checked->verified.checkpoint.origin);
  say("  signed as  " + checked->text.signer + "; received " + to_text(checked->received) + ", by the log's clock");
  say("Not proved:");
  say("  - that the unit was there: it is what " + checked->text.signer + " reported");
  return kDone;
}

}  // namespace

void add_track_proofs(Command& track) {
  const auto given = std::make_shared<ProveOptions>();
  Command prove_command = track.add("prove", "Prove one fix of one's own without showing the others");
  prove_command.option({.name = "ENTRY", .help = "the index of the batch's entry", .required = true}, given->entry)
      .option({.name = "FIX", .help = "which fix of the batch, from 0", .required = true}, given->fix);
  add_desk_options(prove_command, given->desk);
  prove_command
      .option({.name = "--out", .value = "DIR", .help = "where the proof, the leaf and the receipt go", .required = true},
              given->out)
      .foot(
          "Example: wideberth track prove 812 17 --out for-the-commission\n"
          "`wideberth track show` tells entry and number of every fix.\n")
      .action([given] { return prove(*given); });

  const auto check = std::make_shared<CheckFixOptions>();
  Command check_command = track.add("check", "Check the proof of one fix: no server, no network");
  check_command.option({.name = "FILE", .help = "the proof: <entry>-<fix>.item-proof", .required = true}, check->proof)
      .option({.name = "--leaf", .value = "FILE", .help = "<entry>.leaf", .required = true}, check->leaf)
      .option({.name = "--receipt", .value = "FILE", .help = "<entry>.tlog-proof", .required = true}, check->receipt)
      .option({.name = "--policy",
               .value = "FILE",
               .help = "the log that you trust, as you pinned it",
               .required = true,
               .env = "WIDEBERTH_POLICY"},
              check->policy)
      .flag({.name = "--json", .help = "print JSON"}, check->json)
      .foot("Example: wideberth track check 812-17.item-proof --leaf 812.leaf --receipt 812.tlog-proof --policy policy\n")
      .action([check] { return check_fix_files(*check); });
}

}  // namespace wideberth::cli

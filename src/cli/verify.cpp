// wideberth verify: one receipt, offline; of an entry that holds another log's, both.
#include <algorithm>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/receipts.h"
#include "cli/terminal.h"
#include "cli/unlock.h"
#include "json/writer.h"
#include "ledger/entry.h"
#include "ledger/note.h"
#include "ledger/proof.h"
#include "model/crossed.h"
#include "model/kinds.h"

namespace wideberth::cli {
namespace {

struct VerifyOptions {
  std::string receipt, leaf, policy, signer, parts, other_policy;
  bool ignore_unknown = false, json = false;
};

/// What the leaf says, where it is an entry of ours.
struct SaidInLeaf {
  base::Instant received;
  ledger::EntryText text;
  bool signature_checked = false;
};

struct Checked {
  ledger::Verified verified;
  std::optional<SaidInLeaf> entry;
  std::vector<client::KeptPart> parts;  ///< those at hand, each what the entry commits to
};

constexpr std::size_t kMostReceiptBytes = std::size_t{2} << 20;

Result<std::optional<SaidInLeaf>> read_leaf(const std::string& leaf, const std::string& signer_file) {
  const auto split = ledger::parse_leaf(leaf);
  const auto note = split ? ledger::parse_note(split->note) : tl::make_unexpected(split.error());
  auto text = note ? ledger::parse_entry_text(note->text) : tl::make_unexpected(note.error());
  if (!text) {
    if (!signer_file.empty()) return tl::make_unexpected(std::move(text).error());
    return std::optional<SaidInLeaf>{};
  }
  SaidInLeaf said{split->received, std::move(*text)};
  if (!signer_file.empty()) {
    WB_TRY(key, read_verifier(signer_file));
    const ledger::VerifierKey known[] = {key};
    WB_TRY(lines, ledger::verify_note(*note, known));
    if (lines.empty() || key.name != said.text.signer)
      return refuse(Rule::note_unsigned, "the entry is signed as " + said.text.signer + ", the key given is " + key.name,
                    "the key of " + said.text.signer, signer_file);
    said.signature_checked = true;
  }
  return std::optional<SaidInLeaf>(std::move(said));
}

Result<std::vector<client::KeptPart>> read_parts_of(const VerifyOptions& given, const std::optional<SaidInLeaf>& entry) {
  if (!entry)
    return refuse(Rule::part_untrue, "the leaf is no entry of this program's form, so it names no parts", {}, given.leaf);
  WB_TRY(parts, read_kept_parts(given.parts, entry->text));
  if (parts.empty()) return refuse(Rule::json_length, "no part", "one part or more", given.parts);
  return parts;
}

/// A receipt and its leaf, under the policy in a file. `named` is the receipt in refusals.
Result<ledger::Verified> prove_under(const std::string& policy_file, const std::string& receipt, const std::string& leaf,
                                     const std::string& named, bool ignore_unknown) {
  WB_TRY(policy_text, read_file(policy_file, ledger::kMostPolicyBytes));
  auto policy = ledger::parse_policy(policy_text);
  if (!policy) {
    policy.error().where = policy_file + (policy.error().where.empty() ? "" : ", " + policy.error().where);
    return tl::make_unexpected(std::move(policy).error());
  }
  auto verified =
      ledger::verify_receipt(*policy, receipt, leaf, ignore_unknown ? ledger::Unproved::ignore : ledger::Unproved::refuse);
  if (!verified) {
    verified.error().where = named + (verified.error().where.empty() ? "" : ", " + verified.error().where);
    return tl::make_unexpected(std::move(verified).error());
  }
  return std::move(*verified);
}

Result<Checked> prove(const VerifyOptions& given) {
  WB_TRY(receipt, read_file(given.receipt, kMostReceiptBytes));
  WB_TRY(leaf, read_file(given.leaf, kMostReceiptBytes));
  WB_TRY(verified, prove_under(given.policy, receipt, leaf, given.receipt, given.ignore_unknown));
  WB_TRY(entry, read_leaf(leaf, given.signer));
  if (entry && entry->text.origin != verified.checkpoint.origin)
    return refuse(Rule::checkpoint_other_log, "the entry was made for " + base::excerpt(entry->text.origin),
                  verified.checkpoint.origin, given.leaf);
  Checked checked{std::move(verified), std::move(entry), {}};
  if (!given.parts.empty()) {
    WB_TRY(parts, read_parts_of(given, checked.entry));
    checked.parts = std::move(parts);
  }
  return checked;
}

/// The entry of the other log that an entry.crossed holds, proved by what it holds under the other log's policy.
Result<Checked> prove_held(const VerifyOptions& given, const Checked& holding) {
  const auto full = std::find_if(holding.parts.begin(), holding.parts.end(),
                                 [](const client::KeptPart& each) { return each.name == model::kFullPart; });
  if (!holding.entry || holding.entry->text.kind != model::name_of(model::EntryKind::entry_crossed) ||
      full == holding.parts.end())
    return refuse(Rule::crossed_untrue,
                  holding.entry ? "an entry of kind " + base::excerpt(holding.entry->text.kind) : "no entry",
                  "an entry.crossed, with --parts: it holds an entry of another log and that log's receipt", "--other-policy");
  WB_TRY(crossed, model::parse_crossed(full->json));
  WB_TRY(verified,
         prove_under(given.other_policy, crossed.receipt, crossed.leaf, "the receipt that it holds", given.ignore_unknown));
  WB_TRY(entry, read_leaf(crossed.leaf, {}));
  if (verified.checkpoint.origin != crossed.origin || verified.index != crossed.index)
    return refuse(Rule::crossed_untrue,
                  "it names entry " + std::to_string(crossed.index.value) + " of " + crossed.origin +
                      ", and its receipt proves entry " + std::to_string(verified.index.value) + " of " +
                      verified.checkpoint.origin,
                  "the same of both", given.parts);
  return Checked{std::move(verified), std::move(entry), {}};
}

bool has_part(const Checked& checked, std::string_view name) {
  return std::any_of(checked.parts.begin(), checked.parts.end(), [&](const client::KeptPart& each) { return each.name == name; });
}

/// What nobody may read into the receipt.
std::vector<std::string> not_proved(const Checked& proved) {
  std::vector<std::string> lines;
  if (proved.entry && !proved.entry->signature_checked)
    lines.push_back("that the key named " + proved.entry->text.signer +
                    " signed it: the log says so; give --signer with that key's vkey to check it here");
  if (proved.entry) {
    std::string unseen;
    for (const ledger::PartLine& each : proved.entry->text.parts)
      if (!has_part(proved, each.name)) unseen += (unseen.empty() ? "" : ", ") + each.name;
    if (!unseen.empty())
      lines.push_back("what its parts say (" + unseen + "): the entry commits to them by hash; give --parts with what was kept");
    lines.emplace_back("when it was signed: `at` is the signer's own clock, `received` is the log's");
    lines.emplace_back("that any other party has read it: a signed notification.received proves that");
  } else {
    lines.emplace_back("what the leaf means: it is not an entry of this program's form");
  }
  if (proved.verified.witnesses.empty())
    lines.emplace_back("that the log shows everybody the same history: no witness of the policy has cosigned this checkpoint");
  lines.emplace_back("that anything it says is true");
  return lines;
}

void write(json::Writer& writer, const Checked& proved) {
  const auto& [verified, entry, parts] = proved;
  writer.begin_object().key("holds").boolean(true);
  writer.key("log").string(verified.checkpoint.origin);
  writer.key("index").integer(static_cast<std::int64_t>(verified.index.value));
  writer.key("size").integer(static_cast<std::int64_t>(verified.checkpoint.size));
  writer.key("root").string(ledger::to_base64(verified.checkpoint.root));
  writer.key("witnesses").begin_array();
  for (std::size_t i = 0; i < verified.witnesses.size(); ++i)
    writer.begin_object()
        .key("name")
        .string(verified.witnesses[i])
        .key("at")
        .string(to_text(verified.witnessed_at[i]))
        .end_object();
  writer.end_array().key("entry");
  if (!entry) {
    writer.null();
  } else {
    writer.begin_object().key("kind").string(entry->text.kind).key("signer").string(entry->text.signer);
    writer.key("number").integer(static_cast<std::int64_t>(entry->text.number));
    writer.key("received").string(to_text(entry->received)).key("at").string(to_text(entry->text.at));
    if (entry->text.occurred) writer.key("occurred").string(to_text(*entry->text.occurred));
    writer.key("to").begin_array();
    for (const std::string& to : entry->text.to) writer.string(to);
    writer.end_array().key("refs").begin_array();
    for (const auto ref : entry->text.refs) writer.integer(static_cast<std::int64_t>(ref.value));
    writer.end_array().key("signature_checked").boolean(entry->signature_checked);
    writer.key("parts").begin_array();
    for (const ledger::PartLine& each : entry->text.parts) {
      writer.begin_object().key("name").string(each.name).key("media_type").string(each.media_type);
      writer.key("size").integer(static_cast<std::int64_t>(each.size)).key("checked").boolean(has_part(proved, each.name));
      writer.end_object();
    }
    writer.end_array().end_object();
  }
  writer.key("not_proved").begin_array();
  for (const std::string& line : not_proved(proved)) writer.string(line);
  writer.end_array();
}

std::string to_json(const Checked& proved, const std::optional<Checked>& held) {
  json::Writer writer;
  write(writer, proved);
  if (held) {
    write(writer.key("held"), *held);
    writer.end_object();
  }
  return writer.end_object().take();
}

void print(const Checked& proved, const std::string& head) {
  const auto& [verified, entry, parts] = proved;
  say(head);
  say("  log        " + verified.checkpoint.origin);
  say("  entry      " + std::to_string(verified.index.value));
  if (entry) {
    say("  kind       " + entry->text.kind);
    say("  received   " + to_text(entry->received) + ", by the log's clock");
    say("  signed as  " + entry->text.signer + ", note " + std::to_string(entry->text.number) +
        (entry->signature_checked ? "; the signature holds under the key given" : ""));
    std::string to;
    for (const std::string& each : entry->text.to) to += (to.empty() ? "" : ", ") + each;
    if (!to.empty()) say("  to         " + to);
    for (const client::KeptPart& each : proved.parts)
      say("  part       " + each.name + ", " + std::to_string(each.json.size()) +
          " bytes: those at hand are the ones that the entry commits to");
  }
  say("  signed by  the log's key, over a tree of " + counted(verified.checkpoint.size, "entry", "entries") + " with root " +
      ledger::to_base64(verified.checkpoint.root));
  for (std::size_t i = 0; i < verified.witnesses.size(); ++i)
    say("  witness    " + verified.witnesses[i] + ", at " + to_short_text(verified.witnessed_at[i]));
  say("Not proved:");
  for (const std::string& line : not_proved(proved)) say("  - " + line);
}

int verify(const VerifyOptions& given) {
  const auto proved = prove(given);
  if (!proved) return fail(proved.error(), given.json);
  std::optional<Checked> held;
  if (!given.other_policy.empty()) {
    auto other = prove_held(given, *proved);
    if (!other) return fail(other.error(), given.json);
    held = std::move(*other);
  }
  if (given.json) {
    say(to_json(*proved, held));
    return kDone;
  }
  print(*proved, "It holds.");
  if (held) print(*held, "The entry of the other log that it holds, holds too.");
  return kDone;
}

}  // namespace

void add_verify(Command& program) {
  const auto given = std::make_shared<VerifyOptions>();
  Command command = program.add("verify", "Check a receipt offline: no server, no network");
  command.option({.name = "FILE", .help = "the receipt: <index>.tlog-proof", .required = true}, given->receipt)
      .option({.name = "--leaf", .value = "FILE", .help = "the entry that it proves: <index>.leaf", .required = true},
              given->leaf)
      .option({.name = "--policy",
               .value = "FILE",
               .help = "the log and witnesses that you trust, as you pinned them",
               .required = true,
               .env = "WIDEBERTH_POLICY"},
              given->policy)
      .option({.name = "--signer", .value = "FILE", .help = "the vkey of the entry's signer: its signature is checked too"},
              given->signer)
      .option({.name = "--parts",
               .value = "FILE",
               .help = "<index>.parts.json: what the entry says is checked against its commitments too"},
              given->parts)
      .option(
          {.name = "--other-policy",
           .value = "FILE",
           .help =
               "of an entry.crossed, with --parts: the entry of the other log that it holds is checked too, under this policy"},
          given->other_policy)
      .flag({.name = "--ignore-unknown",
             .help = "pass over lines that the policy does not name, as C2SP has it, rather than refuse them"},
            given->ignore_unknown)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot(
          "Example: wideberth verify 12.tlog-proof --leaf 12.leaf --policy policy\n"
          "         wideberth verify 40.tlog-proof --leaf 40.leaf --parts 40.parts.json --policy own-policy --other-policy "
          "red-policy\n"
          "Says what is proved, and what is not.\n")
      .action([given] { return verify(*given); });
}

}  // namespace wideberth::cli

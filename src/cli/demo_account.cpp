#include "cli/demo_account.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/party_text.h"
#include "cli/receipts.h"
#include "cli/terminal.h"
#include "client/pages.h"
#include "json/writer.h"
#include "ledger/proof.h"

namespace wideberth::cli {
namespace {

using json::Reader;

constexpr std::size_t kMostReceipt = std::size_t{1} << 20;

std::string word(const Reader& from, std::string_view name) {
  const auto member = from.find(name);
  const auto text = member ? member->text(4096) : base::Result<std::string>(std::string());
  return text ? *text : std::string();
}

/// "[12]", or nothing where the member is null.
std::string cited(const Reader& from, std::string_view name) {
  const auto member = from.find(name);
  const auto index = member ? member->integer(0, std::int64_t{1} << 53) : base::Result<std::int64_t>(-1);
  return index && *index >= 0 ? fmt::format("[{}]", *index) : std::string();
}

/// "unit informed" for unit_informed.
std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

bool truth(const Reader& from, std::string_view name) {
  const auto member = from.find(name);
  const auto value = member ? member->boolean() : base::Result<bool>(false);
  return value && *value;
}

/// One recipient's side of one revision, as two sentences: what the submitter can show, and what the recipient's own hand says.
void tell_handling(const Reader& handling, const std::string& recipient, const Print& print) {
  const std::string received = cited(handling, "received"), acknowledged = cited(handling, "acknowledged"),
                    informed = cited(handling, "unit_informed");
  print(fmt::format("      its {} lay ready for {} at {} {}", word(handling, "view"), recipient,
                    word(handling, "delivered_at").substr(11, 5) + "Z", cited(handling, "delivered")));
  print("      " + (received.empty() ? recipient + " signed no receipt of it"
                                     : recipient + " signed that it received these bytes " + received));
  print("      " + (acknowledged.empty() ? "no person at " + recipient + " acknowledged it"
                                         : "a person at " + recipient + " acknowledged it " + acknowledged));
  if (informed.empty())
    print("      " + recipient + " has not said that its unit was told");
  else
    print(fmt::format(
        "      {} says that {} was told {}, {}", recipient, word(handling, "post"), informed,
        truth(handling, "slip_quoted") ? "and quoted this revision's slip code" : "asserted: no slip code was quoted"));
}

/// How many notices there may be before they are summed up.
constexpr std::size_t kMostSingly = 20;

/// Of many notices: by who notified, and of each recipient what lay ready for it and what its own hand says.
base::Result<void> tell_summed(const std::vector<Reader>& movements, const std::vector<ScenarioParty>& parties,
                               const Print& print) {
  struct Sum {
    std::size_t revisions = 0, received = 0, acknowledged = 0;
    std::map<std::string, std::size_t> views{};
  };
  std::map<std::string, std::map<std::string, std::size_t>> standings;
  std::map<std::string, std::map<std::string, Sum>> sums;
  for (const Reader& movement : movements) {
    const std::string party = word(movement, "party");
    ++standings[party][word(movement, "standing")];
    WB_TRY(member, movement.member("revisions"));
    WB_TRY(revisions, member.elements(1, 10'000));
    for (const Reader& revision : revisions) {
      WB_TRY(handling, revision.member("handling"));
      for (const ScenarioParty& recipient : parties) {
        const auto each = handling.find(recipient.party.party);
        if (!each || recipient.party.role != model::Role::party) continue;
        Sum& sum = sums[party][recipient.party.party];
        ++sum.revisions;
        ++sum.views[word(*each, "view")];
        sum.received += cited(*each, "received").empty() ? 0U : 1U;
        sum.acknowledged += cited(*each, "acknowledged").empty() ? 0U : 1U;
      }
    }
  }
  for (const auto& [party, counts] : standings) {
    std::string line;
    std::size_t all = 0;
    for (const auto& [standing, count] : counts) line += fmt::format(", {} {}", count, standing), all += count;
    print(fmt::format("  {} notified {}{}", party, all, line));
    for (const auto& [recipient, sum] : sums[party]) {
      std::string views;
      for (const auto& [view, count] : sum.views) views += fmt::format("{}{} as {}", views.empty() ? "" : ", ", count, view);
      print(
          fmt::format("      for {} lay ready {} notices and amendments ({}); it signed that it received {} of them, and a "
                      "person at {} acknowledged {}",
                      recipient, sum.revisions, views, sum.received, recipient, sum.acknowledged));
    }
  }
  return {};
}

base::Result<void> tell_movement(const Reader& movement, const std::vector<ScenarioParty>& parties, const Print& print) {
  WB_TRY(member, movement.member("revisions"));
  WB_TRY(revisions, member.elements(1, 10'000));
  const std::string outcome = word(movement, "outcome");
  print(fmt::format("  {}, {} ({}{})", word(movement, "id"), word(movement, "party"), word(movement, "standing"),
                    outcome.empty() ? "" : ", its party states: " + outcome));
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const Reader& revision = revisions[i];
    print(fmt::format("    {} notified {} at {}", word(movement, "party"),
                      cited(revision, "entry") + (i == 0 ? "" : ", an amendment,"),
                      word(revision, "received").substr(0, 16) + "Z"));
    WB_TRY(handling, revision.member("handling"));
    for (const ScenarioParty& party : parties) {
      const auto each = handling.find(party.party.party);
      if (!each || party.party.role != model::Role::party) continue;
      if (party.desk.empty())
        print("      " + party.party.party +
              " has no key: it could sign no receipt of it, and nobody at it could acknowledge it here");
      else
        tell_handling(*each, party.party.party, print);
    }
  }
  return {};
}

/// What was owed and not done in time, one by one, or where there is much of a kind its number.
base::Result<void> tell_deadlines(client::Desk& reader, const Print& print) {
  WB_TRY(deadlines, client::get_all(reader, "/v1/deadlines"));
  WB_TRY(ended, Reader(deadlines).member("ended"));
  WB_TRY(each_ended, ended.elements(0, 10'000));
  std::map<std::string, std::size_t> of_kind;
  const auto kind_of = [](const Reader& each, const Reader& deadline) {
    return fmt::format("{} by {} (clause {}): {}", spaced(word(deadline, "kind")), word(deadline, "party"),
                       word(deadline, "clause"), truth(each, "channel_down") ? "the channel was down" : "missed");
  };
  for (const Reader& each : each_ended) {
    WB_TRY(deadline, each.member("deadline"));
    ++of_kind[kind_of(each, deadline)];
  }
  for (const Reader& each : each_ended) {
    WB_TRY(deadline, each.member("deadline"));
    if (of_kind[kind_of(each, deadline)] > kMostSingly) continue;
    print(fmt::format("  {} {}: {} by {}, due {} (clause {}): {}", cited(each, "entry"), word(deadline, "notification"),
                      spaced(word(deadline, "kind")), word(deadline, "party"), word(deadline, "due").substr(0, 16) + "Z",
                      word(deadline, "clause"), truth(each, "channel_down") ? "the channel was down" : "missed"));
  }
  for (const auto& [kind, count] : of_kind)
    if (count > kMostSingly) print(fmt::format("  {}, {} times", kind, count));
  return {};
}

/// Of each encounter, what each side was told and by which entries.
base::Result<void> tell_encounters(client::Desk& reader, const Print& print) {
  WB_TRY(document, reader.get("/v1/encounters"));
  WB_TRY(member, Reader(document).member("encounters"));
  WB_TRY(encounters, member.elements(0, 1'000));
  for (const Reader& each : encounters) {
    const auto closed = each.find("closed");
    const auto candidates = closed && closed->is_object() ? closed->find("candidates") : std::nullopt;
    WB_TRY(found, candidates ? candidates->elements(0, 64) : base::Result<std::vector<Reader>>(std::vector<Reader>()));
    std::string conducts;
    for (const Reader& candidate : found) conducts += (conducts.empty() ? "" : ", ") + word(candidate, "conduct");
    print(fmt::format(
        "  {} was told of an encounter {} and of its end {}: {}", word(each, "told"), cited(each, "entry"), cited(each, "over"),
        conducts.empty() ? "no candidate of any conduct" : "candidates, for people to confirm or not: " + conducts));
  }
  return {};
}

/// What parties without a key said, in the words of those who state it: shown as that and as nothing more.
base::Result<void> tell_statements(client::Desk& reader, const Print& print) {
  WB_TRY(document, client::get_all(reader, "/v1/statements"));
  WB_TRY(member, Reader(document).member("statements"));
  WB_TRY(statements, member.elements(0, 1'000));
  for (const Reader& each : statements) {
    const auto said = each.find("said");
    if (!said) continue;
    print(fmt::format("  {} {} states that {} of {} said by telephone at {}: {}; read back and confirmed by the word {}",
                      cited(each, "entry"), word(each, "party"), in_quotes(word(*said, "speaker")), word(*said, "of"),
                      word(each, "occurred").substr(0, 16) + "Z", in_quotes(word(*said, "said")),
                      in_quotes(word(*said, "read_back"))));
  }
  return {};
}

void tell_keyless(const std::vector<ScenarioParty>& parties, const Print& print) {
  for (const ScenarioParty& party : parties)
    if (party.desk.empty())
      print(fmt::format(
          "  {0} has no key. No entry is {0}'s own: no receipt, no acknowledgement, no notice, no signature. The record can show "
          "what others state that {0} said, and when they stated it. It cannot show that {0} said it, nor compare {0}'s plan "
          "with "
          "anybody's, for it has no such plan.",
          party.party.party));
}

}  // namespace

base::Result<void> account_of(client::Desk& reader, const std::vector<ScenarioParty>& parties, const Print& print) {
  print("");
  print("What each side can prove, each by its receipts; the numbers are the entries");
  WB_TRY(value, client::get_all(reader, "/v1/movements"));
  const Reader root(value);
  WB_TRY(member, root.member("movements"));
  WB_TRY(movements, member.elements(0, 10'000));
  if (movements.size() > kMostSingly) {
    WB_TRY_VOID(tell_summed(movements, parties, print));
  } else {
    for (const Reader& movement : movements) WB_TRY_VOID(tell_movement(movement, parties, print));
  }
  WB_TRY_VOID(tell_deadlines(reader, print));
  WB_TRY_VOID(tell_encounters(reader, print));
  WB_TRY_VOID(tell_statements(reader, print));
  tell_keyless(parties, print);
  print("  What no entry says, nobody can prove from this record. It says nothing of fault.");
  return {};
}

base::Result<void> check_disclosed(client::Desk& reader, const std::vector<std::pair<std::string, client::Desk*>>& desks,
                                   const Print& print) {
  WB_TRY(all, client::get_all(reader, "/v1/movements"));
  WB_TRY(member, Reader(all).member("movements"));
  WB_TRY(movements, member.elements(0, 10'000));
  std::map<std::string, std::set<std::string>> hidden;  // whom to call about it, by who notified
  for (const Reader& movement : movements) {
    WB_TRY(revisions_at, movement.member("revisions"));
    WB_TRY(revisions, revisions_at.elements(1, 10'000));
    for (const Reader& revision : revisions) {
      const auto feature = revision.find("feature");
      const auto properties = feature ? feature->find("properties") : std::nullopt;
      if (!properties) continue;
      if (const std::string call = word(*properties, "focal_point"); !call.empty()) hidden[word(movement, "party")].insert(call);
    }
  }
  for (const auto& [party, desk] : desks) {
    WB_TRY(told, client::get_all(*desk, "/v1/movements"));
    const std::string text = json::to_json(told);
    std::size_t looked = 0;
    for (const auto& [owner, calls] : hidden) {
      if (owner == party) continue;
      for (const std::string& call : calls) {
        if (hidden[party].contains(call)) continue;  // it may be its own that stands there
        ++looked;
        if (text.find(call) != std::string::npos)
          return refuse(Rule::recipient_not_disclosed,
                        party + " is told \"" + call + "\", whom " + owner + " names for those who see the whole");
      }
    }
    if (looked > 0)
      print(fmt::format(
          "  {} was asked for all that it is told, {} bytes: of {} names or numbers to call that the others gave none is in it",
          party, text.size(), looked));
  }
  return {};
}

base::Result<void> keep_receipts(const std::vector<client::Read>& entries, const std::filesystem::path& folder) {
  const std::filesystem::path receipts = folder / "receipts";
  std::vector<const client::Proved*> proved;
  for (const client::Read& entry : entries) proved.push_back(&entry);
  return cli::keep_receipts(receipts.string(), proved);
}

base::Result<std::size_t> verify_receipts(const std::filesystem::path& folder, std::size_t entries, const Print& print) {
  WB_TRY(policy, read_policy(folder / kPolicyFile));
  std::size_t held = 0, refused = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "receipts")) {
    if (file.path().extension() != ".tlog-proof") continue;
    WB_TRY(receipt, read_file(file.path(), kMostReceipt));
    WB_TRY(leaf, read_file(std::filesystem::path(file.path()).replace_extension(".leaf"), kMostReceipt));
    auto verified = ledger::verify_receipt(policy, receipt, leaf);
    if (!verified) {
      verified.error().where = file.path().string();
      return tl::make_unexpected(std::move(verified).error());
    }
    ++held;
    leaf[leaf.size() / 2] = static_cast<char>(leaf[leaf.size() / 2] ^ 1);
    if (!ledger::verify_receipt(policy, receipt, leaf)) ++refused;
  }
  print("");
  print(
      fmt::format("{} of {} receipts verified offline, with the pinned policy alone; with one bit changed {} of {} were refused.",
                  held, entries, refused, held));
  if (held != entries || refused != held) return refuse(Rule::proof_untrue, "not every entry has a receipt that holds");
  return held;
}

}  // namespace wideberth::cli

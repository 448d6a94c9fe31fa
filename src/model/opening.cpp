#include "model/opening.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kRoles = {"party", "mediator", "observer"};
constexpr std::array<std::string_view, 2> kTimes = {"real", "quickened"};
constexpr std::size_t kMostOpeningBytes = std::size_t{256} << 10;

Result<OpeningParty> read_opening_party(const Reader& at) {
  WB_TRY_VOID(at.only({"party", "role", "name", "root"}));
  OpeningParty found;
  WB_TRY(party, read_party(at));
  found.party = std::move(party);
  // Whoever is bound may take part without a key; whoever only reads could read nothing then.
  if (found.party.role == Role::party && !at.find("root")) return found;
  WB_TRY(root_at, at.member("root"));
  WB_TRY(root, read::vkey(root_at, ledger::KeyType::ed25519));
  const std::string wanted = found.party.party + "/root";
  if (root.name != wanted)
    return root_at.refuse(base::Rule::key_name_mismatch, "\"" + base::excerpt(root.name) + "\"", "\"" + wanted + "\"");
  found.root = std::move(root);
  return found;
}

Result<void> read_parties(const Reader& at, Opening& opening) {
  WB_TRY(list_at, at.member("parties"));
  WB_TRY(list, list_at.elements(1, kMostParties));
  std::set<std::string> names;
  for (const auto& each : list) {
    WB_TRY(party, read_opening_party(each));
    if (!names.insert(party.party.party).second)
      return each.refuse(base::Rule::name_twice, "a second party \"" + party.party.party + "\"", "each party once");
    opening.parties.push_back(std::move(party));
  }
  return {};
}

Result<void> read_witnesses(const Reader& at, Opening& opening) {
  WB_TRY(list_at, at.member("witnesses"));
  WB_TRY(list, list_at.elements(0, kMostWitnesses));
  std::set<std::string> names;
  for (const auto& each : list) {
    WB_TRY(key, read::vkey(each, ledger::KeyType::cosignature_ed25519));
    if (!names.insert(key.name).second)
      return each.refuse(base::Rule::name_twice, "a second witness \"" + base::excerpt(key.name) + "\"", "each witness once");
    opening.witnesses.push_back(std::move(key));
  }
  WB_TRY(quorum_at, at.member("quorum"));
  WB_TRY(quorum, quorum_at.text(kMostLabel));
  const std::size_t count = opening.witnesses.size();
  const auto number = base::parse_decimal(quorum, count);
  const bool fits =
      quorum == "none" || (count > 0 && (quorum == "any" || quorum == "all")) || (quorum.size() <= 2 && number && *number > 0);
  if (!fits)
    return quorum_at.refuse(
        base::Rule::quorum_malformed, "\"" + base::excerpt(quorum) + "\" of " + std::to_string(count) + " witnesses",
        count == 0 ? "\"none\"" : "\"none\", \"any\", \"all\", or \"1\" to \"" + std::to_string(count) + "\"");
  opening.quorum = std::move(quorum);
  return {};
}

Result<void> read_direct(const Reader& at, Opening& opening) {
  WB_TRY_VOID(at.only({"keeper", "others"}));
  DirectLog direct;
  WB_TRY(keeper, read::short_name(at, "keeper"));
  const bool known = std::any_of(opening.parties.begin(), opening.parties.end(), [&](const OpeningParty& each) {
    return each.party.party == keeper && each.party.role == Role::party;
  });
  if (!known) return at.refuse(base::Rule::opening_keeper, "\"" + keeper + "\"", "a party of this log in the role of a party");
  direct.keeper = std::move(keeper);
  WB_TRY(list_at, at.member("others"));
  WB_TRY(list, list_at.elements(1, kMostOtherLogs));
  std::set<std::string> names{opening.origin};
  for (const Reader& each : list) {
    WB_TRY(key, read::vkey(each, ledger::KeyType::ed25519));
    if (!names.insert(key.name).second)
      return each.refuse(base::Rule::name_twice, "a second log \"" + base::excerpt(key.name) + "\"", "each other log once");
    direct.others.push_back(std::move(key));
  }
  opening.direct = std::move(direct);
  return {};
}

Result<Opening> read_opening(const Reader& at) {
  WB_TRY_VOID(at.only(
      {"origin", "rules", "server", "operator", "parties", "witnesses", "quorum", "time", "checkpoint_every_s", "direct"}));
  Opening opening;
  WB_TRY(origin_at, at.member("origin"));
  WB_TRY(origin, origin_at.text(ledger::kMostNameBytes));
  WB_TRY_VOID(read::placed(origin_at, ledger::check_key_name(origin)));
  opening.origin = std::move(origin);
  WB_TRY(rules, read::integer(at, "rules", 1, std::numeric_limits<std::int32_t>::max()));
  opening.rules = static_cast<std::uint32_t>(rules);
  WB_TRY(server_at, at.member("server"));
  WB_TRY(server, read::vkey(server_at, ledger::KeyType::ed25519));
  opening.server = std::move(server);
  if (opening.server.name != opening.origin)
    return server_at.refuse(base::Rule::key_name_mismatch, "\"" + base::excerpt(opening.server.name) + "\"",
                            "the origin, \"" + base::excerpt(opening.origin) + "\"");
  WB_TRY(who, read::text(at, "operator", kMostLabel));
  opening.operator_name = std::move(who);
  WB_TRY_VOID(read_parties(at, opening));
  WB_TRY_VOID(read_witnesses(at, opening));
  WB_TRY(time_at, at.member("time"));
  WB_TRY(time, read::word<TimeMode>(time_at, kTimes));
  opening.time = time;
  WB_TRY(every, read::seconds(at, "checkpoint_every_s", Millis::from_ms(100), Millis::from_seconds(86'400)));
  opening.checkpoint_every = every;
  if (const auto direct = at.find("direct")) WB_TRY_VOID(read_direct(*direct, opening));
  return opening;
}

}  // namespace

std::string_view name_of(Role role) noexcept { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<Role> role_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kRoles.size(); ++i)
    if (kRoles[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

std::string_view name_of(TimeMode time) noexcept { return kTimes[static_cast<std::size_t>(time)]; }

Result<Party> read_party(const Reader& at) {
  Party found;
  WB_TRY(party, read::short_name(at, "party"));
  found.party = std::move(party);
  WB_TRY(role_at, at.member("role"));
  WB_TRY(role, read::word<Role>(role_at, kRoles));
  found.role = role;
  WB_TRY(name, read::text(at, "name", kMostLabel));
  found.name = std::move(name);
  return found;
}

void write_party(Writer& writer, const Party& party) {
  writer.key("party").string(party.party).key("role").string(name_of(party.role)).key("name").string(party.name);
}

Result<Opening> parse_opening(std::string_view json) { return read::whole<Opening>(json, kMostOpeningBytes, read_opening); }

std::string to_json(const Opening& opening) {
  Writer writer;
  writer.begin_object().key("origin").string(opening.origin).key("rules").integer(opening.rules);
  writer.key("server").string(ledger::to_text(opening.server)).key("operator").string(opening.operator_name);
  writer.key("parties").begin_array();
  for (const auto& each : opening.parties) {
    writer.begin_object();
    write_party(writer, each.party);
    if (each.root) writer.key("root").string(ledger::to_text(*each.root));
    writer.end_object();
  }
  writer.end_array().key("witnesses").begin_array();
  for (const auto& each : opening.witnesses) writer.string(ledger::to_text(each));
  writer.end_array().key("quorum").string(opening.quorum).key("time").string(name_of(opening.time));
  read::write_seconds(writer, "checkpoint_every_s", opening.checkpoint_every);
  if (opening.direct) {
    writer.key("direct").begin_object().key("keeper").string(opening.direct->keeper).key("others").begin_array();
    for (const auto& each : opening.direct->others) writer.string(ledger::to_text(each));
    writer.end_array().end_object();
  }
  writer.end_object();
  return writer.take();
}

}  // namespace wideberth::model

// What each act of a desk says: the kind, the recipients, the references and the parts, made from what the server tells of
// the agreement and the movement. One function an act; Desk::file signs and sends it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/desk.h"
#include "model/acts.h"
#include "model/agreement.h"
#include "model/findings.h"
#include "model/holds.h"
#include "model/notification.h"
#include "model/position_batch.h"

namespace wideberth::client {

/// An agreement as GET /v1/agreements/{id} tells it.
struct AgreementView {
  std::string id;
  EntryIndex proposed{};
  ledger::Hash document{};  ///< of the bytes that every party signs
  bool in_force = false;
  std::vector<std::string> left{};  ///< parties whose withdrawal has taken effect
  model::Agreement agreement{};
};
Result<AgreementView> read_agreement(Desk& desk, std::string_view id);

/// What became of a revision at one recipient; indices of entries.
struct HandlingView {
  EntryIndex delivered{};
  ledger::Hash bytes{};
  std::optional<EntryIndex> received{}, acknowledged{}, answered{}, objected{}, unit_informed{};
};

/// The latest revision of a movement, activity or site as GET /v1/movements/{id} tells it.
struct MovementView {
  std::string id, party, agreement;
  EntryIndex revision{};
  std::string view;  ///< "full", "corridor", "outline"
  std::string slip_code;
  std::optional<model::Notification> feature{};  ///< none where the view is the outline
  std::map<std::string, HandlingView> handling{};
  struct Query {
    EntryIndex entry{};
    std::string by, question;
    bool answered = false;
  };
  std::vector<Query> queries{};  ///< about any revision, in order; the server's word
};
/// Refused with movement_not_seen where the server knows no such movement, or none that this reader may see.
Result<MovementView> read_movement(Desk& desk, std::string_view id);

/// The parties to be told, by role, and the agreement as it stands in the file.
Result<Act> propose(const Desk& desk, std::string_view agreement_json);
Act sign(const Desk& desk, const AgreementView& agreement);
/// An act of a kind that is about an agreement (withdrawal, special caution, consultation, report), told to all whom it names and
/// who have not left. `further`: what it refers to beside the proposal.
Act about_agreement(const Desk& desk, const AgreementView& agreement, model::EntryKind kind, std::string json,
                    const std::vector<EntryIndex>& further = {});
Act state_reading(const Desk& desk, const AgreementView& agreement, const model::AgreementReading& reading);

/// Fills in party and agreement, makes the parts and names the recipients that the agreement asks for. Refused as
/// model::compile and outline_of refuse.
Result<Act> notify(const Desk& desk, const AgreementView& agreement, model::Notification notification);
/// The same, as a new revision with a reason.
Result<Act> amend(const Desk& desk, const AgreementView& agreement, const MovementView& movement,
                  model::Notification notification, std::string reason);

/// Checks that the bytes received are those that the server's `delivered` entry commits to, then names them. Refused with
/// receipt_view where they are not, movement_not_seen where nothing was delivered to this party.
Result<Act> receive(Desk& desk, const MovementView& movement);
/// An empty echo becomes the first and the last place as delivered.
Act acknowledge(const MovementView& movement, model::Acknowledged acknowledged);
Act object(const MovementView& movement, const model::Objected& objected);
Act answer(const MovementView& movement, const model::Answered& answered);
Act inform_unit(const MovementView& movement, const model::UnitInformed& informed);

Act withdraw(const MovementView& movement, const std::string& reason);
Act complete(const MovementView& movement, const std::string& note);
/// How it went, for its own side or for one to which it was delivered.
Act state_outcome(const Desk& desk, const MovementView& movement, const model::Outcome& outcome);
Act suspend(const MovementView& movement, const model::Suspended& suspended);
Act resume(const MovementView& movement, const std::string& note);
Act query(const MovementView& movement, const model::Queried& queried);
/// Answers the question of that entry, asked by that party.
Act answer_query(EntryIndex question, const std::string& asked_by, const model::QueryAnswered& answered);

/// One batch: 1 to model::kMostFixes fixes, sorted here. Under an agreement its `positions` rule says what else they may be used
/// for; without one they are the party's own affair. Refused as model::encode_positions refuses.
Result<Act> report(const std::vector<model::Position>& positions, std::optional<EntryIndex> agreement_proposed = {});

}  // namespace wideberth::client

// model: every document that is notified or said, read strictly and written back the same.
//
// Purpose.  The agreement and its rules, movements and activities as GeoJSON, the small acts of both sides, the server's own
//   findings, and the coarser views that follow from a finer one. Nothing here knows who has said what before.
//
// Promise.  (1) Reading is total: any bytes give a document or a refusal with rule, finding, what would do, and JSON pointer.
//   (2) parse(to_json(x)) is x, and the same x gives the same bytes everywhere. (3) Limits are stated constants.
//   (4) A coarser part is a pure function of the finer one. (5) No act can carry a condition or a member unknown here.
//
// Map, in reading order.
//   names.h         short names, text lengths, the vocabulary of base brought in
//   kinds.h         the one table of entry kinds: who signs, refs, parts
//   party.h, opening.h, keys.h   who takes part and with which keys
//   rules.h, agreement.h         areas, places, rules with clause and sentence, and the questions asked of them
//   notification.h  movements, activities, sites: the GeoJSON format of docs/movement-format.md
//   position.h, position_batch.h  where a unit was at a time; many of them as one part of an entry
//   disclosure.h    corridor and outline parts, and whether a part follows
//   acts.h          receipt, acknowledgement, answer, unit informed, withdrawal, outcome
//   holds.h         suspended, resumed, asked, answered
//   reminders.h     what a person may have forgotten
//   findings.h      what the server states: delivered, deadlines, outages
//   units.h         what a party says of its units
//   alerts.h        who came too near; conformance.h, encounters.h: what else is found, as each side is told
//   pact.h          leaving an agreement, special caution, consultations, reports of incidents
//   pact_findings.h rules that a notification touches, readings side by side, what follows from a withdrawal
//   alerts.h        who came too near, as each side is told
//   outline.h, crossed.h   where each side keeps its own log: an outline alone, and an entry of the other log
//   hotline.h       messages, calls, check-ins, what a party without a key said
//   handover.h      the watch handed over, with what is open
//   sightings.h     what was seen where, and whose it is
//   conflict.h      a conflict as JSON, for the log and for `wideberth check`
//   read.h          inside only: the helpers that all readers share
//
// May use.  base, json, geo, ledger.
// May not use.  Clocks, files, sockets, threads, exceptions.
//
// Tested by.  *_test.cpp beside each file; round trips as laws; tests/fuzz/{agreement,feature,acts}_fuzz.cpp.
#pragma once

#include "model/acts.h"
#include "model/agreement.h"
#include "model/alerts.h"
#include "model/conflict.h"
#include "model/conformance.h"
#include "model/crossed.h"
#include "model/disclosure.h"
#include "model/encounters.h"
#include "model/findings.h"
#include "model/handover.h"
#include "model/holds.h"
#include "model/hotline.h"
#include "model/keys.h"
#include "model/kinds.h"
#include "model/notification.h"
#include "model/opening.h"
#include "model/outline.h"
#include "model/pact.h"
#include "model/pact_findings.h"
#include "model/party.h"
#include "model/position.h"
#include "model/position_batch.h"
#include "model/reminders.h"
#include "model/sightings.h"
#include "model/units.h"

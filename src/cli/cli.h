// cli: the program `wideberth`, one file to a command.
//
// Purpose.  What a person at a desk does: make keys, open and serve a log, agree, notify, receive, acknowledge, answer,
//   look, and check offline what was proved. Each command reads its options, calls the folders below, and says what happened.
//
// Promise.  (1) Exit codes mean one thing everywhere: 0 done or holds, 1 refused or does not hold, 2 wrong usage, 3 no server,
//   disk or network. (2) What failed is said with its rule, and with what to do next. (3) No file is overwritten, and what is
//   secret is readable by its owner alone. (4) Nothing is called done before its receipt was verified against the pinned policy.
//   (5) verify, check and rebuild need no server and no network.
//
// Map, in reading order.
//   main.cpp        the table of commands
//   command.h/.cpp  how a command states its options; the one place that includes CLI11
//   terminal.h/.cpp what is printed, exit codes, progress
//   files.h/.cpp    files read with a limit, written once or whole
//   receipts.h/.cpp what of an entry is kept on disk
//   unlock.h/.cpp   a key file opened, its passphrase asked for
//   deployment.h/.cpp  the folder of a log: what init makes, serve and rebuild open
//   key, init, serve, rebuild, backup, restore, verify, check   what needs no other server
//   tracks.h, analysis.h, picture.h, analyse, alibi, replay, watch   tracks, and what they show
//   desk_options.h/.cpp                                server, key, policy and receipts of a party
//   agree, notify, inbox, receipt, ack, object, answer, unit_informed, amend, withdraw, complete, outcome, show
//   alert                                              close approaches
//   manual, completion                                 the table of commands as a manual page and for shells
//   cross                                              two direct logs kept in step
//   paper.h, paper, presence                           acts on paper, filed later; what parties have in areas
//   line.h, say, call, checkin, relay, sighting         what is said beside it; phrase_file.h, phrases
//   handover                                            the watch goes to the next officer
//   track, track_proof                                  where one's units are
//
// May use.  Every folder below; CLI11 in command.cpp, spdlog in server_log.cpp, fmt.
// Tested by.  cli_test.cpp; tests/end_to_end/cli_test.py drives the program itself.
#pragma once

#include "cli/command.h"

namespace wideberth::cli {

// One line for each command that main.cpp lists; each is defined in the file of its name.
void add_key(Command& program);
void add_init(Command& program);
void add_demo(Command& program);
void add_serve(Command& program);
void add_rebuild(Command& program);
void add_backup(Command& program);
void add_restore(Command& program);
void add_verify(Command& program);
void add_verify_pair(Command& program);
void add_check(Command& program);
void add_analyse(Command& program);
void add_alibi(Command& program);
void add_replay(Command& program);
void add_watch(Command& program);
void add_agree(Command& program);
void add_notify(Command& program);
void add_inbox(Command& program);
void add_receipt(Command& program);
void add_ack(Command& program);
void add_object(Command& program);
void add_answer(Command& program);
void add_unit_informed(Command& program);
void add_amend(Command& program);
void add_withdraw(Command& program);
/// suspend, resume, query, reply (hold.cpp).
void add_holds(Command& program);
void add_complete(Command& program);
void add_outcome(Command& program);
void add_show(Command& program);
void add_track(Command& program);
void add_alert(Command& program);
void add_unit(Command& program);
void add_say(Command& program);
void add_call(Command& program);
void add_checkin(Command& program);
void add_relay(Command& program);
void add_phrases(Command& program);
void add_sighting(Command& program);
void add_handover(Command& program);
void add_paper(Command& program);
void add_presence(Command& program);
void add_sheet(Command& program);
void add_feed(Command& program);
void add_manual(Command& program);
void add_completion(Command& program);
void add_cross(Command& program);

/// key add, revoke, compromised: those that speak to a server (key_log.cpp).
void add_key_log(Command& key);

}  // namespace wideberth::cli

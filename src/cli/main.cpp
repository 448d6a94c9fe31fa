// wideberth: the table of commands.
#include "cli/cli.h"

int main(int argc, char** argv) {
  wideberth::cli::Program program(
      "Wideberth keeps forces that obey no common commander out of each other's way, and keeps a record that each can prove.",
      WIDEBERTH_VERSION);
  wideberth::cli::Command& commands = program.commands();
  // A log and its keys.
  wideberth::cli::add_key(commands);
  wideberth::cli::add_init(commands);
  wideberth::cli::add_serve(commands);
  wideberth::cli::add_rebuild(commands);
  wideberth::cli::add_backup(commands);
  wideberth::cli::add_restore(commands);
  // What a party says and sees, through a server.
  wideberth::cli::add_agree(commands);
  wideberth::cli::add_notify(commands);
  wideberth::cli::add_inbox(commands);
  wideberth::cli::add_receipt(commands);
  wideberth::cli::add_ack(commands);
  wideberth::cli::add_object(commands);
  wideberth::cli::add_answer(commands);
  wideberth::cli::add_unit_informed(commands);
  wideberth::cli::add_amend(commands);
  wideberth::cli::add_withdraw(commands);
  wideberth::cli::add_holds(commands);
  wideberth::cli::add_complete(commands);
  wideberth::cli::add_outcome(commands);
  wideberth::cli::add_show(commands);
  wideberth::cli::add_track(commands);
  wideberth::cli::add_alert(commands);
  wideberth::cli::add_unit(commands);
  wideberth::cli::add_say(commands);
  wideberth::cli::add_call(commands);
  wideberth::cli::add_checkin(commands);
  wideberth::cli::add_relay(commands);
  wideberth::cli::add_phrases(commands);
  wideberth::cli::add_sighting(commands);
  wideberth::cli::add_handover(commands);
  wideberth::cli::add_paper(commands);
  wideberth::cli::add_presence(commands);
  wideberth::cli::add_sheet(commands);
  wideberth::cli::add_feed(commands);
  wideberth::cli::add_cross(commands);
  // With no server and no network.
  wideberth::cli::add_verify(commands);
  wideberth::cli::add_verify_pair(commands);
  wideberth::cli::add_check(commands);
  wideberth::cli::add_analyse(commands);
  wideberth::cli::add_alibi(commands);
  wideberth::cli::add_replay(commands);
  wideberth::cli::add_watch(commands);
  // A day played through.
  wideberth::cli::add_demo(commands);
  // What is said above, for man and for shells.
  wideberth::cli::add_manual(commands);
  wideberth::cli::add_completion(commands);
  return program.run(argc, argv);
}

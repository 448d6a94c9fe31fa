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
  // With no server and no network.
  wideberth::cli::add_verify(commands);
  wideberth::cli::add_check(commands);
  // A day played through.
  wideberth::cli::add_demo(commands);
  return program.run(argc, argv);
}

// The demonstration: one day of a scenario through a real server, told as it unfolds, then what each side can prove.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace wideberth::cli {

struct DemoOptions {
  std::string scenario = "dayrik";  ///< a name beside the program, or a folder
  std::string ending;               ///< empty: the scenario's first
  std::uint16_t port = 0;           ///< 0: a free one
  bool headless = false;            ///< without pauses, and the exit code says whether all of it held
  bool json = false;  ///< an object a line for each entry, each alert and each encounter, and one for the receipts; nothing else
  std::filesystem::path keep;  ///< where the deployment and the receipts stay; empty: nowhere
};

int run_demo(const DemoOptions& options);

}  // namespace wideberth::cli

// What the tests of this folder share: a folder of their own, keys of invented parties, a log to be opened.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/check.h"
#include "ledger/key.h"
#include "model/opening.h"

namespace wideberth::cli::testing {

/// A new folder that goes with its owner.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wideberth-cli-XXXXXX").string();
    WB_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Keys {
  explicit Keys(base::Entropy& entropy)
      : blue(ledger::SigningKey::generate("blue/root", entropy)), red(ledger::SigningKey::generate("red/root", entropy)) {}
  ledger::SigningKey blue, red;
};

/// Blue and red (invented), without the server's key.
inline model::Opening opening(const Keys& keys) {
  model::Opening opening;
  opening.origin = "invented.example/log";
  opening.operator_name = "Nobody (invented)";
  opening.parties.push_back({{"blue", model::Role::party, "Blue (invented)"}, keys.blue.verifier()});
  opening.parties.push_back({{"red", model::Role::party, "Red (invented)"}, keys.red.verifier()});
  return opening;
}

}  // namespace wideberth::cli::testing

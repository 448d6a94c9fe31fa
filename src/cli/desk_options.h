// What the commands of a party share: the server, the key, the pinned policy, the folder of receipts; and a desk opened with
// them.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/command.h"
#include "cli/terminal.h"
#include "client/acts.h"
#include "client/desk.h"
#include "json/writer.h"
#include "net/system.h"

namespace wideberth::cli {

/// What an act that was done on paper says of that; all empty where it was not. See paper.h.
struct PaperOptions {
  std::string how, at, by, post, reference;
};

struct DeskOptions {
  std::string server, key, policy, passphrase_file, receipts, tls_ca, tls_pin;
  bool json = false;
  PaperOptions paper;
};
/// Adds --server, --key, --policy and the others, each with its variable of the environment. `required`: whether the command can
/// do nothing without a server. `key`: what the key's option is called.
void add_desk_options(Command& command, DeskOptions& into, bool required = true, const std::string& key = "--key");

/// The folder of receipts as a desk's drawer: beside the receipts it keeps `pending-…` and `session-…`, by key name.
class FileDrawer final : public client::Drawer {
 public:
  FileDrawer(std::string folder, const std::string& key_name);
  Result<void> keep_pending(std::string_view line) override;
  Result<std::string> pending() override;
  void keep_token(std::string_view token) override;
  std::string token() override;

 private:
  std::string pending_file_, token_file_;
};

/// Where no receipts are kept: the session alone, in the user's own folder of the running system ($XDG_RUNTIME_DIR/wideberth),
/// so that many commands in a row are one session. One file for a server and a key.
class SessionDrawer final : public client::Drawer {
 public:
  explicit SessionDrawer(std::string file) : file_(std::move(file)) {}
  /// None where there is no such folder, or it is not the user's alone.
  static std::unique_ptr<SessionDrawer> open(const std::string& server, const std::string& key);
  Result<void> keep_pending(std::string_view) override { return {}; }
  Result<std::string> pending() override { return std::string(); }
  void keep_token(std::string_view token) override;
  std::string token() override;

 private:
  std::string file_;
};

/// A desk with what it stands on.
class Sitting {
 public:
  /// Opens the key, reads the policy, makes the folder of receipts, opens the desk, and finishes what an earlier run left open.
  static Result<std::unique_ptr<Sitting>> open(const DeskOptions& options);

  client::Desk& desk() { return *desk_; }
  const DeskOptions& options() const { return options_; }
  /// Files an act, on paper where the options say so, and leaves its receipt in the folder of receipts.
  Result<client::Filed> file(const client::Act& act);

  /// Files many acts together and leaves their receipts likewise.
  client::Desk::FiledTogether file_together(const std::vector<client::Act>& acts,
                                            const std::function<void(std::size_t)>& on_answered);

  /// The latest revision of a movement as it was delivered: its feature is read from the signed part, verified, never from
  /// what the server tells of it. `id` is checked by its check character before anything is asked.
  Result<client::MovementView> movement(const std::string& id);
  Result<client::AgreementView> agreement(const std::string& id);

 private:
  explicit Sitting(DeskOptions options) : options_(std::move(options)) {}
  DeskOptions options_;
  net::SystemClock clock_;
  net::SystemEntropy entropy_;
  std::unique_ptr<client::Drawer> drawer_;
  std::optional<client::Desk> desk_;
};

/// Opens a desk, has the act made and filed, and says so. `make` gives the act; `said` says in a line what was done.
using Told = std::initializer_list<std::pair<std::string_view, std::string>>;
/// `also` adds members to the JSON.
int tell_filed(const Sitting& sitting, const client::Filed& filed, std::string_view said, Told more = {},
               const std::function<void(json::Writer&)>& also = {});

/// The id as it is written, of one of the kinds given ("MV AC ST" or "AG"). Refused with id_malformed, id_check_character.
Result<std::string> read_id(const std::string& typed, std::string_view letters);

/// A place in the three forms that people use.
std::string place_text(geo::Place place);

}  // namespace wideberth::cli

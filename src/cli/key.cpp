// wideberth key: new and show at one's own desk.
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/unlock.h"
#include "json/writer.h"
#include "ledger/keyfile.h"
#include "model/keys.h"
#include "net/system.h"

namespace wideberth::cli {
namespace {

struct KeyNew {
  std::string name, out, passphrase_file;
  bool no_passphrase = false, json = false;
};

Result<std::string> key_file_text(const KeyNew& given, const ledger::SigningKey& key, base::Entropy& entropy) {
  if (given.no_passphrase) return ledger::write_key_file(key);
  auto passphrase = given.passphrase_file.empty() ? ask_passphrase("A passphrase for " + key.name(), true)
                                                  : read_passphrase(given.passphrase_file);
  if (!passphrase) return tl::make_unexpected(std::move(passphrase).error());
  std::string text = ledger::write_key_file(key, *passphrase, entropy);
  ledger::wipe(*passphrase);
  return text;
}

Result<void> make_key(const KeyNew& given) {
  WB_TRY_VOID(ledger::check_key_name(given.name));
  net::SystemEntropy entropy;
  const ledger::SigningKey key = ledger::SigningKey::generate(given.name, entropy);
  WB_TRY(text, key_file_text(given, key, entropy));
  auto written = write_new_file(given.out, text);
  ledger::wipe(text);
  if (!written) return written;
  const std::string vkey = ledger::to_text(key.verifier());
  const std::string beside = given.out + ".vkey";
  WB_TRY_VOID(write_new_file(beside, vkey + "\n"));
  if (given.json) {
    json::Writer writer;
    writer.begin_object().key("name").string(given.name).key("vkey").string(vkey).key("key").string(given.out);
    say(writer.key("public").string(beside).key("passphrase").boolean(!given.no_passphrase).end_object().take());
    return {};
  }
  say(vkey);
  warn("Made " + given.out + ": keep it to yourself" +
       (given.no_passphrase ? "; it has no passphrase." : ", and its passphrase apart."));
  warn("Made " + beside + ": its public half, for whom you deal with.");
  if (model::party_of_key(given.name).empty())
    warn("The name is not of the form party/desk: it will do for a log, not for a party.");
  return {};
}

int show_key(const std::string& file, bool json) {
  const auto bytes = read_file(file, kMostKeyFileBytes);
  if (!bytes) return fail(bytes.error(), json);
  const auto key = read_verifier(file);
  if (!key) return fail(key.error(), json);
  const bool locked = ledger::wants_passphrase(*bytes);
  const bool secret = locked || bytes->starts_with("PRIVATE+KEY+");
  const std::string_view id(reinterpret_cast<const char*>(key->id.data()), key->id.size());
  const std::string_view kept = !secret ? "public half only" : locked ? "secret, under a passphrase" : "secret, in clear";
  const bool witness = key->type == ledger::KeyType::cosignature_ed25519;
  if (json) {
    json::Writer writer;
    writer.begin_object().key("name").string(key->name).key("id").string(base::to_hex(id));
    writer.key("vkey").string(ledger::to_text(*key)).key("for").string(witness ? "cosignatures" : "notes");
    writer.key("secret").boolean(secret).key("passphrase").boolean(locked).end_object();
    say(writer.take());
    return kDone;
  }
  say(ledger::to_text(*key));
  say("name   " + key->name);
  say("id     " + base::to_hex(id));
  say("for    " + std::string(witness ? "cosignatures of a witness" : "signing notes"));
  say("file   " + std::string(kept));
  return kDone;
}

void add_key_new(Command& key) {
  const auto given = std::make_shared<KeyNew>();
  Command command = key.add("new", "Make a signing key");
  command.option({.name = "NAME", .help = "party/root, or party/desk such as blue/ops-1", .required = true}, given->name)
      .option(
          {.name = "--out", .value = "FILE", .help = "where the key goes; its public half goes to FILE.vkey", .required = true},
          given->out)
      .option(
          {.name = "--passphrase-file", .value = "FILE", .help = "the passphrase is its first line; asked for where not given"},
          given->passphrase_file)
      .flag({.name = "--no-passphrase", .help = "keep the key in clear: for a machine that nobody else can reach"},
            given->no_passphrase)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .not_both("--no-passphrase", "--passphrase-file")
      .foot(
          "Example: wideberth key new blue/root --out blue-root.key\n"
          "The file is readable by you alone, and no file is overwritten. The vkey is printed.\n")
      .action([given] {
        const auto made = make_key(*given);
        return made ? kDone : fail(made.error(), given->json);
      });
}

void add_key_show(Command& key) {
  struct Options {
    std::string file;
    bool json = false;
  };
  const auto given = std::make_shared<Options>();
  Command command = key.add("show", "Print the public half of a key file");
  command.option({.name = "FILE", .help = "a key file, or a file with a vkey", .required = true}, given->file)
      .flag({.name = "--json", .help = "print JSON"}, given->json)
      .foot("Example: wideberth key show blue-root.key\nNo passphrase is needed.\n")
      .action([given] { return show_key(given->file, given->json); });
}

}  // namespace

void add_key(Command& program) {
  Command key = program.add("key", "Make keys, show them, give them to desks, take them back");
  add_key_new(key);
  add_key_show(key);
  add_key_log(key);
}

}  // namespace wideberth::cli

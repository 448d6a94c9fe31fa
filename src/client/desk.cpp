#include "client/desk.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "client/sign.h"
#include "http/problem.h"
#include "json/writer.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/text.h"
#include "model/keys.h"

namespace wideberth::client {
namespace {

using base::Refusal;
using base::refuse;
using base::Rule;

constexpr std::string_view kJson = "application/json";
constexpr std::size_t kMostAnswerText = std::size_t{4} << 20;
constexpr int kMostOvertaken = 20;

/// Whether asking again later may be answered otherwise.
bool passing(const Refusal& refusal) {
  const base::Kind kind = base::kind_of(refusal.rule);
  return kind == base::Kind::unavailable || kind == base::Kind::too_many;
}

Refusal at_entry(Refusal refusal, EntryIndex index) {
  const std::string entry = "entry " + std::to_string(index.value);
  refusal.where = refusal.where.empty() ? entry : entry + ", " + refusal.where;
  return refusal;
}

Question filing(const std::string& line) {
  Question question;
  question.method = "POST";
  question.path = "/v1/entries";
  question.body = line;
  question.content_type = "application/x-ndjson";
  return question;
}

/// What an answer must have said, as a refusal of ours.
Result<json::Value> document(const Answer& answer) { return answer.as_json(); }

}  // namespace

const std::string* Read::part(std::string_view name) const {
  for (const KeptPart& each : parts)
    if (each.name == name) return &each.json;
  return nullptr;
}

Desk::Desk(DeskConfig config, Client client, ledger::SigningKey key, ledger::Policy policy, DeskPorts ports)
    : config_(std::move(config)),
      client_(std::move(client)),
      key_(std::move(key)),
      policy_(std::move(policy)),
      log_(policy_.logs.front()),
      ports_(ports),
      party_(model::party_of_key(key_.name())) {}

Result<Desk> Desk::open(DeskConfig config, ledger::SigningKey key, ledger::Policy policy, DeskPorts ports) {
  if (policy.logs.empty()) return refuse(Rule::policy_malformed, "the policy names no log", "a line log <vkey>");
  if (model::party_of_key(key.name()).empty())
    return refuse(Rule::key_name_mismatch, "the key is named \"" + key.name() + "\"", "a party's key, such as blue/ops-1");
  WB_TRY(client, Client::make(config.client));
  Desk desk(std::move(config), std::move(client), std::move(key), std::move(policy), ports);
  WB_TRY_VOID(desk.look_at_log());
  if (std::string token = ports.drawer == nullptr ? "" : ports.drawer->token(); !token.empty())
    desk.client_.set_token(std::move(token));
  else
    WB_TRY_VOID(desk.begin_session());
  return desk;
}

/// The public checkpoint must be by a log that the policy pins: that log is the one we speak with.
Result<void> Desk::look_at_log() {
  Question question;
  question.path = "/log/checkpoint";
  WB_TRY(answer, ask_until_answered(question));
  WB_TRY(note, ledger::parse_note(answer.body));
  WB_TRY(claimed, ledger::parse_checkpoint(note.text));
  for (const ledger::Policy::Log& log : policy_.logs) {
    if (log.key.name != claimed.origin) continue;
    WB_TRY(checkpoint, ledger::open_checkpoint(answer.body, log.key));
    log_ = log;
    return take_view(checkpoint);
  }
  return refuse(Rule::log_not_pinned, "this server keeps the log " + base::excerpt(claimed.origin), policy_.logs.front().key.name,
                to_text(client_.server()));
}

/// Two roots of one size are two histories.
Result<void> Desk::take_view(const ledger::Checkpoint& checkpoint) {
  if (seen_ && seen_->size == checkpoint.size && seen_->root != checkpoint.root)
    return refuse(Rule::checkpoint_other_log,
                  "the log signed two roots for its size " + std::to_string(checkpoint.size) + ": " +
                      ledger::to_base64(seen_->root) + " and " + ledger::to_base64(checkpoint.root),
                  "one history");
  if (checkpoint.size > 0 && (!seen_ || seen_->size < checkpoint.size)) seen_ = ledger::Seen{checkpoint.size, checkpoint.root};
  return {};
}

Result<void> Desk::begin_session() {
  json::Writer writer;
  Question question;
  question.method = "POST";
  question.path = "/v1/challenges";
  question.content_type = kJson;
  question.body = writer.begin_object().key("key").string(key_.name()).end_object().take();
  WB_TRY(challenged, ask_until_answered(question));
  WB_TRY(challenge, document(challenged));
  WB_TRY(text_at, json::Reader(challenge).member("challenge"));
  WB_TRY(text, text_at.string(4096));
  WB_TRY(note, sign_challenge(text));
  question.path = "/v1/sessions";
  question.body = writer.begin_object().key("note").string(note).end_object().take();
  question.repeatable = false;
  WB_TRY(begun, ask_until_answered(question));
  WB_TRY(session, document(begun));
  WB_TRY(token_at, json::Reader(session).member("token"));
  WB_TRY(token, token_at.string(1024));
  client_.set_token(std::string(token));
  if (ports_.drawer != nullptr) ports_.drawer->keep_token(token);
  return {};
}

/// A key signs no text that a stranger chose: five lines, for this log, this key, a nonce of 32 bytes and a time.
Result<std::string> Desk::sign_challenge(std::string_view challenge) const {
  ledger::Lines lines(challenge);
  const auto form = lines.next();
  const auto origin = lines.next("origin");
  const auto key = lines.next("key");
  const auto nonce = lines.next("nonce");
  const auto expires = lines.next("expires");
  const bool ours = form == "wideberth/session/v1" && origin == log_.key.name && key == key_.name();
  const bool whole = nonce && ledger::hash_from_base64(*nonce) && expires && Instant::parse(*expires) && lines.rest().empty();
  if (!ours || !whole)
    return refuse(Rule::server_unintelligible, "the server asks for a signature under \"" + base::excerpt(challenge, 120) + "\"",
                  "a session challenge for " + log_.key.name + " and " + key_.name());
  return ledger::sign_note(challenge, key_);
}

void Desk::wait() const { std::this_thread::sleep_for(std::chrono::milliseconds(config_.between.ms())); }

/// Asks; where the session has ended meanwhile, begins another and asks again.
Result<Answer> Desk::ask(const Question& question) {
  auto answer = client_.ask(question);
  if (answer || answer.error().rule != Rule::session_needed) return answer;
  WB_TRY_VOID(begin_session());
  return client_.ask(question);
}

Result<Answer> Desk::ask_until_answered(const Question& question) {
  for (int tried = 1;; ++tried) {
    auto answer = ask(question);
    const bool busy = !answer && base::kind_of(answer.error().rule) == base::Kind::too_many;
    if (!busy || tried >= config_.tries) return answer;
    if (config_.on_retry) config_.on_retry(answer.error());
    wait();
  }
}

Result<json::Value> Desk::get(const std::string& path, http::Fields query) {
  Question question;
  question.path = path;
  question.query = std::move(query);
  WB_TRY(answer, ask_until_answered(question));
  return document(answer);
}

Result<Chain> Desk::read_chain() {
  WB_TRY(tree, get("/v1/keys"));
  WB_TRY(keys_at, json::Reader(tree).member("keys"));
  WB_TRY(keys, keys_at.elements(0, 100'000));
  for (const json::Reader& each : keys) {
    WB_TRY(name_at, each.member("name"));
    WB_TRY(name, name_at.string(ledger::kMostNameBytes));
    if (name != key_.name()) continue;
    Chain chain;
    WB_TRY(number_at, each.member("next_number"));
    WB_TRY(number, number_at.integer(1, json::kMostInteger));
    chain.number = static_cast<std::uint64_t>(number);
    if (const auto last = each.find("last_text")) {
      WB_TRY(text, last->string(64));
      WB_TRY(hash, ledger::hash_from_base64(text));
      chain.previous = hash;
    }
    return chain;
  }
  return refuse(Rule::key_unknown, "\"" + key_.name() + "\" is no key of this log");
}

/// Another that signs with this key may have used the number meanwhile: the refused text stands nowhere, and is numbered anew.
Result<Filed> Desk::file(const Act& act) {
  for (int tried = 1;; ++tried) {
    auto filed = file_once(act);
    const bool overtaken = !filed && (filed.error().rule == Rule::chain_number_used || filed.error().rule == Rule::chain_gap);
    if (!overtaken || tried >= kMostOvertaken) return filed;
  }
}

Result<Filed> Desk::file_once(const Act& act) {
  if (!chain_) {
    WB_TRY(chain, read_chain());
    chain_ = chain;
  }
  WB_TRY(made, sign_act(act, {key_, log_.key.name, *chain_, seen_, ports_.clock.now()}, ports_.entropy));
  auto filed = send(made.line, made.note);
  if (filed)
    chain_ = made.next;
  else
    chain_.reset();  // a refused note may have used its number up
  return filed;
}

Result<Filed> Desk::file_at(const Act& act, Chain& at) {
  chain_.reset();
  WB_TRY(made, sign_act(act, {key_, log_.key.name, at, seen_, ports_.clock.now()}, ports_.entropy));
  auto filed = send(made.line, made.note);
  if (filed) at = made.next;
  return filed;
}

Desk::FiledTogether Desk::file_together(const std::vector<Act>& acts, const std::function<void(std::size_t)>& on_answered) {
  FiledTogether filed;
  const std::span<const Act> all(acts);
  for (std::size_t at = 0; at < all.size(); at += kMostTogether) {
    auto answered = file_body(all.subspan(at, std::min(kMostTogether, all.size() - at)));
    if (!answered) {
      filed.broken_off = std::move(answered).error();
      break;
    }
    for (auto& each : *answered) filed.acts.push_back(std::move(each));
    if (on_answered) on_answered(filed.acts.size());
  }
  return filed;
}

/// The lines of one body: each is answered by a line, in order.
Result<std::vector<Result<Filed>>> Desk::file_body(std::span<const Act> acts) {
  chain_.reset();  // another may have signed with this key since
  WB_TRY(chain, read_chain());
  std::vector<SignedAct> lines;
  std::string body;
  for (const Act& act : acts) {
    WB_TRY(made, sign_act(act, {key_, log_.key.name, chain, seen_, ports_.clock.now()}, ports_.entropy));
    chain = made.next;
    body += made.line;
    lines.push_back(std::move(made));
  }
  Result<Answer> answer = ask(filing(body));
  for (int tried = 1; !answer && passing(answer.error()) && tried < config_.tries; ++tried) {
    if (config_.on_retry) config_.on_retry(answer.error());
    wait();
    answer = ask(filing(body));  // the same texts: each is entered once
  }
  if (!answer) {
    // A single line that is refused is answered as such.
    if (acts.size() > 1 || passing(answer.error())) return tl::make_unexpected(answer.error());
    std::vector<Result<Filed>> refused;
    refused.push_back(tl::make_unexpected(answer.error()));
    return refused;
  }
  std::vector<Result<Filed>> filed;
  std::string_view rest = answer->body;
  for (const SignedAct& each : lines) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) return refuse(Rule::server_unintelligible, "fewer answers than lines", "an answer for each line");
    if (const auto problem = http::read_problem(line))
      filed.push_back(tl::make_unexpected(*problem));
    else
      filed.push_back(proved(line, each.note, each.line));
  }
  return filed;
}

Result<Filed> Desk::file_line(const std::string& line) {
  chain_.reset();
  WB_TRY(read, read_line(line));
  return send(line, read.note);
}

Result<Filed> Desk::send(const std::string& line, const std::string& note) {
  if (ports_.drawer != nullptr) WB_TRY_VOID(ports_.drawer->keep_pending(line));
  for (int tried = 1;; ++tried) {
    auto answer = ask(filing(line));
    if (!answer && passing(answer.error()) && tried < config_.tries) {
      if (config_.on_retry) config_.on_retry(answer.error());
      wait();
      continue;
    }
    Result<Filed> filed = answer ? proved(answer->body, note, line) : tl::make_unexpected(answer.error());
    // Kept where the answer is still owed, and where what was answered does not hold: the next run asks again.
    const bool last_word = filed || (!answer && !passing(filed.error()));
    if (last_word && ports_.drawer != nullptr) WB_TRY_VOID(ports_.drawer->keep_pending({}));
    return filed;
  }
}

Result<std::optional<Filed>> Desk::finish_pending() {
  if (ports_.drawer == nullptr) return std::optional<Filed>{};
  WB_TRY(line, ports_.drawer->pending());
  if (line.empty()) return std::optional<Filed>{};
  WB_TRY(note, note_of_line(line));
  WB_TRY(filed, send(line, note));
  return std::optional<Filed>(std::move(filed));
}

Result<Filed> Desk::proved(std::string_view answer, const std::string& note, const std::string& line) {
  WB_TRY(tree, json::parse(answer, {kMostAnswerText, 8}));
  const json::Reader at(tree);
  WB_TRY(index_at, at.member("index"));
  WB_TRY(index, index_at.integer(0, json::kMostInteger));
  WB_TRY(received_at, at.member("received"));
  WB_TRY(received, received_at.instant());
  WB_TRY(receipt_at, at.member("receipt"));
  WB_TRY(receipt, receipt_at.string(kMostAnswerText));
  Filed filed;
  filed.index = EntryIndex{static_cast<std::uint64_t>(index)};
  filed.received = received;
  filed.receipt = std::string(receipt);
  filed.leaf = ledger::make_leaf(received, note);
  WB_TRY(verified, verify(filed.index, filed.receipt, filed.leaf));
  static_cast<void>(verified);
  WB_TRY(read, ledger::parse_note(note));
  WB_TRY(text, ledger::parse_entry_text(read.text));
  WB_TRY(parts, parts_of_line(line, text));
  filed.parts = std::move(parts);
  filed.kind = std::move(text.kind);
  return filed;
}

Result<ledger::Verified> Desk::verify(EntryIndex index, std::string_view receipt, std::string_view leaf) {
  auto verified = ledger::verify_receipt(policy_, receipt, leaf);
  if (!verified) return tl::make_unexpected(at_entry(std::move(verified).error(), index));
  if (verified->index != index)
    return refuse(Rule::proof_untrue, "the receipt is of entry " + std::to_string(verified->index.value), {},
                  "entry " + std::to_string(index.value));
  if (auto taken = take_view(verified->checkpoint); !taken) return tl::make_unexpected(std::move(taken).error());
  return verified;
}

Result<Read> Desk::entry(EntryIndex index) {
  const std::string path = "/v1/entries/" + std::to_string(index.value);
  WB_TRY(tree, get(path));
  Question question;
  question.path = path + "/receipt";
  WB_TRY(receipt, ask_until_answered(question));
  const json::Reader at(tree);
  WB_TRY(leaf_at, at.member("leaf"));
  WB_TRY(leaf, leaf_at.string(ledger::kMostEntryBytes));
  Read read;
  read.index = index;
  read.leaf = std::string(leaf);
  read.receipt = receipt.body;
  WB_TRY(verified, verify(index, read.receipt, read.leaf));
  static_cast<void>(verified);
  WB_TRY(split, ledger::parse_leaf(read.leaf));
  read.received = split.received;
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  read.text = std::move(text);
  auto parts = read_parts(at, read.text);
  if (!parts) return tl::make_unexpected(at_entry(std::move(parts).error(), index));
  read.parts = *std::move(parts);
  return read;
}

}  // namespace wideberth::client

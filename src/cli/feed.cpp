// wideberth feed: what devices and files say of one's own units, signed on this machine and sent, through outages.
#include "cli/feed.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <iterator>
#include <memory>
#include <thread>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/receipts.h"
#include "cli/unlock.h"
#include "feeds/feeds.h"
#include "ledger/hash.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

using base::Millis;
using Moment = std::chrono::steady_clock::time_point;

volatile std::sig_atomic_t asked_to_stop = 0;
void ask_to_stop(int) { asked_to_stop = 1; }

struct Source {
  enum class Kind : unsigned char { file, standard_input, gate } kind = Kind::file;
  feeds::GateConfig gate{};
  std::string file{};
};

// "127.0.0.1:8087", "[::1]:8087".
bool split_place(std::string_view place, std::string& host, std::uint16_t& port) {
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto number = base::parse_decimal(place.substr(colon + 1), 65535);
  place = place.substr(0, colon);
  if (place.size() > 2 && place.front() == '[' && place.back() == ']') place = place.substr(1, place.size() - 2);
  if (!number || place.empty()) return false;
  host = place;
  port = static_cast<std::uint16_t>(*number);
  return true;
}

Result<Source> read_source(const FeedOptions& given, feeds::FeedFormat format) {
  Source source;
  if (given.source == "-") {
    source.kind = Source::Kind::standard_input;
    return source;
  }
  const auto mark = given.source.find("://");
  if (mark == std::string::npos) {
    source.file = given.source;
    return source;
  }
  source.kind = Source::Kind::gate;
  feeds::GateConfig& gate = source.gate;
  gate.format = format;
  const std::string scheme = given.source.substr(0, mark), place = given.source.substr(mark + 3);
  const bool out = scheme == "tcp" || scheme == "tls";
  std::string& host = out ? gate.dial.host : gate.listen.address;
  if (!split_place(place, host, out ? gate.dial.port : gate.listen.port)) {
    return refuse(Rule::url_malformed, "\"" + base::excerpt(given.source) + "\"", "a host and a port: tcp://10.0.0.5:8087",
                  "SOURCE");
  }
  if (out) {
    gate.kind = feeds::GateConfig::Kind::dial;
    gate.dial.tls = scheme == "tls";
    gate.dial.trust = {given.source_ca, given.source_pin};
  } else if (scheme == "udp") {
    gate.kind = feeds::GateConfig::Kind::datagrams;
  } else if (scheme == "listen" || scheme == "listen-tls") {
    gate.kind = feeds::GateConfig::Kind::listen;
    if (scheme == "listen-tls") gate.listen.tls = net::TlsFiles{given.tls_cert, given.tls_key};
    gate.listen.authorities = given.tls_clients;
  } else {
    return refuse(Rule::url_malformed, "\"" + base::excerpt(scheme) + "://\"", "tcp, tls, udp, listen or listen-tls", "SOURCE");
  }
  if (format != feeds::FeedFormat::cot && format != feeds::FeedFormat::nmea) {
    return refuse(Rule::usage_wrong, "a live feed of files", "--format cot or nmea", "--format");
  }
  return source;
}

std::optional<feeds::FeedFormat> format_of(const FeedOptions& given) {
  if (!given.format.empty()) return feeds::feed_format_named(given.format);
  for (const auto& [ending, name] : {std::pair(".gpx", "gpx"),
                                     {".geojson", "geojson"},
                                     {".json", "geojson"},
                                     {".csv", "csv"},
                                     {".nmea", "nmea"},
                                     {".ais", "nmea"},
                                     {".log", "nmea"},
                                     {".cot", "cot"},
                                     {".xml", "cot"}}) {
    if (given.source.ends_with(ending)) return feeds::feed_format_named(name);
  }
  return given.source.find("://") == std::string::npos ? std::nullopt : std::optional(feeds::FeedFormat::cot);
}

// Events one after the other, as a file or the standard input has them.
class CotText {
 public:
  explicit CotText(feeds::CotOptions options) : options_{options} {}
  void add(std::string_view bytes, feeds::Readings& into) {
    splitter_.add(bytes);
    while (const auto xml = splitter_.next()) {
      auto event = reader_.read(*xml);
      if (event)
        feeds::take_cot(*event, options_, into);
      else
        into.refuse(std::move(event).error());
    }
  }
  void finish(feeds::Readings& into) {
    if (splitter_.rest().find_first_not_of(" \t\r\n") != std::string_view::npos)
      into.refuse({Rule::xml_malformed, "an event that was cut off", "whole events", {}});
  }

 private:
  feeds::CotOptions options_;
  feeds::CotSplitter splitter_{};
  feeds::CotReader reader_{};
};

class Feed {
 public:
  Feed(const FeedOptions& given, feeds::FeedFormat format) : given_{given}, format_{format} {}
  int run();

 private:
  Result<void> open();
  Result<void> open_live();
  Result<void> open_teller(const client::DeskConfig& desk, const std::string& secret, const ledger::Policy& policy);
  Result<void> take_file(const std::string& text);
  Result<feeds::Readings> read_text(const std::string& text) const;
  Result<bool> take_standard_input();
  Result<void> work();
  Result<void> forward();
  void tell();
  void tell_devices();
  bool nothing_waits() const { return spool_->waiting() + spool_->segments_waiting() + spool_->lines_waiting() == 0; }
  feeds::NmeaOptions nmea_options() const { return {given_.unit.empty() ? "own" : given_.unit, about_}; }
  feeds::CotOptions cot_options() const { return {given_.by_uid, given_.every_side}; }

  const FeedOptions& given_;
  feeds::FeedFormat format_;
  Source source_{};
  std::optional<base::Instant> about_{};
  Millis every_ = Millis::from_ms(500);
  net::SystemClock clock_;
  net::SystemEntropy entropy_;
  std::unique_ptr<feeds::Spool> spool_;
  std::unique_ptr<feeds::Intake> intake_;
  std::unique_ptr<feeds::Forwarder> forwarder_;
  feeds::Outbox outbox_;
  std::unique_ptr<feeds::Teller> teller_;
  std::unique_ptr<feeds::Gate> gate_;
  std::atomic<bool> telling_{false};
  std::thread teller_thread_;
  std::unique_ptr<feeds::NmeaReader> nmea_;
  std::unique_ptr<CotText> cot_;
  bool is_over_ = false;  ///< the source has ended
  Moment cut_at_{}, send_at_{};
  std::optional<std::string> told_trouble_{};
  std::uint64_t batches_ = 0;
  std::string party_{}, held_line_{};
};

Result<void> Feed::open() {
  if (!given_.about.empty()) {
    WB_TRY(about, base::Instant::parse(given_.about));
    about_ = about;
  }
  if (!given_.every.empty()) {
    WB_TRY(ms, base::parse_decimal(given_.every, 3'600'000));
    every_ = Millis::from_ms(static_cast<std::int64_t>(ms));
  }
  WB_TRY(source, read_source(given_, format_));
  source_ = std::move(source);
  WB_TRY(policy, read_policy(given_.desk.policy));
  WB_TRY(key, unlock(given_.desk.key, given_.desk.passphrase_file));
  if (!given_.desk.receipts.empty()) WB_TRY_VOID(make_folder(given_.desk.receipts));
  feeds::ForwardConfig config;
  config.desk.client.server = given_.desk.server;
  config.desk.client.trust = {given_.desk.tls_ca, given_.desk.tls_pin};
  config.desk.client.answer_time = Millis::from_seconds(10);
  if (!given_.agreement.empty()) {
    WB_TRY(agreement, base::index_of(given_.agreement));
    if (agreement.kind != base::IdKind::agreement) return refuse(Rule::id_malformed, given_.agreement, "AG-…", "--agreement");
    config.agreement = agreement.index;
  }
  std::string text;
  const bool is_whole =
      source_.kind == Source::Kind::file ||
      (source_.kind == Source::Kind::standard_input && format_ != feeds::FeedFormat::cot && format_ != feeds::FeedFormat::nmea);
  if (source_.kind == Source::Kind::file) {
    WB_TRY(read, read_file(source_.file, feeds::kMostTrackFile));
    text = std::move(read);
  } else if (is_whole) {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  WB_TRY(spool, feeds::Spool::open(given_.queue,
                                   is_whole ? "file " + ledger::to_base64(ledger::sha256(text)) : "live " + given_.source));
  spool_ = std::move(spool);
  party_ = model::party_of_key(key.name());
  intake_ = std::make_unique<feeds::Intake>(*spool_, party_);
  if (given_.to_tak) WB_TRY_VOID(open_teller(config.desk, key.skey_text(), policy));
  forwarder_ = std::make_unique<feeds::Forwarder>(
      std::move(config), [secret = key.skey_text()] { return ledger::SigningKey::parse(secret); }, std::move(policy), clock_,
      entropy_, *spool_);
  if (!is_whole) return open_live();
  is_over_ = true;
  return take_file(text);
}

Result<void> Feed::open_teller(const client::DeskConfig& desk, const std::string& secret, const ledger::Policy& policy) {
  if (source_.kind != Source::Kind::gate || format_ != feeds::FeedFormat::cot) {
    return refuse(Rule::usage_wrong, "--to-tak without devices", "a live source of --format cot", "--to-tak");
  }
  teller_ = std::make_unique<feeds::Teller>(
      [desk, secret, policy, this]() -> Result<client::Desk> {
        WB_TRY(own, ledger::SigningKey::parse(secret));
        return client::Desk::open(desk, std::move(own), policy, {clock_, entropy_, nullptr});
      },
      clock_, outbox_, *intake_);
  return {};
}

Result<void> Feed::open_live() {
  if (source_.kind == Source::Kind::gate) {
    source_.gate.nmea = nmea_options();
    source_.gate.cot = cot_options();
    source_.gate.say = [](const std::string& what) { warn(what); };
    WB_TRY(gate, feeds::Gate::open(std::move(source_.gate), *intake_, outbox_, clock_, entropy_));
    gate_ = std::move(gate);
    if (gate_->port() != 0) warn("Listening at port " + std::to_string(gate_->port()) + ".");
  } else if (format_ == feeds::FeedFormat::nmea) {
    nmea_ = std::make_unique<feeds::NmeaReader>(nmea_options());
  } else {
    cot_ = std::make_unique<CotText>(cot_options());
  }
  return {};
}

Result<feeds::Readings> Feed::read_text(const std::string& text) const {
  feeds::Readings readings;
  switch (format_) {
    case feeds::FeedFormat::csv: return feeds::read_csv(text, {.party_needed = false});
    case feeds::FeedFormat::gpx: return feeds::read_gpx(text, {given_.unit});
    case feeds::FeedFormat::geojson: return feeds::read_geojson(text, {given_.unit});
    case feeds::FeedFormat::nmea: {
      feeds::NmeaReader reader(nmea_options());
      reader.text(text, readings);
      reader.finish(readings);
      return readings;
    }
    case feeds::FeedFormat::cot: break;
  }
  CotText cot(cot_options());
  cot.add(text, readings);
  cot.finish(readings);
  return readings;
}

// What an earlier run took of the same file is passed over.
Result<void> Feed::take_file(const std::string& text) {
  WB_TRY(readings, read_text(text));
  std::erase_if(readings.fixes, [&](const feeds::Reading& reading) { return !reading.party.empty() && reading.party != party_; });
  const std::uint64_t before = std::min<std::uint64_t>(spool_->added(), readings.fixes.size());
  if (before > 0) warn(counted(before, "fix", "fixes") + " of this file were taken before.");
  feeds::Readings piece;
  piece.refused = std::move(readings.refused);
  piece.refused_count = readings.refused_count;
  piece.without_place = readings.without_place;
  piece.of_other_kinds = readings.of_other_kinds;
  for (std::size_t at = before; at < readings.fixes.size(); ++at) {
    piece.fixes.push_back(std::move(readings.fixes[at]));
    if (piece.fixes.size() == 1000) intake_->take(piece);
  }
  intake_->take(piece);
  return spool_->cut();
}

// False at its end.
Result<bool> Feed::take_standard_input() {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  if (::poll(&waiting, 1, 50) <= 0) return true;
  std::string bytes(64 * 1024, '\0');
  const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  feeds::Readings readings;
  if (count <= 0) {
    if (nmea_) {
      nmea_->text(held_line_, readings);
      nmea_->finish(readings);
    } else {
      cot_->finish(readings);
    }
    intake_->take(readings);
    return false;
  }
  bytes.resize(static_cast<std::size_t>(count));
  if (nmea_) {
    if (!about_) nmea_->heard_at(clock_.now());
    held_line_ += bytes;
    const auto end = held_line_.rfind('\n') + 1;
    nmea_->text(std::string_view(held_line_).substr(0, end), readings);
    held_line_.erase(0, end);
  } else {
    cot_->add(bytes, readings);
  }
  intake_->take(readings);
  return true;
}

Result<void> Feed::forward() {
  WB_TRY_VOID(forwarder_->sign());
  while (std::chrono::steady_clock::now() >= send_at_) {
    WB_TRY(filed, forwarder_->send());
    if (!filed) {
      if (forwarder_->trouble()) send_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(forwarder_->wait().ms());
      break;
    }
    ++batches_;
    if (!given_.desk.receipts.empty()) WB_TRY_VOID(keep_receipt(given_.desk.receipts, *filed));
    if (given_.desk.json) {
      json::Writer writer;
      say(writer.begin_object()
              .key("entry")
              .integer(static_cast<std::int64_t>(filed->index.value))
              .key("waiting")
              .integer(static_cast<std::int64_t>(spool_->lines_waiting()))
              .end_object()
              .take());
    }
    if (spool_->waiting() > 0 && std::chrono::steady_clock::now() - cut_at_ >= std::chrono::milliseconds(every_.ms())) break;
  }
  return {};
}

void Feed::tell() {
  for (const Refusal& refusal : intake_->take_refused()) warn(base::to_text(refusal));
  std::optional<std::string> trouble;
  if (forwarder_->trouble()) trouble = forwarder_->trouble()->found;
  if (trouble && !told_trouble_) warn("No server: " + *trouble + ". What comes in is signed and kept in " + given_.queue + ".");
  if (!trouble && told_trouble_) warn("The server is back; " + counted(spool_->lines_waiting(), "batch waits.", "batches wait."));
  told_trouble_ = trouble;
}

Result<void> Feed::work() {
  using std::chrono::milliseconds;
  std::optional<Moment> until;
  for (;;) {
    const Moment now = std::chrono::steady_clock::now();
    if (asked_to_stop != 0 && !until) {
      gate_.reset();
      is_over_ = true;
      until = now + milliseconds(3'000);
    }
    if (source_.kind == Source::Kind::standard_input && !is_over_) {
      WB_TRY(more, take_standard_input());
      is_over_ = !more;
    }
    if (const auto trouble = intake_->trouble()) return tl::unexpected<Refusal>(*trouble);
    if (is_over_ || now - cut_at_ >= milliseconds(every_.ms())) {
      WB_TRY_VOID(spool_->cut());
      cut_at_ = now;
    }
    WB_TRY_VOID(forward());
    tell();
    if (is_over_ && nothing_waits()) return {};
    if (until && (now >= *until || forwarder_->trouble())) return {};
    if (source_.kind != Source::Kind::standard_input || is_over_) std::this_thread::sleep_for(milliseconds(20));
  }
}

void Feed::tell_devices() {
  for (std::string told; telling_;) {
    const auto stepped = teller_->step();
    const std::string trouble = stepped ? "" : base::to_text(stepped.error());
    if (trouble != told && !trouble.empty()) warn("Nothing can be told to devices: " + trouble);
    told = trouble;
    for (int i = 0; i < (stepped ? 3 : 20) && telling_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

int Feed::run() {
  asked_to_stop = 0;
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  if (const auto opened = open(); !opened) return fail(opened.error(), given_.desk.json);
  if (teller_) {
    telling_ = true;
    teller_thread_ = std::thread([this] { tell_devices(); });
  }
  const auto worked = work();
  telling_ = false;
  if (teller_thread_.joinable()) teller_thread_.join();
  gate_.reset();
  const auto counts = intake_->counts();
  warn(counted(counts.taken, "fix", "fixes") + " taken, " + std::to_string(counts.refused) + " refused, " +
       std::to_string(counts.without_place) + " without a place, " + std::to_string(counts.of_others) +
       " that are no position of ours; " + counted(batches_, "batch", "batches") + " entered, " +
       std::to_string(spool_->lines_waiting() + spool_->segments_waiting()) + " waiting in " + given_.queue + ".");
  if (!worked) return fail(worked.error(), given_.desk.json);
  return nothing_waits() ? kDone : kNotNow;
}

int feed(const FeedOptions& given) {
  const auto format = format_of(given);
  if (!format) return wrong_usage("--format is cot, nmea, gpx, geojson or csv.", given.desk.json);
  return Feed(given, *format).run();
}

}  // namespace

void add_feed(Command& program) {
  const auto given = std::make_shared<FeedOptions>();
  Command command = program.add("feed", "Sign what devices and files say of one's units, and send it, through outages");
  command
      .option({.name = "SOURCE",
               .help = "a file, - or tcp://, tls://, udp://, listen://, listen-tls:// with host:port",
               .required = true},
              given->source)
      .option({.name = "--format", .value = "NAME", .help = "cot, nmea (and AIS), gpx, geojson or csv; of a file by its ending"},
              given->format)
      .option({.name = "--queue",
               .value = "DIR",
               .help = "where it waits until the server has it; one source to a folder",
               .required = true,
               .env = "WIDEBERTH_QUEUE"},
              given->queue);
  add_desk_options(command, given->desk, true, "--as,--key");
  command
      .option({.name = "--agreement", .value = "AG-…", .help = "its positions rule says who may use them; without it, nobody"},
              given->agreement)
      .option({.name = "--unit", .value = "NAME", .help = "the unit of a receiver's own position, or of a track file"},
              given->unit)
      .option({.name = "--every", .value = "MS", .help = "between two batches; 500 where it is not given"}, given->every)
      .option({.name = "--about", .value = "TIME", .help = "roughly when a log was written that does not name the day"},
              given->about)
      .flag({.name = "--by-uid", .help = "call units by the uid of their device, not by callsign"}, given->by_uid)
      .flag({.name = "--to-tak",
             .help = "tell the devices that are connected of movements, conflicts and warnings that this key may see"},
            given->to_tak)
      .flag({.name = "--every-side", .help = "take CoT positions of every side, not of one's own alone"}, given->every_side)
      .option({.name = "--tls-cert", .value = "FILE", .help = "of listen-tls: its certificate (PEM)"}, given->tls_cert)
      .option({.name = "--tls-key", .value = "FILE", .help = "of listen-tls: the certificate's key (PEM)"}, given->tls_key)
      .option({.name = "--tls-clients",
               .value = "FILE",
               .help = "of listen-tls: let in who shows a certificate signed by these (PEM)"},
              given->tls_clients)
      .option({.name = "--source-ca", .value = "FILE", .help = "of tls: believe certificates signed by these (PEM)"},
              given->source_ca)
      .option({.name = "--source-pin", .value = "SHA256", .help = "of tls: believe this certificate alone"}, given->source_pin);
  command
      .foot(
          "Example: wideberth feed listen://0.0.0.0:8087 --format cot --as feed.key --queue ./queue --agreement AG-52XD-A0\n"
          "Give a feed a key of its own, with the scope positions.reported. A feed that is started again with its queue goes on\n"
          "where it was: a file from the first fix that was not taken, a live feed with what comes.\n")
      .action([given] { return feed(*given); });
}

}  // namespace wideberth::cli

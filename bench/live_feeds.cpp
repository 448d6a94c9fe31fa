#include "live_feeds.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>

#include "feeds/feeds.h"

namespace wideberth::bench {
namespace {

constexpr const char* kInventedEvent =
    "<event version='2.0' uid='ANDROID-00:11:22:33:44:55' type='a-f-G-U-C' time='2020-08-25T06:58:12.417Z' "
    "start='2020-08-25T06:58:12.417Z' "
    "stale='2020-08-25T07:04:27.417Z' how='m-g'><point lat='36.98765432109' lon='42.14081231234' hae='412.5123' ce='3.5' "
    "le='9999999.0'/>"
    "<detail><contact endpoint='192.168.1.17:4242:tcp' callsign='OSHKOSH 1'/><uid Droid='OSHKOSH 1'/><__group name='Cyan' "
    "role='Team Member'/>"
    "<status battery='87'/><track course='114.66817017909176' speed='13.9'/><precisionlocation geopointsrc='GPS' "
    "altsrc='DTED0'/></detail></event>";
constexpr const char* kKnownSentence = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\n";

std::vector<std::string> events_of(const std::string& data, std::string& input) {
  std::ifstream file(data + "/cot/atak-captures.txt", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> events;
  feeds::CotReader reader;
  for (auto at = text.find("<event"); at != std::string::npos; at = text.find("<event", at + 1)) {
    const std::string xml = text.substr(at, text.find("</event>", at) + 8 - at);
    if (reader.read(xml)) events.push_back(xml);
  }
  input = events.empty() ? "an invented event" : fmt::format("{} events that ATAK devices sent", events.size());
  if (events.empty()) events.emplace_back(kInventedEvent);
  std::size_t bytes = 0;
  for (const std::string& event : events) bytes += event.size();
  input += fmt::format(", {} bytes each", bytes / events.size());
  return events;
}

std::string sentences_of(const std::string& data, std::string& input) {
  std::string text;
  if (gzFile file = gzopen((data + "/ais-denmark-5min.nmea.gz").c_str(), "rb"); file != nullptr) {
    std::string chunk(1 << 20, '\0');
    for (int count = gzread(file, chunk.data(), 1 << 20); count > 0; count = gzread(file, chunk.data(), 1 << 20)) {
      text.append(chunk, 0, static_cast<std::size_t>(count));
    }
    gzclose(file);
  }
  input = "five minutes of Danish waters, with their time stamps";
  if (text.empty()) {
    for (int i = 0; i < 10'000; ++i) text += kKnownSentence;
    input = "one known sentence";
  }
  return text;
}

// Runs `pass`, which gives how many records it read, until the time is over.
FeedSpeed run(std::string name, std::string input, double least, double seconds, const std::function<std::uint64_t()>& pass) {
  FeedSpeed row{std::move(name), std::move(input), 0, 0, least};
  (void)pass();
  const std::clock_t begun = std::clock();
  do {
    row.records += pass();
    row.cpu_seconds = static_cast<double>(std::clock() - begun) / static_cast<double>(CLOCKS_PER_SEC);
  } while (row.cpu_seconds < seconds);
  return row;
}

}  // namespace

std::vector<FeedSpeed> measure_feeds(const std::string& data, double seconds) {
  std::vector<FeedSpeed> rows;
  std::string input;
  const std::vector<std::string> events = events_of(data, input);
  feeds::Readings readings;
  feeds::CotReader cot;
  rows.push_back(run("CoT XML", input, 200'000, seconds, [&] {
    for (int round = 0; round < 100; ++round) {
      for (const std::string& xml : events) {
        if (const auto event = cot.read(xml)) feeds::take_cot(*event, {}, readings);
      }
      readings.fixes.clear();
    }
    return 100 * events.size();
  }));
  std::vector<std::string> payloads;
  feeds::TakWriter writer;
  for (const std::string& xml : events) payloads.push_back(*writer.write(*cot.read(xml)));
  feeds::TakReader tak;
  rows.push_back(run("CoT TAK v1", "the same as protobuf", 0, seconds, [&] {
    for (int round = 0; round < 100; ++round) {
      for (const std::string& payload : payloads) {
        if (const auto message = tak.read(payload); message && message->event) feeds::take_cot(*message->event, {}, readings);
      }
      readings.fixes.clear();
    }
    return 100 * payloads.size();
  }));
  const std::string sentences = sentences_of(data, input);
  std::uint64_t ais = 0;
  for (auto at = sentences.find('!'); at != std::string::npos; at = sentences.find('!', at + 1)) ++ais;
  rows.push_back(run("AIS", input, 1'000'000, seconds, [&] {
    feeds::NmeaReader nmea;
    nmea.heard_at(base::Instant::from_ms(1'384'257'600'000));
    for (std::string_view rest = sentences; !rest.empty();) {
      // A piece at a time, as a socket gives it.
      const auto end = rest.size() < 60'000 ? rest.size() : rest.find('\n', 60'000) + 1;
      nmea.text(rest.substr(0, end), readings);
      rest.remove_prefix(end);
      readings.fixes.clear();
      readings.particulars.clear();
    }
    return ais;
  }));
  return rows;
}

std::string to_text(const std::vector<FeedSpeed>& rows) {
  std::string text = "reader       records/s   promised  input\n";
  for (const FeedSpeed& row : rows) {
    text += fmt::format("{:<10} {:>11.0f} {:>10.0f}  {}\n", row.name, row.per_second(), row.least, row.input);
  }
  return text;
}

std::string to_json(const std::vector<FeedSpeed>& rows) {
  std::string text = "[";
  for (const FeedSpeed& row : rows) {
    text += fmt::format("{}{{\"name\":\"{}\",\"input\":\"{}\",\"records_per_second\":{:.0f},\"promised\":{:.0f}}}",
                        &row == rows.data() ? "" : ",", row.name, row.input, row.per_second(), row.least);
  }
  return text + "]";
}

int run_feeds(const std::vector<std::string>& words) {
  bool json = false;
  double seconds = 2;
  std::string data = "../shared/data";
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "--json") {
      json = true;
    } else if (words[i] == "--quick") {
      seconds = 0.05;
    } else if (words[i] == "--data" && i + 1 < words.size()) {
      data = words[++i];
    } else {
      std::fputs("wideberth-bench feeds [--json] [--quick] [--data DIR]\n", stderr);
      return 2;
    }
  }
  const auto rows = measure_feeds(data, seconds);
  std::fputs(to_text(rows).c_str(), json ? stderr : stdout);
  if (json) std::fputs(("{\"feeds\":" + to_json(rows) + "}\n").c_str(), stdout);
  return 0;
}

}  // namespace wideberth::bench

#include "feeds/nmea.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/bytes.h"
#include "feeds/number.h"

namespace wideberth::feeds {
namespace {

constexpr std::size_t kMostPending = 16;
constexpr std::uint64_t kPatience = 1000;  // lines that a message waits for its other parts
constexpr Millis kAhead = Millis::from_seconds(2), kBehind = Millis::from_seconds(20), kMinute = Millis::from_seconds(60);
constexpr Millis kDay = Millis::from_ms(86'400'000), kWeeks1024 = Millis::from_ms(std::int64_t{86'400'000} * 7 * 1024);

unsigned sum_of(std::string_view text) {
  unsigned sum = 0;
  for (const char c : text) sum ^= static_cast<unsigned char>(c);
  return sum;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Whether `text` is content, '*' and the checksum of the content; leaves the content.
bool take_sum(std::string_view& text) {
  if (text.size() < 3 || text[text.size() - 3] != '*') return false;
  const int high = hex_digit(text[text.size() - 2]), low = hex_digit(text[text.size() - 1]);
  text.remove_suffix(3);
  return high >= 0 && low >= 0 && sum_of(text) == static_cast<unsigned>(high * 16 + low);
}

std::optional<int> number(std::string_view text, int least, int most) {
  const auto value = read_whole(text, least, most);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

// "095559" or "095559.25" as milliseconds of the day.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  if (text.size() < 6) return {};
  const auto hour = number(text.substr(0, 2), 0, 23), minute = number(text.substr(2, 2), 0, 59);
  const auto second = read_fixed(text.substr(4), 3);
  if (!hour || !minute || !second || text[4] == '-' || text[4] == '+' || *second < 0 || *second >= 61'000) return {};
  return (std::int64_t{*hour} * 60 + *minute) * 60'000 + std::min<std::int64_t>(*second, 59'999);
}

// "6005.071" as 10^-7 degrees.
std::optional<std::int32_t> angle(std::string_view text, std::string_view side, char plus, char minus, std::int64_t most) {
  const auto value = read_fixed(text, 7);
  if (!value || *value < 0 || text[0] == '-' || side.size() != 1 || (side[0] != plus && side[0] != minus)) return {};
  const std::int64_t degrees = *value / 1'000'000'000, minutes = *value % 1'000'000'000;
  if (minutes >= 600'000'000) return {};
  const std::int64_t e7 = degrees * 10'000'000 + (minutes + 30) / 60;
  if (e7 > most) return {};
  return static_cast<std::int32_t>(side[0] == minus ? -e7 : e7);
}

std::optional<std::int32_t> knots(std::string_view text) {
  const auto thousandths = read_fixed(text, 3);
  if (!thousandths || *thousandths < 0 || *thousandths > 30'000'000) return {};
  return static_cast<std::int32_t>((*thousandths * 463 + 450) / 900);
}

std::optional<std::int32_t> course(std::string_view text) {
  const auto hundredths = read_fixed(text, 2);
  if (!hundredths || *hundredths < 0 || *hundredths > 36'000) return {};
  return static_cast<std::int32_t>(*hundredths % 36'000);
}

// A mode indicator that stands for a fix by satellite; absent in old receivers.
bool is_fix(std::string_view mode) { return mode.empty() || std::string_view("ADFRP").find(mode[0]) != std::string_view::npos; }

// A date without century, or one that has lost 1024 weeks, made whole by what is known of the day.
std::optional<Instant> settled(int day, int month, int year, std::int64_t of_day, std::optional<Instant> about) {
  const auto at_year = [&](int whole) { return instant_of({whole, month, day, 0, 0, 0, 0}); };
  if (!about) {
    const auto at = at_year(year >= 80 ? 1900 + year : 2000 + year);
    return at ? std::optional(*at + Millis::from_ms(of_day)) : std::nullopt;
  }
  std::optional<Instant> best;
  const auto off = [&about](Instant at) { return std::llabs((at - *about).ms()); };
  for (const int century : {1900, 2000, 2100}) {
    const auto at = at_year(century + year);
    if (at && (!best || off(*at + Millis::from_ms(of_day)) < off(*best))) best = *at + Millis::from_ms(of_day);
  }
  for (int rolls = 1; best && rolls <= 2; ++rolls) {
    const Instant later = *best + Millis::from_ms(kWeeks1024.ms() * rolls);
    if (off(later) <= kDay.ms()) return later;
  }
  return best;
}

}  // namespace

struct NmeaReader::Fields {
  std::array<std::string_view, 32> at{};
  std::size_t count = 0;
  std::string_view operator[](std::size_t i) const { return i < count ? at[i] : std::string_view{}; }
  std::string_view formatter() const { return at[0].substr(2); }  ///< "RMC" of "GPRMC"
};

void NmeaReader::refuse(Readings& into, Rule rule, std::string found, std::string accepted) const {
  into.refuse({rule, std::move(found), std::move(accepted), where()});
}

void NmeaReader::text(std::string_view lines, Readings& into) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    line(lines.substr(0, end), into);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

void NmeaReader::line(std::string_view line, Readings& into) {
  ++line_;
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  if (line.empty()) return;
  if (line.size() > kMostSentence)
    return refuse(into, Rule::nmea_sentence, std::to_string(line.size()) + " bytes", "at most 1024");
  while (line[0] == '\\') {
    const auto end = line.find('\\', 1);
    if (end == std::string_view::npos || !tag_block(line.substr(1, end - 1))) {
      return refuse(into, Rule::nmea_sentence, "the TAG block \"" + base::excerpt(line) + "\"", "\\name:value,…*checksum\\");
    }
    line.remove_prefix(end + 1);
    if (line.empty()) return;
  }
  sentence(line, into);
}

bool NmeaReader::tag_block(std::string_view block) {
  if (!take_sum(block)) return false;
  while (!block.empty()) {
    const std::string_view one = block.substr(0, block.find(','));
    block.remove_prefix(std::min(block.size(), one.size() + 1));
    if (!one.starts_with("c:")) continue;
    const auto time = read_whole(one.substr(2), 0, 99'999'999'999'999);
    if (!time) return false;
    stamped_ = Instant::from_ms(*time >= 100'000'000'000 ? *time : *time * 1000);
    stream_ = day_ = stamped_;
  }
  return true;
}

void NmeaReader::sentence(std::string_view sentence, Readings& into) {
  const char start = sentence[0];
  sentence.remove_prefix(1);
  if ((start != '$' && start != '!') || !take_sum(sentence)) {
    return refuse(into, Rule::nmea_sentence, "\"" + base::excerpt(sentence) + "\" after '" + base::excerpt({&start, 1}) + "'",
                  "$ or !, fields parted by commas, * and the checksum that holds");
  }
  Fields fields;
  for (std::string_view rest = sentence;; ++fields.count) {
    if (fields.count == fields.at.size()) {  // no sentence that is read here has so many
      ++into.of_other_kinds;
      return;
    }
    const auto comma = rest.find(',');
    fields.at[fields.count] = rest.substr(0, comma);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  ++fields.count;
  const std::string_view address = fields[0];
  if (address == "PGHP") return pghp(fields);
  if (address.size() == 5 && address[0] != 'P') {
    const std::string_view kind = fields.formatter();
    if (start == '!' && (kind == "VDM" || kind == "VDO")) return ais(fields, into);
    if (kind == "RMC") return rmc(fields, into);
    if (kind == "GGA") return gga(fields, into);
    if (kind == "GNS") return gns(fields, into);
    if (kind == "GLL") return gll(fields, into);
    if (kind == "VTG") return vtg(fields);
    if (kind == "ZDA") return zda(fields);
  }
  ++into.of_other_kinds;
}

// !BSVDM,total,number,id,channel,payload,fill
void NmeaReader::ais(const Fields& fields, Readings& into) {
  const auto total = number(fields[1], 1, 9), which = number(fields[2], 1, 9), fill = number(fields[6], 0, 5);
  if (fields.count != 7 || !total || !which || *which > *total || !fill) {
    return refuse(into, Rule::nmea_sentence,
                  "VDM with parts \"" + base::excerpt(fields[1]) + "\", \"" + base::excerpt(fields[2]) + "\"",
                  "total, number, id, channel, payload, fill bits 0 to 5");
  }
  const bool is_own = fields.formatter() == "VDO";
  if (*total > 1)
    return part(fields, static_cast<unsigned>(*total), static_cast<unsigned>(*which), static_cast<unsigned>(*fill), is_own, into);
  message(fields[5], static_cast<unsigned>(*fill), is_own, std::exchange(stamped_, {}), into);
}

void NmeaReader::part(const Fields& fields, unsigned total, unsigned number, unsigned fill, bool is_own, Readings& into) {
  const auto id = read_whole(fields[3], 0, 9);
  const char channel = fields[4].empty() ? ' ' : fields[4][0];
  if (!id || (number < total && fill != 0) || fields[5].size() > kMostAisPayload) {
    stamped_.reset();
    return refuse(into, Rule::ais_payload, "a part without an id, or with fill bits in its middle", "an id from 0 to 9");
  }
  const auto given_up = [&](const Parts& one) { return line_ - one.last_line > kPatience; };
  for (const Parts& one : parts_) {
    if (given_up(one)) refuse(into, Rule::ais_payload, "a message whose other parts did not come", "all its parts");
  }
  std::erase_if(parts_, given_up);
  auto open = std::find_if(parts_.begin(), parts_.end(), [&](const Parts& one) {
    return one.id == static_cast<unsigned>(*id) && one.channel == channel && one.total == total && one.is_own == is_own;
  });
  if (number == 1) {
    if (open != parts_.end()) {
      refuse(into, Rule::ais_payload, "a message whose other parts did not come", "all its parts");
      parts_.erase(open);
    }
    if (parts_.size() == kMostPending) {
      refuse(into, Rule::ais_payload, "a message whose other parts did not come", "all its parts");
      parts_.erase(parts_.begin());
    }
    parts_.push_back({total, 0, static_cast<unsigned>(*id), channel, {}, 0, line_, std::exchange(stamped_, {}), is_own});
    open = parts_.end() - 1;
  }
  stamped_.reset();
  if (open == parts_.end() || open->have + 1 != number) {
    if (open != parts_.end()) parts_.erase(open);
    return refuse(into, Rule::ais_payload, "part " + std::to_string(number) + " without those before it",
                  "the parts in their order");
  }
  open->payloads[open->have++] = fields[5];
  open->last_line = line_;
  if (open->have < total) return;
  std::string payload;
  for (unsigned i = 0; i < total; ++i) payload += open->payloads[i];
  const auto heard = open->heard;
  parts_.erase(open);
  message(payload, fill, is_own, heard, into);
}

void NmeaReader::message(std::string_view payload, unsigned fill, bool is_own, std::optional<Instant> heard, Readings& into) {
  const auto bits = AisBits::read(payload, fill);
  if (!bits) return refuse(into, Rule::ais_payload, "\"" + base::excerpt(payload) + "\"", "1 to 178 characters of six bits each");
  auto read = read_ais(*bits);
  if (!read) {
    read.error().where = where();
    return into.refuse(std::move(read).error());
  }
  if (read->without_place) ++into.without_place;
  if (read->particulars) {
    if (is_own) read->particulars->unit = options_.own_unit;
    into.particulars.push_back(std::move(*read->particulars));
  }
  if (!read->reading) {
    if (!read->particulars && !read->without_place) ++into.of_other_kinds;
    return;
  }
  if (!heard) heard = heard_ ? heard_ : stream_;
  if (!heard)
    return refuse(into, Rule::nmea_time_unknown, "a report without a time beside it", "PGHP, a TAG block with c:, or a clock");
  Instant at = *heard;
  if (read->second) {
    const std::int64_t of_minute = ((heard->ms() % kMinute.ms()) + kMinute.ms()) % kMinute.ms();
    Instant taken = *heard - Millis::from_ms(of_minute) + Millis::from_seconds(*read->second);
    if (taken > *heard + kAhead) taken = taken - kMinute;
    if (taken + kMinute <= *heard + kAhead) taken = taken + kMinute;
    if (*heard - taken <= kBehind) at = taken;
  }
  Reading& reading = *read->reading;
  reading.position.time = at;
  if (is_own) reading.position.unit = options_.own_unit;
  if (auto fine = model::check_position(reading.position); !fine)
    return refuse(into, fine.error().rule, fine.error().found, fine.error().accepted);
  into.fixes.push_back(std::move(reading));
}

// $GPRMC,time,status,lat,N,lon,E,knots,course,ddmmyy,variation,E,mode
void NmeaReader::rmc(const Fields& fields, Readings& into) {
  if (fields[2] != "A" || !is_fix(fields[12])) {
    ++into.without_place;
    return;
  }
  const auto of_day = time_of_day(fields[1]);
  const std::string_view date = fields[9];
  std::optional<Instant> at;
  if (of_day && date.size() == 6) {
    const auto day = number(date.substr(0, 2), 1, 31), month = number(date.substr(2, 2), 1, 12),
               year = number(date.substr(4, 2), 0, 99);
    if (day && month && year) at = settled(*day, *month, *year, *of_day, heard_ ? heard_ : options_.about);
  }
  if (!at) {
    return refuse(into, Rule::nmea_sentence, "the time \"" + base::excerpt(fields[1]) + "\" of \"" + base::excerpt(date) + "\"",
                  "hhmmss.sss and ddmmyy");
  }
  stream_ = day_ = at;
  speed_mmps_ = knots(fields[7]);
  course_cdeg_ = course(fields[8]);
  fix(fields, 1, 3, 4, at, into);
}

// $GPGGA,time,lat,N,lon,E,quality,satellites,hdop,altitude,M,geoid,M,…
void NmeaReader::gga(const Fields& fields, Readings& into) {
  const auto quality = number(fields[6], 0, 9);
  if (!quality) return refuse(into, Rule::nmea_sentence, "GGA of quality \"" + base::excerpt(fields[6]) + "\"", "0 to 8");
  if (*quality == 0 || *quality > 5) {
    ++into.without_place;
    return;
  }
  const auto height = read_fixed(fields[9], 3), geoid = read_fixed(fields[11], 3);
  altitude_time_ = height && geoid ? time_of_day(fields[1]) : std::nullopt;
  if (altitude_time_) altitude_ = Metres::from_mm(*height + *geoid);
  fix(fields, 1, 2, 2, {}, into);
}

// $GNGNS,time,lat,N,lon,E,modes,satellites,hdop,altitude,geoid,…
void NmeaReader::gns(const Fields& fields, Readings& into) {
  const std::string_view modes = fields[6];
  if (modes.empty() || std::none_of(modes.begin(), modes.end(), [](char c) { return is_fix({&c, 1}); })) {
    ++into.without_place;
    return;
  }
  const auto height = read_fixed(fields[9], 3), geoid = read_fixed(fields[10], 3);
  altitude_time_ = height && geoid ? time_of_day(fields[1]) : std::nullopt;
  if (altitude_time_) altitude_ = Metres::from_mm(*height + *geoid);
  fix(fields, 1, 2, 3, {}, into);
}

// $GPGLL,lat,N,lon,E,time,status,mode
void NmeaReader::gll(const Fields& fields, Readings& into) {
  if (fields[6] != "A" || !is_fix(fields[7])) {
    ++into.without_place;
    return;
  }
  fix(fields, 5, 1, 1, {}, into);
}

// $GPVTG,course,T,magnetic,M,knots,N,km/h,K,mode
void NmeaReader::vtg(const Fields& fields) {
  if (!is_fix(fields[9])) return;
  course_cdeg_ = fields[2] == "T" ? course(fields[1]) : std::nullopt;
  speed_mmps_ = fields[6] == "N" ? knots(fields[5]) : std::nullopt;
}

// $GPZDA,time,day,month,year,zone,zone
void NmeaReader::zda(const Fields& fields) {
  const auto of_day = time_of_day(fields[1]);
  const auto day = number(fields[2], 1, 31), month = number(fields[3], 1, 12), year = number(fields[4], 1980, 2199);
  if (!of_day || !day || !month || !year) return;  // a clock that does not know the day sends empty fields
  if (const auto date = instant_of({*year, *month, *day, 0, 0, 0, 0})) stream_ = day_ = *date + Millis::from_ms(*of_day);
}

// $PGHP,1,year,month,day,hour,minute,second,ms,country,region,station,on line,checksum of the next sentence
void NmeaReader::pghp(const Fields& fields) {
  Civil civil;
  const std::array<int*, 7> parts{&civil.year, &civil.month, &civil.day, &civil.hour, &civil.minute, &civil.second, &civil.ms};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = number(fields[i + 2], 0, 9999);
    if (!value) return;
    *parts[i] = *value;
  }
  if (const auto at = instant_of(civil)) stream_ = day_ = stamped_ = at;
}

void NmeaReader::fix(const Fields& fields, std::size_t time, std::size_t lat, int rank, std::optional<Instant> day,
                     Readings& into) {
  const auto of_day = time_of_day(fields[time]);
  const auto north = angle(fields[lat], fields[lat + 1], 'N', 'S', 900'000'000),
             east = angle(fields[lat + 2], fields[lat + 3], 'E', 'W', 1'800'000'000);
  if (!of_day || !north || !east) {
    return refuse(
        into, Rule::nmea_sentence,
        std::string(fields[0]) + " at \"" + base::excerpt(fields[lat]) + "\", \"" + base::excerpt(fields[lat + 2]) + "\"",
        "hhmmss, ddmm.mmm,N and dddmm.mmm,E");
  }
  if (!day && !day_)
    return refuse(into, Rule::nmea_time_unknown, std::string(fields[0]) + " names no day",
                  "RMC or ZDA before it, or a day given beside");
  const Instant at = day ? *day : nearest_day(*of_day, *day_);
  if (rank < rank_ && ranked_ && at - *ranked_ < kMinute && *ranked_ - at < kMinute) {
    ++into.of_other_kinds;
    return;
  }
  rank_ = rank;
  ranked_ = at;
  if (!day) day_ = at;
  if (last_fix_ == at) {
    ++into.of_other_kinds;
    return;
  }
  last_fix_ = at;
  Reading reading;
  model::Position& position = reading.position;
  position.unit = options_.own_unit;
  position.time = at;
  position.place = {*east, *north};
  position.speed_mmps = std::exchange(speed_mmps_, {});
  position.course_cdeg = std::exchange(course_cdeg_, {});
  if (altitude_time_ == *of_day && altitude_ >= model::kLeastAltitude && altitude_ <= model::kMostAltitude)
    position.altitude = altitude_;
  position.source = model::PositionSource::gnss;
  take(into, std::move(reading), where());
}

void NmeaReader::finish(Readings& into) {
  for (std::size_t i = 0; i < parts_.size(); ++i)
    refuse(into, Rule::ais_payload, "a message whose other parts did not come", "all its parts");
  parts_.clear();
}

}  // namespace wideberth::feeds

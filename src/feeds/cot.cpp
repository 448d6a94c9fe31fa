#include "feeds/cot.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "feeds/number.h"

namespace wideberth::feeds {
namespace {

constexpr std::size_t kMostAttribute = 1024;  // of those that are kept apart; all else goes by the size of the event
constexpr std::int64_t kUnknownMm = 999'999'000;

// Hears one event. The first fault stays; what comes after it is passed over.
class CotListener final : public XmlListener {
 public:
  CotListener(std::string_view xml, CotEvent& event) : xml_{xml}, event_{event} {}

  void opened(std::string_view name, const XmlAttributes& attributes, std::size_t from, std::size_t) override {
    ++depth_;
    if (depth_ == 1) return event(name, attributes);
    if (depth_ == 2) child(name, attributes, from);
    if (depth_ == 3 && in_detail_) told(name, attributes);
  }

  void closed(std::string_view, std::size_t to) override {
    if (depth_ == 2 && child_from_) {
      const std::string_view element = xml_.substr(*child_from_, to - *child_from_);
      if (in_detail_)
        event_.detail = element;
      else
        event_.others += element;
      child_from_.reset();
      in_detail_ = false;
    }
    --depth_;
  }

  std::optional<Refusal> finish() {
    if (!fault_ && !has_point_) fail(Rule::cot_event, "an event without <point>", "one <point lat= lon= …/>");
    return std::move(fault_);
  }

 private:
  void fail(Rule rule, std::string found, std::string accepted) {
    if (!fault_) fault_ = Refusal{rule, std::move(found), std::move(accepted), {}};
  }

  void keep(std::string_view name, std::string_view value, std::string& into) {
    if (value.size() > kMostAttribute)
      return fail(Rule::cot_event, std::string(name) + " of " + std::to_string(value.size()) + " bytes", "at most 1024");
    into = value;
  }

  void time(std::string_view name, std::string_view value, Instant& into, unsigned bit) {
    const auto at = read_time(value);
    if (!at)
      return fail(Rule::time_malformed, std::string(name) + " \"" + base::excerpt(value) + "\"",
                  "such as 2020-12-16T19:59:34.915Z");
    into = *at;
    seen_ |= bit;
  }

  void event(std::string_view name, const XmlAttributes& attributes) {
    if (name != "event") return fail(Rule::cot_event, "<" + base::excerpt(name) + ">", "<event>");
    attributes.each([this](std::string_view key, std::string_view value) {
      if (key == "uid") {
        keep(key, value, event_.uid);
      } else if (key == "type") {
        keep(key, value, event_.type);
      } else if (key == "time") {
        time(key, value, event_.time, 1);
      } else if (key == "start") {
        time(key, value, event_.start, 2);
      } else if (key == "stale") {
        time(key, value, event_.stale, 4);
      } else if (key == "how") {
        keep(key, value, event_.how);
      } else if (key == "version") {
        if (value != "2.0" && value != "2") fail(Rule::cot_event, "version " + base::excerpt(value), "version 2.0");
      } else if (key == "access") {
        keep(key, value, event_.access);
      } else if (key == "qos") {
        keep(key, value, event_.qos);
      } else if (key == "opex") {
        keep(key, value, event_.opex);
      } else {
        event_.attributes += ' ';
        event_.attributes += key;
        event_.attributes += "=\"";
        append_escaped(event_.attributes, value);
        event_.attributes += '"';
      }
    });
    if (event_.uid.empty() || event_.type.empty() || seen_ != 7) {
      fail(Rule::cot_event, "an event without uid, type, time, start or stale", "all five");
    }
  }

  void child(std::string_view name, const XmlAttributes& attributes, std::size_t from) {
    if (name == "point") return point(attributes);
    child_from_ = from;
    if (name == "detail") {
      if (!event_.detail.empty()) fail(Rule::cot_event, "<detail> a second time", "one");
      in_detail_ = true;
    } else if (name == "contact") {
      told(name, attributes);  // some devices set it beside the detail
    }
  }

  std::optional<std::int64_t> number(std::string_view name, std::string_view value, int decimals) {
    const auto number = read_fixed(value, decimals);
    if (!number) fail(Rule::number_malformed, std::string(name) + " \"" + base::excerpt(value) + "\"", "a decimal number");
    return number;
  }

  // A length that may be "not known", as 9999999 or NaN.
  std::optional<Metres> metres(std::string_view name, std::string_view value) {
    if (value == "NaN") return {};
    const auto mm = number(name, value, 3);
    if (!mm || *mm >= kUnknownMm || *mm <= -kUnknownMm) return {};
    return Metres::from_mm(*mm);
  }

  void degrees(std::string_view name, std::string_view value, std::int64_t most, std::int32_t& into, unsigned bit) {
    seen_ |= bit;
    const auto e7 = number(name, value, 7);
    if (!e7) return;
    if (*e7 > most || *e7 < -most) {
      return fail(Rule::place_out_of_range, std::string(name) + " " + base::excerpt(value),
                  "within " + std::to_string(most / 10'000'000) + " degrees");
    }
    into = static_cast<std::int32_t>(*e7);
  }

  void point(const XmlAttributes& attributes) {
    if (has_point_) return fail(Rule::cot_event, "<point> a second time", "one");
    has_point_ = true;
    attributes.each([this](std::string_view key, std::string_view value) {
      if (key == "lat") {
        degrees(key, value, 900'000'000, event_.place.lat_e7, 8);
      } else if (key == "lon") {
        degrees(key, value, 1'800'000'000, event_.place.lon_e7, 16);
      } else if (key == "hae") {
        event_.hae = metres(key, value);
      } else if (key == "ce") {
        event_.ce = metres(key, value);
      } else if (key == "le") {
        event_.le = metres(key, value);
      }
    });
    if ((seen_ & 24) != 24) fail(Rule::cot_event, "<point> without lat or lon", "both");
  }

  void told(std::string_view name, const XmlAttributes& attributes) {
    if (name == "contact") {
      attributes.each([this](std::string_view key, std::string_view value) {
        if (key == "callsign") keep(key, value, event_.callsign);
      });
    } else if (name == "track") {
      attributes.each([this](std::string_view key, std::string_view value) { track(key, value); });
    }
  }

  // A track that cannot be read says nothing: devices send NaN and negative numbers for "standing".
  void track(std::string_view key, std::string_view value) {
    if (key == "speed") {
      const auto speed = read_fixed(value, 3);
      if (speed && *speed >= 0 && *speed <= model::kMostSpeed_mmps) event_.speed_mmps = static_cast<std::int32_t>(*speed);
    } else if (key == "course") {
      const auto course = read_fixed(value, 2);
      if (course && *course >= 0 && *course <= 36'000) event_.course_cdeg = static_cast<std::int32_t>(*course % 36'000);
    }
  }

  std::string_view xml_;
  CotEvent& event_;
  int depth_ = 0;
  unsigned seen_ = 0;
  bool has_point_ = false;
  bool in_detail_ = false;
  std::optional<std::size_t> child_from_{};
  std::optional<Refusal> fault_{};
};

void attribute(std::string& xml, const char* name, std::string_view value) {
  xml += ' ';
  xml += name;
  xml += "=\"";
  append_escaped(xml, value);
  xml += '"';
}

std::string decimal_or_unknown(const std::optional<Metres>& length) {
  return length ? write_fixed(length->mm(), 3) : "9999999.0";
}

constexpr std::string_view kEnd = "</event>";

}  // namespace

Result<CotEvent> CotReader::read(std::string_view xml) {
  if (xml.size() > kMostCotEvent) {
    return base::refuse(Rule::feed_record_too_large, std::to_string(xml.size()) + " bytes",
                        "at most " + std::to_string(kMostCotEvent));
  }
  // What stands before a declaration makes it misplaced; streams part events with line ends.
  while (!xml.empty() && (xml[0] == '\n' || xml[0] == '\r' || xml[0] == ' ' || xml[0] == '\t')) xml.remove_prefix(1);
  CotEvent event;
  CotListener listener(xml, event);
  WB_TRY_VOID(parser_.parse(xml, listener, false));
  if (auto fault = listener.finish()) return tl::unexpected<Refusal>(std::move(*fault));
  return event;
}

std::string to_xml(const CotEvent& event) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<event version=\"2.0\"";
  attribute(xml, "uid", event.uid);
  attribute(xml, "type", event.type);
  if (!event.access.empty()) attribute(xml, "access", event.access);
  if (!event.qos.empty()) attribute(xml, "qos", event.qos);
  if (!event.opex.empty()) attribute(xml, "opex", event.opex);
  attribute(xml, "time", base::to_text(event.time));
  attribute(xml, "start", base::to_text(event.start));
  attribute(xml, "stale", base::to_text(event.stale));
  if (!event.how.empty()) attribute(xml, "how", event.how);
  xml += event.attributes;
  xml += "><point";
  attribute(xml, "lat", write_fixed(event.place.lat_e7, 7));
  attribute(xml, "lon", write_fixed(event.place.lon_e7, 7));
  attribute(xml, "hae", decimal_or_unknown(event.hae));
  attribute(xml, "ce", decimal_or_unknown(event.ce));
  attribute(xml, "le", decimal_or_unknown(event.le));
  xml += "/>";
  xml += event.others;
  xml += event.detail;
  xml += kEnd;
  return xml;
}

void CotSplitter::add(std::string_view bytes) {
  held_.erase(0, done_);
  searched_ -= std::min(searched_, done_);
  done_ = 0;
  held_ += bytes;
}

std::optional<std::string_view> CotSplitter::next() {
  for (;;) {
    const auto at = held_.find(kEnd, std::max(done_, searched_));
    if (at == std::string::npos) break;
    const std::size_t end = at + kEnd.size();
    const auto event = std::string_view(held_).substr(done_, end - done_);
    done_ = searched_ = end;
    if (std::exchange(is_skipping_, false)) continue;
    if (event.size() <= kMostCotEvent) return event;
    ++too_long_;
  }
  searched_ = std::max(done_, held_.size() - std::min(held_.size(), kEnd.size() - 1));
  if (is_skipping_ || held_.size() - done_ > kMostCotEvent) {
    if (!is_skipping_) ++too_long_;
    is_skipping_ = true;
    done_ = searched_;
  }
  return {};
}

std::uint64_t CotSplitter::take_too_long() { return std::exchange(too_long_, 0); }

void take_cot(const CotEvent& event, const CotOptions& options, Readings& into, const std::string& where) {
  const bool is_atom = event.type.starts_with("a-") && event.type.size() > 2;
  if (!is_atom || (!options.every_side && event.type[2] != 'f')) {
    ++into.of_other_kinds;
    return;
  }
  if (event.place == geo::Place{} && !event.ce) {
    ++into.without_place;
    return;
  }
  Reading reading;
  model::Position& position = reading.position;
  position.unit = options.by_uid || event.callsign.empty() ? event.uid : event.callsign;
  position.time = event.time;
  position.place = event.place;
  if (event.ce && event.ce->mm() > 0) {
    const auto radius = Metres::from_mm((event.ce->mm() * 2448 + 999) / 1000);
    if (radius <= model::kMostAccuracy) position.accuracy = radius;
  }
  if (event.hae && *event.hae >= model::kLeastAltitude && *event.hae <= model::kMostAltitude) position.altitude = event.hae;
  position.speed_mmps = event.speed_mmps;
  position.course_cdeg = event.course_cdeg;
  position.source = event.how.starts_with("h-g") ? model::PositionSource::observed : model::PositionSource::cot;
  take(into, std::move(reading), where.empty() ? event.uid : where);
}

}  // namespace wideberth::feeds

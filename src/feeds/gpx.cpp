#include "feeds/gpx.h"

#include "base/bytes.h"
#include "feeds/number.h"
#include "feeds/xml.h"

namespace wideberth::feeds {
namespace {

constexpr std::size_t kMostText = 256;

class GpxListener final : public XmlListener {
 public:
  GpxListener(const TrackOptions& options, Readings& into) : options_{options}, into_{into} {}

  void opened(std::string_view name, const XmlAttributes& attributes, std::size_t, std::size_t) override {
    ++depth_;
    text_.clear();
    if (depth_ == 1) {
      is_gpx = name == "gpx";
    } else if (depth_ == 2) {
      in_track_ = name == "trk";
      if (in_track_) {
        ++track_;
        point_ = 0;
        track_name_.clear();
      } else if (name == "wpt" || name == "rte") {
        ++into_.of_other_kinds;
      }
    } else if (in_track_ && depth_ == 4 && name == "trkpt") {
      begin(attributes);
    }
  }

  void closed(std::string_view name, std::size_t) override {
    if (in_track_ && depth_ == 3 && name == "name") {
      track_name_ = trimmed();
    } else if (in_point_ && depth_ == 4) {
      end();
    } else if (in_point_ && name == "time" && depth_ == 5) {
      time(trimmed());
    } else if (in_point_ && name == "speed") {
      // Extensions differ: what is no number says nothing.
      const auto speed = read_fixed(trimmed(), 3);
      if (speed && *speed >= 0 && *speed <= model::kMostSpeed_mmps)
        reading_.position.speed_mmps = static_cast<std::int32_t>(*speed);
    } else if (in_point_ && name == "course") {
      const auto course = read_fixed(trimmed(), 2);
      if (course && *course >= 0 && *course <= 36'000)
        reading_.position.course_cdeg = static_cast<std::int32_t>(*course % 36'000);
    }
    text_.clear();
    --depth_;
  }

  void text(std::string_view piece) override {
    if (text_.size() < kMostText) text_ += piece;
  }

  bool is_gpx = false;

 private:
  void fail(Rule rule, std::string found, std::string accepted) {
    if (!fault_) fault_ = Refusal{rule, std::move(found), std::move(accepted), {}};
  }

  std::string_view trimmed() const {
    const std::string_view all(text_);
    const auto first = all.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return all.substr(first, all.find_last_not_of(" \t\r\n") - first + 1);
  }

  void time(std::string_view text) {
    const auto at = read_time(text);
    if (!at) return fail(Rule::time_malformed, "\"" + base::excerpt(text) + "\"", "such as 2020-08-25T06:58:12Z");
    reading_.position.time = *at;
    has_time_ = true;
  }

  void begin(const XmlAttributes& attributes) {
    ++point_;
    in_point_ = true;
    has_time_ = false;
    fault_.reset();
    reading_ = Reading{};
    unsigned seen = 0;
    attributes.each([&](std::string_view key, std::string_view value) {
      if (key == "lat") {
        seen |= degrees(key, value, 900'000'000, reading_.position.place.lat_e7) ? 1U : 0U;
      } else if (key == "lon") {
        seen |= degrees(key, value, 1'800'000'000, reading_.position.place.lon_e7) ? 2U : 0U;
      }
    });
    if (seen != 3) fail(Rule::number_malformed, "a point without lat or lon", "both");
  }

  bool degrees(std::string_view name, std::string_view value, std::int64_t most, std::int32_t& into) {
    const auto e7 = read_fixed(value, 7);
    if (!e7) {
      fail(Rule::number_malformed, std::string(name) + " \"" + base::excerpt(value) + "\"", "decimal degrees");
      return false;
    }
    if (*e7 > most || *e7 < -most) {
      fail(Rule::place_out_of_range, std::string(name) + " " + base::excerpt(value),
           "within " + std::to_string(most / 10'000'000) + " degrees");
      return false;
    }
    into = static_cast<std::int32_t>(*e7);
    return true;
  }

  void end() {
    in_point_ = false;
    const std::string where = "track " + std::to_string(track_) + ", point " + std::to_string(point_);
    if (!fault_ && !has_time_) fail(Rule::track_time_missing, "a point without a time", "a time for every point");
    if (fault_) {
      fault_->where = where;
      return into_.refuse(std::move(*fault_));
    }
    reading_.position.unit = options_.unit.empty() ? track_name_ : options_.unit;
    reading_.position.source = model::PositionSource::gnss;
    take(into_, std::move(reading_), where);
  }

  const TrackOptions& options_;
  Readings& into_;
  int depth_ = 0;
  bool in_track_ = false, in_point_ = false, has_time_ = false;
  std::uint64_t track_ = 0, point_ = 0;
  std::string text_{}, track_name_{};
  Reading reading_{};
  std::optional<Refusal> fault_{};
};

}  // namespace

Result<Readings> read_gpx(std::string_view text, const TrackOptions& options) {
  if (text.size() > kMostTrackFile) {
    return base::refuse(Rule::feed_record_too_large, std::to_string(text.size()) + " bytes",
                        "at most " + std::to_string(kMostTrackFile));
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  Readings readings;
  GpxListener listener(options, readings);
  WB_TRY_VOID(XmlParser().parse(text, listener, true));
  if (!listener.is_gpx) return base::refuse(Rule::gpx_root, "another element", "<gpx>");
  return readings;
}

}  // namespace wideberth::feeds

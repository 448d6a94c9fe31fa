#include "feeds/tak_stream.h"

#include <utility>

namespace wideberth::feeds {
namespace {

constexpr Millis kAnswerTime = Millis::from_seconds(60);
constexpr Millis kPingAfter = Millis::from_seconds(15), kPingAgain = Millis::from_ms(4'500), kSilence = Millis::from_seconds(25);
constexpr Millis kServerPatience = Millis::from_seconds(600);
constexpr std::size_t kMostVersions = 32;

// What <TakControl> says: the versions offered, the one asked for, the answer.
class ControlListener final : public XmlListener {
 public:
  void opened(std::string_view name, const XmlAttributes& attributes, std::size_t, std::size_t) override {
    attributes.each([&](std::string_view key, std::string_view value) {
      if (name == "TakProtocolSupport" && key == "version" && versions.size() < kMostVersions) versions.emplace_back(value);
      if (name == "TakRequest" && key == "version") asked = value;
      if (name == "TakResponse" && key == "status") answer = value;
    });
  }
  void closed(std::string_view, std::size_t) override {}
  std::vector<std::string> versions{};
  std::string asked{}, answer{};
};

std::string control_detail(const std::string& element) { return "<detail><TakControl>" + element + "</TakControl></detail>"; }

}  // namespace

CotEvent control_event(std::string uid, std::string type, Instant now, std::string detail) {
  CotEvent event;
  event.uid = std::move(uid);
  event.type = std::move(type);
  event.how = "m-g";
  event.time = event.start = now;
  event.stale = now + Millis::from_seconds(60);
  event.hae = Metres{};
  event.detail = std::move(detail);
  return event;
}

TakStream::TakStream(TakRole role, std::string uid, Instant now) : role_{role}, uid_{std::move(uid)}, heard_{now} {}

std::string TakStream::open(Instant now) {
  if (role_ == TakRole::client) return {};
  return to_xml(control_event(uid_, "t-x-takp-v", now, control_detail("<TakProtocolSupport version=\"1\"/>")));
}

TakTold TakStream::receive(std::string_view bytes, Instant now) {
  TakTold told;
  heard_ = now;
  pinged_ = Instant{};
  if (state_ == State::version_1) {
    frames_ += bytes;
  } else {
    splitter_.add(bytes);
    read_xml(now, told);
  }
  if (state_ == State::version_1) read_frames(now, told);
  return told;
}

void TakStream::read_xml(Instant now, TakTold& told) {
  while (state_ != State::version_1) {
    const auto xml = splitter_.next();
    for (auto count = splitter_.take_too_long(); count > 0; --count) {
      told.refused.push_back(
          {Rule::feed_record_too_large, "an event that is too long", "at most " + std::to_string(kMostCotEvent) + " bytes", {}});
    }
    if (!xml) return;
    auto event = cot_.read(*xml);
    if (event)
      take(std::move(*event), now, told);
    else
      told.refused.push_back(std::move(event).error());
  }
  frames_ = splitter_.rest();  // what follows the answer is version 1 already
  splitter_ = CotSplitter{};
}

void TakStream::read_frames(Instant now, TakTold& told) {
  std::size_t done = 0;
  for (;;) {
    const std::string_view rest = std::string_view(frames_).substr(done);
    const auto head = read_frame_head(rest);
    if (!head) {
      told.refused.push_back(head.error());
      told.is_over = true;
      done = frames_.size();
      break;
    }
    if (!*head || rest.size() < (*head)->head + (*head)->payload) break;
    auto message = tak_.read(rest.substr((*head)->head, (*head)->payload));
    done += (*head)->head + (*head)->payload;
    if (!message)
      told.refused.push_back(std::move(message).error());
    else if (message->event)
      take(std::move(*message->event), now, told);
  }
  frames_.erase(0, done);
}

void TakStream::take(CotEvent&& event, Instant now, TakTold& told) {
  if (event.type == "t-x-c-t") {
    told.reply += send(control_event(event.uid, "t-x-c-t-r", now));
  } else if (event.type.starts_with("t-x-takp-")) {
    negotiate(event, now, told);
  } else if (event.type != "t-x-c-t-r") {
    told.events.push_back(std::move(event));
  }
}

void TakStream::negotiate(const CotEvent& event, Instant now, TakTold& told) {
  ControlListener control;
  if (event.detail.empty() || !XmlParser{}.parse(event.detail, control, false)) return;
  if (role_ == TakRole::server && event.type == "t-x-takp-q" && state_ == State::xml) {
    const bool agreed = control.asked == "1";
    const std::string answer = agreed ? "<TakResponse status=\"true\"/>" : "<TakResponse status=\"false\"/>";
    told.reply += to_xml(control_event(event.uid, "t-x-takp-r", now, control_detail(answer)));
    if (agreed) state_ = State::version_1;
  } else if (role_ == TakRole::client && event.type == "t-x-takp-v" && state_ == State::xml) {
    for (const std::string& version : control.versions) {
      if (version != "1") continue;
      uid_ = event.uid;
      told.reply += to_xml(control_event(uid_, "t-x-takp-q", now, control_detail("<TakRequest version=\"1\"/>")));
      state_ = State::asked;
      asked_ = now;
      return;
    }
  } else if (role_ == TakRole::client && event.type == "t-x-takp-r" && state_ == State::asked && event.uid == uid_) {
    state_ = control.answer == "true" ? State::version_1 : State::xml;
    flush(told);
  }
}

void TakStream::flush(TakTold& told) {
  for (const CotEvent& event : std::exchange(held_, {})) told.reply += send(event);
}

std::string TakStream::send(const CotEvent& event) {
  if (state_ == State::version_1) {
    const auto payload = writer_.write(event);
    return payload ? stream_frame(*payload) : std::string{};
  }
  if (state_ == State::xml) return to_xml(event);
  if (held_.size() == kMostHeld) held_.erase(held_.begin());
  held_.push_back(event);
  return {};
}

TakTold TakStream::tick(Instant now) {
  TakTold told;
  if (state_ == State::asked && now - asked_ > kAnswerTime) told.is_over = true;
  const Millis silent = now - heard_;
  if (role_ == TakRole::server) {
    told.is_over |= silent > kServerPatience;
    return told;
  }
  if (silent > kSilence) {
    told.is_over = true;
  } else if (silent > kPingAfter && state_ != State::asked && (pinged_ == Instant{} || now - pinged_ >= kPingAgain)) {
    pinged_ = now;
    told.reply = send(control_event(uid_ + "-ping", "t-x-c-t", now));
  }
  return told;
}

TakTold TakStream::end() {
  TakTold told;
  told.is_over = true;
  const std::string_view rest = state_ == State::version_1 ? std::string_view(frames_) : splitter_.rest();
  if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    told.refused.push_back(
        {Rule::tak_frame, std::to_string(rest.size()) + " bytes of an event that was cut off", "whole events", {}});
  }
  return told;
}

}  // namespace wideberth::feeds

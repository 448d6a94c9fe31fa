#include "client/events.h"

#include <algorithm>
#include <array>
#include <thread>

#include "net/system.h"

namespace wideberth::client {

using base::Kind;
using base::Refusal;
using base::refuse;
using base::Rule;
using SteadyNow = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

bool worth_repeating(const Refusal& refusal) {
  const Kind kind = base::kind_of(refusal.rule);
  return kind == Kind::unavailable || kind == Kind::too_many;
}

/// Up to a quarter more, by chance, so that a thousand clients do not come back at once.
Millis spread(Millis wait) {
  std::array<unsigned char, 2> chance{};
  net::SystemEntropy().fill(chance);
  return wait + Millis::from_ms(wait.ms() * (chance[0] * 256 + chance[1]) / (4 * 65536));
}

Millis until_moment(SteadyNow::time_point at) {
  return Millis::from_ms(std::max<std::int64_t>(0, std::chrono::ceil<milliseconds>(at - SteadyNow::now()).count()));
}

}  // namespace

EventStream::EventStream(Client client, std::string path, http::Fields query, std::string last_id, Patience patience)
    : client_(std::move(client)),
      path_(std::move(path)),
      query_(std::move(query)),
      last_id_(std::move(last_id)),
      patience_(patience) {}

Result<void> EventStream::open() {
  Question question;
  question.path = path_;
  question.query = query_;
  question.headers.emplace_back("Accept", std::string(http::kEventStream));
  if (!last_id_.empty()) question.headers.emplace_back("Last-Event-ID", last_id_);
  WB_TRY_VOID(client_.connect());
  client_.parser_.expect(false);
  WB_TRY_VOID(client_.send(client_.bytes_of(question)));
  WB_TRY_VOID(client_.read_head());
  const int status = client_.parser_.status();
  if (status == 204) over_ = true;
  if (status != 200) {
    std::string body = client_.parser_.take_body();
    while (!client_.parser_.whole() && body.size() < 64 * 1024) {
      WB_TRY_VOID(client_.read_more());
      body += client_.parser_.take_body();
    }
    if (over_) return refuse(Rule::server_unreachable, "the server has no more events to tell");
    return tl::make_unexpected(refusal_of(status, body));
  }
  const auto type = http::find_field(client_.parser_.headers(), "Content-Type");
  if (!type || !type->starts_with(http::kEventStream))
    return refuse(Rule::server_unintelligible, "found " + std::string(type.value_or("no type")), std::string(http::kEventStream));
  reader_.emplace();
  resumptions_ += opened_before_ ? 1 : 0;
  opened_before_ = true;
  trouble_.reset();
  wait_ = Millis{};
  heard_at_ = SteadyNow::now();
  return {};
}

void EventStream::lost(Refusal why) {
  trouble_ = std::move(why);
  reader_.reset();
  client_.wire_.reset();
  const Millis first = asked_wait_.value_or(patience_.first);
  wait_ = wait_ == Millis{} ? first : std::min(wait_ + wait_, std::max(patience_.most, first));
  try_at_ = SteadyNow::now() + milliseconds(spread(wait_).ms());
}

/// Reads what comes until then.
Result<void> EventStream::take(Moment until) {
  auto& parser = client_.parser_;
  const auto deaf_at = heard_at_ + milliseconds(patience_.silence.ms());
  if (parser.body_waiting() == 0) {
    WB_TRY(received, client_.wire_->receive(until_moment(std::min(until, deaf_at))));
    if (received.timed_out && SteadyNow::now() >= deaf_at)
      return refuse(Rule::server_silent, "no event and no heartbeat for " + base::to_text(patience_.silence), "a heartbeat");
    if (!received.bytes.empty()) heard_at_ = SteadyNow::now();
    parser.add(received.bytes);
    if (received.ended) parser.add_end();
    WB_TRY_VOID(parser.advance());
  }
  WB_TRY(events, reader_->add(parser.take_body()));
  if (reader_->retry()) asked_wait_ = std::min(*reader_->retry(), patience_.most);
  for (auto& event : events) ready_.push_back(std::move(event));
  if (ready_.empty() && parser.whole())
    return refuse(Rule::server_unreachable, "the server ended the stream", "a stream that goes on");
  return {};
}

Result<std::optional<http::Event>> EventStream::next(Millis wait) {
  const Moment until = SteadyNow::now() + milliseconds(wait.ms());
  over_ = false;
  for (;;) {
    if (!ready_.empty()) {
      std::optional<http::Event> event = std::move(ready_.front());
      ready_.pop_front();
      if (!event->id.empty()) last_id_ = event->id;
      return event;
    }
    if (!reader_) {
      std::this_thread::sleep_for(milliseconds(std::min(until_moment(try_at_), until_moment(until)).ms()));
      if (SteadyNow::now() < try_at_) return std::optional<http::Event>();
    }
    auto went = reader_ ? take(until) : open();
    if (!went) {
      const Refusal why = std::move(went).error();
      lost(why);
      if (over_ || !worth_repeating(why)) return tl::make_unexpected(why);
    }
    if (ready_.empty() && SteadyNow::now() >= until) return std::optional<http::Event>();
  }
}

}  // namespace wideberth::client

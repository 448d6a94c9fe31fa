#include "http/event.h"

#include "base/bytes.h"

namespace wideberth::http {

namespace {

void add_line(std::string& out, std::string_view field, std::string_view value) {
  out += field;
  out += ": ";
  for (const char c : value)
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  out += '\n';
}

}  // namespace

std::string to_text(const Event& event) {
  std::string out;
  if (!event.id.empty()) add_line(out, "id", event.id);
  if (!event.name.empty()) add_line(out, "event", event.name);
  for (std::size_t at = 0; at <= event.data.size();) {
    const std::size_t next = std::min(event.data.find('\n', at), event.data.size());
    out += "data: ";
    for (const char c : std::string_view(event.data).substr(at, next - at))
      if (c != '\r') out += c;
    out += '\n';
    at = next + 1;
  }
  out += '\n';
  return out;
}

std::string retry_text(base::Millis wait) { return "retry: " + std::to_string(wait.ms()) + "\n\n"; }

void EventReader::line(std::string_view text, std::vector<Event>& out) {
  if (std::exchange(first_, false) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) {
    if (has_data_) {
      event_.data.pop_back();  // the line end after the last line
      event_.id = last_id_;
      out.push_back(std::move(event_));
    }
    event_ = Event{};
    has_data_ = false;
    return;
  }
  const std::size_t colon = text.find(':');
  if (colon == 0) return;
  const std::string_view field = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    event_.data.append(value) += '\n';
    has_data_ = true;
  } else if (field == "event") {
    event_.name = value;
  } else if (field == "id") {
    if (value.find('\0') == std::string_view::npos) last_id_ = value;
  } else if (field == "retry") {
    if (const auto ms = base::parse_decimal(value, 3'600'000)) retry_ = base::Millis::from_ms(static_cast<std::int64_t>(*ms));
  }
}

Result<std::vector<Event>> EventReader::add(std::string_view bytes) {
  std::vector<Event> out;
  for (const char c : bytes) {
    if (failed_) break;
    const bool second_half = std::exchange(after_cr_, c == '\r') && c == '\n';
    if (second_half) continue;
    if (c == '\r' || c == '\n') {
      line(rest_, out);
      rest_.clear();
    } else {
      rest_ += c;
      failed_ = rest_.size() + event_.data.size() > most_bytes_;
    }
  }
  if (failed_)
    return base::refuse(base::Rule::server_unintelligible,
                        "found an event of more than " + std::to_string(most_bytes_) + " bytes",
                        "at most " + std::to_string(most_bytes_) + " bytes");
  return out;
}

}  // namespace wideberth::http

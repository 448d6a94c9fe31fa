#include "http/body.h"

#include <algorithm>

namespace wideberth::http {

HeadScan::Found HeadScan::look(std::string_view text, std::size_t most_bytes) {
  for (; at_ < text.size(); ++at_) {
    if (at_ >= most_bytes) return Found::too_large;
    if (text[at_] != '\n') continue;
    if (at_ == 0 || text[at_ - 1] != '\r') return Found::bare_line_feed;
    if (at_ >= 3 && text[at_ - 2] == '\n') {
      ++at_;
      return Found::end;
    }
  }
  return Found::nothing_yet;
}

BodyReader BodyReader::of_length(std::uint64_t length) {
  BodyReader reader;
  reader.state_ = length == 0 ? State::whole : State::data;
  reader.left_ = length;
  return reader;
}

BodyReader BodyReader::of_chunks() {
  BodyReader reader;
  reader.state_ = State::size;
  return reader;
}

BodyReader BodyReader::until_end() {
  BodyReader reader;
  reader.state_ = State::to_end;
  return reader;
}

BodyReader::Step BodyReader::read(std::string_view& bytes, std::string& out, std::size_t most) {
  while (state_ != State::whole) {
    if (bytes.empty()) return Step::more;
    if (state_ == State::data || state_ == State::chunk || state_ == State::to_end) {
      const std::uint64_t wanted = state_ == State::to_end ? bytes.size() : std::min<std::uint64_t>(left_, bytes.size());
      const auto n = static_cast<std::size_t>(wanted);
      if (n > most - std::min(most, out.size())) return Step::too_large;
      out.append(bytes.substr(0, n));
      bytes.remove_prefix(n);
      left_ -= state_ == State::to_end ? 0 : n;
      if (left_ == 0 && state_ == State::data) state_ = State::whole;
      if (left_ == 0 && state_ == State::chunk) state_ = State::chunk_cr;
      continue;
    }
    const Step step = frame(bytes.front());
    bytes.remove_prefix(1);
    if (step != Step::more) return step;
    // A chunk that cannot fit is refused at its size, before any of it arrives.
    if (state_ == State::chunk && left_ > most - std::min(most, out.size())) return Step::too_large;
  }
  return Step::whole;
}

/// One byte of what stands between the data.
BodyReader::Step BodyReader::frame(char c) {
  constexpr std::size_t kMostFraming = 4096;
  constexpr int kMostDigits = 8;  // of a chunk's size: below 4 GiB
  const auto go = [&](bool expected, State next) {
    if (!expected) return Step::malformed;
    state_ = next;
    return Step::more;
  };
  switch (state_) {
    case State::size: {
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit >= 0) {
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        return ++digits_ > kMostDigits ? Step::malformed : Step::more;
      }
      if (digits_ == 0) return Step::malformed;
      return c == ';' ? go(true, State::extension) : go(c == '\r', State::size_lf);
    }
    case State::extension:
      if (++framing_ > kMostFraming || c == '\n' || c == '\0') return Step::malformed;
      return c == '\r' ? go(true, State::size_lf) : Step::more;
    case State::size_lf:
      digits_ = 0;
      line_ = 0;
      return go(c == '\n', left_ == 0 ? State::trailer : State::chunk);
    case State::chunk_cr: return go(c == '\r', State::chunk_lf);
    case State::chunk_lf: return go(c == '\n', State::size);
    case State::trailer:
      if (++framing_ > kMostFraming || c == '\n' || c == '\0') return Step::malformed;
      if (c != '\r') return ++line_, Step::more;
      return go(true, line_ == 0 ? State::last_lf : State::trailer_lf);
    case State::trailer_lf: line_ = 0; return go(c == '\n', State::trailer);
    case State::last_lf: return go(c == '\n', State::whole);
    case State::data:
    case State::to_end:
    case State::chunk:
    case State::whole: break;
  }
  return Step::malformed;
}

}  // namespace wideberth::http

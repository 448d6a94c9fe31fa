// How a message is cut out of a stream: where its head ends, and what of the rest is its body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wideberth::http {

/// Looks for the end of a head, byte by byte, never twice at the same byte.
class HeadScan {
 public:
  enum class Found : std::uint8_t { nothing_yet, end, bare_line_feed, too_large };
  /// `text` is the head as far as it has arrived, the same as last time and more. `size()` is its length where `end`.
  Found look(std::string_view text, std::size_t most_bytes);
  std::size_t size() const { return at_; }

 private:
  std::size_t at_ = 0;
};

/// Reads a body of a stated length, in chunks (RFC 9112 section 7.1; trailers are read and dropped), or until the end.
class BodyReader {
 public:
  enum class Step : std::uint8_t { more, whole, malformed, too_large };

  static BodyReader of_length(std::uint64_t length);
  static BodyReader of_chunks();
  static BodyReader until_end();

  /// Appends body bytes to `out`, which is never made longer than `most`, and takes what it read off the front of `bytes`.
  Step read(std::string_view& bytes, std::string& out, std::size_t most);
  bool ends_with_connection() const { return state_ == State::to_end; }

 private:
  enum class State : std::uint8_t {
    data,
    to_end,
    size,
    extension,
    size_lf,
    chunk,
    chunk_cr,
    chunk_lf,
    trailer,
    trailer_lf,
    last_lf,
    whole
  };
  Step frame(char c);
  State state_ = State::whole;
  std::uint64_t left_ = 0;
  int digits_ = 0;
  std::size_t line_ = 0;     ///< bytes of the line that is passed over
  std::size_t framing_ = 0;  ///< bytes of extensions and trailers in all
};

}  // namespace wideberth::http

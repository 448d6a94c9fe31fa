// Where a text stops being JSON: a second reader, plain and slow, that only words the message of a refusal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wideberth::json {

struct Fault {
  std::size_t offset;    ///< in bytes; the size of the text where it ends too early
  std::string expected;  ///< what could stand there
  bool number = false;   ///< a number that is too large, the grammar being kept
};

/// The first fault of grammar (RFC 8259), or of the size of a number: no integer beyond 2^53, no number beyond a double.
/// None where the text is one JSON value. Depth is not limited here: the walk keeps its own stack.
///  Law: there is a fault exactly where parse refuses for another reason than size, depth or members named twice.
std::optional<Fault> first_fault(std::string_view text);

/// "line 2, column 7", both from 1, columns in characters.
std::string line_and_column(std::string_view text, std::size_t offset);

}  // namespace wideberth::json

// The body of POST /v1/entries: JSON lines, each a note with its parts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/admit.h"

namespace wideberth::api {

/// {"note": "<signed note>", "parts": [{"salt": base64, "bytes": base64}, …]}, the parts in the order of the note; whether
/// they are the ones that the note commits to is core::admit's to say. Refuses with the json_ rules and base64_malformed,
/// naming the place.
base::Result<core::Submission> parse_submission(std::string_view line);
/// The line, without its end. Law: parse_submission(to_line(s)) gives s, the names of its parts aside.
std::string to_line(const core::Submission& submission);

/// The lines of a body, in order; a last line may lack its end. Refused with submission_empty where there are none,
/// with submission_lines where there are more than `most`.
base::Result<std::vector<std::string_view>> lines_of(std::string_view body, std::size_t most);

/// Who a note says has signed it, read off before anything is parsed: the name in the line "signer <name> <number> <hash>".
/// Empty where there is none in the first kilobyte. To be believed for nothing but counting.
std::string_view claimed_signer(std::string_view note);

/// One line: all parts of the greatest size, in base64, and the note.
inline constexpr std::size_t kMostLineBytes = (core::kMostParts * core::kMostPartBytes) / 3 * 4 + (std::size_t{1} << 20);

}  // namespace wideberth::api

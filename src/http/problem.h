// Refusals as problem documents (RFC 9457), and back.
#pragma once

#include <string>
#include <string_view>

#include "base/refusal.h"
#include "http/message.h"

namespace wideberth::http {

/// The one table of statuses: by the kind of trouble, and for the few rules that HTTP has a status of its own for.
int status_of(base::Rule rule) noexcept;

/// `application/problem+json` with
///   type      urn:wideberth:rule:<code>
///   title     the rule as a sentence
///   status    as in the response
///   detail    what was found (absent where empty)
///   accepted  what would be accepted (absent where empty)
///   pointer   the JSON pointer of the place, or `where` for a place of another sort (each absent where empty)
/// Law: read_problem(problem(r).body) == r for every refusal whose texts are UTF-8.
Response problem(const base::Refusal& refusal);
/// The document alone, for a line of a reply that answers many.
std::string problem_json(const base::Refusal& refusal);

/// The refusal that a problem document tells of. Refuses with server_unintelligible where it is none, or names a rule that
/// this program does not know (its detail is then in `found`). Members that are not known are passed over, as RFC 9457 asks.
Result<base::Refusal> read_problem(std::string_view document);

}  // namespace wideberth::http

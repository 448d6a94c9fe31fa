// What happens to a movement between its filing and its end: it is suspended and resumed, asked about and answered for.
#pragma once

#include <string>
#include <string_view>

#include "model/names.h"

namespace wideberth::model {

/// notification.suspended {"reason", "at"}: it waits; `at` says where, such as the name of a holding point, and may be left out.
struct Suspended {
  std::string reason, at;
  friend bool operator==(const Suspended&, const Suspended&) = default;
};
/// notification.resumed {"note"}; the note may be left out.
struct Resumed {
  std::string note;
  friend bool operator==(const Resumed&, const Resumed&) = default;
};
/// notification.queried {"person", "question"}: it starts a clock for the submitter.
struct Queried {
  std::string person, question;
  friend bool operator==(const Queried&, const Queried&) = default;
};
/// notification.query_answered {"person", "answer"}; words, no consent.
struct QueryAnswered {
  std::string person, answer;
  friend bool operator==(const QueryAnswered&, const QueryAnswered&) = default;
};

Result<Suspended> parse_suspended(std::string_view json);
Result<Resumed> parse_resumed(std::string_view json);
Result<Queried> parse_queried(std::string_view json);
Result<QueryAnswered> parse_query_answered(std::string_view json);

std::string to_json(const Suspended& act);
std::string to_json(const Resumed& act);
std::string to_json(const Queried& act);
std::string to_json(const QueryAnswered& act);

}  // namespace wideberth::model

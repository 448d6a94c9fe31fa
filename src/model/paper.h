// Acts that were done on paper, by telephone or by radio while there was no line to the log, and filed later. The part `paper`
// stands beside the part `full` of the act; the note's own `occurred` says when it was done. Nothing here moves a deadline back:
// the log keeps the time at which the act was filed, and shows the other one beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/kinds.h"
#include "model/names.h"

namespace wideberth::model {

/// The name of the part.
inline constexpr std::string_view kPaperPart = "paper";

/// How it was done at the time that `occurred` names.
enum class PaperMeans : unsigned char { form, telephone, radio, courier, in_person };
/// "form", "telephone", "radio", "courier", "in person".
std::string_view name_of(PaperMeans means) noexcept;
std::optional<PaperMeans> paper_means_named(std::string_view name) noexcept;

/// {"how", "by", "post"?, "reference"?}: the part `paper` of an act.
struct OnPaper {
  PaperMeans how = PaperMeans::form;
  std::string by;         ///< who acted then
  std::string post;       ///< may be empty
  std::string reference;  ///< the number of the form, the page of the book; may be empty
  friend bool operator==(const OnPaper&, const OnPaper&) = default;
};
/// paper.confirmed {"person", "note"?}: the other side says that it was so.
struct PaperConfirmed {
  std::string person, note;
  friend bool operator==(const PaperConfirmed&, const PaperConfirmed&) = default;
};
/// paper.disputed {"person", "reason"}: it says that it was not.
struct PaperDisputed {
  std::string person, reason;
  friend bool operator==(const PaperDisputed&, const PaperDisputed&) = default;
};

/// Whether an officer may do an act of this kind on paper: what is notified, answered, asked and said, check-ins, sightings and
/// reports. Not keys and agreements, which are signatures; not receipts, which name bytes; not calls and relayed words, which
/// bear a time of their own; not positions.
bool may_be_on_paper(EntryKind kind) noexcept;

Result<OnPaper> parse_on_paper(std::string_view json);
Result<PaperConfirmed> parse_paper_confirmed(std::string_view json);
Result<PaperDisputed> parse_paper_disputed(std::string_view json);

std::string to_json(const OnPaper& said);
std::string to_json(const PaperConfirmed& said);
std::string to_json(const PaperDisputed& said);

}  // namespace wideberth::model

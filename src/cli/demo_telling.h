// The log told line by line, as a neutral reader may see it, every line citing its index.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/scenario.h"
#include "client/desk.h"

namespace wideberth::cli {

/// The day that was told last, of all that are told together.
using Calendar = std::string;

class Telling {
 public:
  /// `print` is called for each line; where `json`, for each entry with an object, and for nothing else. REQUIRES: `reader`
  /// and `calendar` outlive this. `log`: whose log it is, before each index; empty where there is but one.
  Telling(client::Desk& reader, std::function<void(const std::string&)> print, bool json, std::string log, Calendar& calendar)
      : reader_(reader), print_(std::move(print)), json_(json), log_(std::move(log)), day_(calendar) {}

  /// Tells every entry since the last call. The one that the step itself made is told in the step's own words.
  base::Result<void> tell_new(const Step* step, std::optional<base::EntryIndex> own);
  /// What is told and stands in no log.
  void narrate(const Step& step);
  /// A text of several lines, such as a sheet, beneath what was told last.
  void show(const std::string& text);
  /// How many of the entries since the last such count were not told one by one.
  void say_counted();

  /// Every entry that was told, with its receipt.
  const std::vector<client::Read>& entries() const { return entries_; }
  /// How many entries there are of each kind.
  const std::map<std::string, std::size_t>& kinds() const { return kinds_; }

 private:
  void date(base::Instant at);
  void line(const client::Read& entry, const std::string& what);
  base::Result<std::vector<client::Read>> read_new();
  bool counts(const client::Read& entry, std::size_t at_once);
  std::string what_of(const client::Read& entry) const;

  client::Desk& reader_;
  std::function<void(const std::string&)> print_;
  bool json_;
  std::string log_;
  std::vector<client::Read> entries_;
  std::map<std::string, std::size_t> kinds_;
  Calendar& day_;
  std::map<std::string, std::size_t> counted_;  ///< entries that were not told one by one
  std::uint64_t next_ = 0;                      ///< the index that was not asked for yet
};

/// "(invented)", "[S1, S2]".
std::string marks_of(const Step& step);
/// The sentence of a step and its mark, once: "(invented)" is not added to what ends by saying so in parentheses.
std::string told(const Step& step);
/// What more there is to say of an entry, a line each: the candidates of an encounter.
std::vector<std::string> further_lines(const client::Read& entry);
/// What a server's own entry found, in a sentence; empty for a kind that needs none.
std::string sentence_of(const client::Read& entry);

}  // namespace wideberth::cli

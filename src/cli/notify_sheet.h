// The rows of a sheet, filed together: what is there already is found first, and of each row it is told what became of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/notify.h"
#include "client/acts.h"
#include "feeds/notices.h"

namespace wideberth::cli {

/// What became of a row.
struct RowFate {
  std::string id;  ///< of the notification; empty where it was refused
  base::EntryIndex entry{};
  bool stood = false;                    ///< word for word, before
  std::optional<std::string> same_as{};  ///< the site that it is taken for
  std::optional<base::Refusal> refusal{};
  std::size_t conflicts = 0;
  bool late = false;
  std::vector<model::Reminder> reminders{};
};

class SheetFiling {
 public:
  using Together = std::function<client::Desk::FiledTogether(const std::vector<client::Act>&)>;
  /// `together` files acts as Desk::file_together does. REQUIRES: all but `together` outlive this.
  SheetFiling(client::Desk& desk, const client::AgreementView& agreement, const std::vector<feeds::NoticeRow>& rows,
              Together together)
      : desk_(desk), agreement_(agreement), rows_(rows), together_(std::move(together)), fates_(rows.size()) {}

  /// Files the rows. Where `near` is given, what stands word for word is not filed again, and neither is a site that is probably
  /// another one (feeds::same_site). Refused where what stands cannot be read, and then nothing was filed; or where what the log
  /// found cannot be, and then `fates` lacks that alone.
  Result<void> file(std::optional<base::Metres> near);

  const std::vector<RowFate>& fates() const { return fates_; }
  const std::optional<base::Refusal>& broken_off() const { return broken_off_; }
  std::size_t refused() const;
  /// "Of 12 rows 9 were filed, 1 stood already, …"
  std::string summary() const;

 private:
  Result<void> find_duplicates(base::Metres near);
  Result<void> look_at_findings();
  void take(std::size_t row, const Result<client::Filed>& filed);

  client::Desk& desk_;
  const client::AgreementView& agreement_;
  const std::vector<feeds::NoticeRow>& rows_;
  Together together_;
  std::vector<RowFate> fates_;
  std::optional<base::Refusal> broken_off_{};
  std::size_t unanswered_ = 0;
};

/// What became of a row, for people.
std::vector<std::string> lines_of(const feeds::NoticeRow& row, const RowFate& fate);
/// A row that cannot be read: where, what was found, the rule, what would be accepted.
std::string line_of_unread(const base::Refusal& refusal);

}  // namespace wideberth::cli

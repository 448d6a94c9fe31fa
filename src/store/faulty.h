// The faulty twin: any store, made to fail on cue. The worst fault is a write that happened though its reply was lost.
#pragma once

#include <vector>

#include "store/store.h"

namespace wideberth::store {

enum class Fault : unsigned char {
  none,
  refuse,      ///< nothing is written; store_unavailable
  lost_reply,  ///< written whole, yet the caller hears store_unavailable
  torn,        ///< append only: the first half of the batch is written, as a driver without transactions would; store_unavailable
  moved,       ///< append and put_checkpoint: head_moved, as if another writer had won; nothing is written
  untrue,      ///< reads: store_untrue, as if a bit had changed on disk
};

/// Hands every call on to the store under it, but for the faults of its script: the n-th call that can fail takes the n-th
/// fault; after the script's end nothing fails. A fault that the call in question does not know counts as `refuse`.
/// As the contract asks, no write is taken after one that was refused with store_unavailable.
class FaultyStore final : public Store {
 public:
  /// REQUIRES: `under` outlives the twin.
  FaultyStore(Store& under, std::vector<Fault> script) : under_{under}, script_{std::move(script)} {}

  Result<void> append(std::span<const StoredEntry> entries, const Head& expected, const Head& next) override;
  Result<void> put_checkpoint(const Head& head) override;
  Result<Head> head() override;
  Result<std::vector<StoredEntry>> read(EntryIndex from, std::size_t count) override;
  Result<void> erase(std::span<const PartPlace> parts) override;
  Result<bool> purge() override;
  Result<Hash> put_blob(std::string_view bytes) override;
  Result<std::string> get_blob(const Hash& hash) override;
  Result<void> put_alive(Instant at) override;
  Result<std::optional<Instant>> last_alive() override;
  Result<void> put_setting(std::string_view key, std::string_view value) override;
  Result<std::optional<std::string>> setting(std::string_view key) override;

  /// These three fail only as the store under it does: nothing of the log hangs on them, so no script counts them.
  Result<void> put_cache(std::string_view bytes) override { return under_.put_cache(bytes); }
  Result<std::optional<std::string>> cache() override { return under_.cache(); }
  Result<void> check() override { return under_.check(); }

  /// How many faults of the script have been met.
  std::size_t met() const { return met_; }

 private:
  Fault next_fault();
  template <class T, class Call>
  Result<T> write(Call call);
  template <class T, class Call>
  Result<T> look(Call call);
  Result<void> tear(std::span<const StoredEntry> entries, const Head& expected);

  Store& under_;
  std::vector<Fault> script_;
  std::size_t met_ = 0;
  bool failed_ = false;
};

}  // namespace wideberth::store

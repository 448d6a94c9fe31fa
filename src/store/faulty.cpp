#include "store/faulty.h"

#include "ledger/tree.h"
#include "store/reread.h"

namespace wideberth::store {
namespace {

tl::unexpected<Refusal> lost(const char* how) { return base::refuse(Rule::store_unavailable, how); }

}  // namespace

Fault FaultyStore::next_fault() { return met_ < script_.size() ? script_[met_++] : Fault::none; }

template <class T, class Call>
Result<T> FaultyStore::write(Call call) {
  if (failed_) return lost("an earlier write failed");
  const Fault fault = next_fault();
  if (fault == Fault::none) return call();
  failed_ = true;
  if (fault != Fault::lost_reply) return lost("nothing was written");
  Result<T> written = call();
  if (!written) return written;
  return lost("the reply was lost");
}

template <class T, class Call>
Result<T> FaultyStore::look(Call call) {
  const Fault fault = next_fault();
  if (fault == Fault::none) return call();
  if (fault == Fault::untrue) return base::refuse(Rule::store_untrue, "a bit has changed");
  return lost("the disk does not answer");
}

Result<void> FaultyStore::append(std::span<const StoredEntry> entries, const Head& expected, const Head& next) {
  if (failed_) return lost("an earlier write failed");
  const Fault fault = met_ < script_.size() ? script_[met_] : Fault::none;
  if (fault == Fault::moved || fault == Fault::torn) ++met_;
  if (fault == Fault::moved) return base::refuse(Rule::head_moved, "another writer was first");
  if (fault != Fault::torn) return write<void>([&] { return under_.append(entries, expected, next); });
  failed_ = true;
  WB_TRY_VOID(tear(entries, expected));
  return lost("half of it was written");
}

Result<void> FaultyStore::tear(std::span<const StoredEntry> entries, const Head& expected) {
  const auto half = entries.first(entries.size() / 2);
  if (half.empty()) return {};
  WB_TRY(before, reread(under_));
  for (const StoredEntry& entry : half) before.tree.append(ledger::leaf_hash(entry.leaf));
  return under_.append(half, expected, Head{before.tree.size(), before.tree.root(), {}});
}

Result<void> FaultyStore::put_checkpoint(const Head& head) {
  if (!failed_ && met_ < script_.size() && script_[met_] == Fault::moved) {
    ++met_;
    return base::refuse(Rule::head_moved, "another writer was first");
  }
  return write<void>([&] { return under_.put_checkpoint(head); });
}

Result<Head> FaultyStore::head() {
  return look<Head>([&] { return under_.head(); });
}

Result<std::vector<StoredEntry>> FaultyStore::read(EntryIndex from, std::size_t count) {
  return look<std::vector<StoredEntry>>([&] { return under_.read(from, count); });
}

Result<void> FaultyStore::erase(std::span<const PartPlace> parts) {
  return write<void>([&] { return under_.erase(parts); });
}

Result<bool> FaultyStore::purge() {
  return write<bool>([&] { return under_.purge(); });
}

Result<Hash> FaultyStore::put_blob(std::string_view bytes) {
  return write<Hash>([&] { return under_.put_blob(bytes); });
}

Result<std::string> FaultyStore::get_blob(const Hash& hash) {
  return look<std::string>([&] { return under_.get_blob(hash); });
}

Result<void> FaultyStore::put_alive(Instant at) {
  return write<void>([&] { return under_.put_alive(at); });
}

Result<std::optional<Instant>> FaultyStore::last_alive() {
  return look<std::optional<Instant>>([&] { return under_.last_alive(); });
}

Result<void> FaultyStore::put_setting(std::string_view key, std::string_view value) {
  return write<void>([&] { return under_.put_setting(key, value); });
}

Result<std::optional<std::string>> FaultyStore::setting(std::string_view key) {
  return look<std::optional<std::string>>([&] { return under_.setting(key); });
}

}  // namespace wideberth::store

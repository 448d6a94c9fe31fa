#include "store/sqlite_rows.h"

#include <initializer_list>

#include "ledger/entry.h"

namespace wideberth::store {
namespace {

using base::refuse;

constexpr std::size_t kSaltBytes = 32;

// Each field led by its length: no two rows give the same bytes.
Hash sum_of(std::initializer_list<std::string_view> fields) {
  std::string row;
  for (const std::string_view field : fields) row.append(std::to_string(field.size())).append(":").append(field);
  return ledger::sha256(row);
}

Hash sum_of_head(const HeadRow& row) {
  return sum_of({"head", std::to_string(row.head.size), row.head.root.view(), row.head.checkpoint, std::to_string(row.writes)});
}

// Salt and bytes are covered by the commitment.
Hash sum_of_part(const PartPlace& place, std::string_view name, const Hash& commitment, bool erased) {
  return sum_of({"part", std::to_string(place.index.value), std::to_string(place.position), name, commitment.view(),
                 erased ? "erased" : "kept"});
}

Hash sum_of_alive(Instant at) { return sum_of({"alive", std::to_string(at.ms())}); }

Hash sum_of_setting(std::string_view key, std::string_view value) { return sum_of({"setting", key, value}); }

tl::unexpected<Refusal> untrue(std::string found, std::string where) {
  return refuse(Rule::store_untrue, std::move(found), {}, std::move(where));
}

// A refusal that came from a column or from SQLite, with the place that was being read.
template <class T>
Result<T> at_place(Result<T> result, const std::string& where) {
  if (!result && result.error().where.empty()) result.error().where = where;
  return result;
}

Result<StoredPart> part_in_row(const Query& row, const PartPlace& place) {
  const std::string where = name_of(place);
  WB_TRY(name, row.text(2));
  WB_TRY(commitment, row.hash(3));
  WB_TRY(salt, row.blob(4));
  WB_TRY(bytes, row.blob(5));
  WB_TRY(erased, row.number(6));
  WB_TRY(sum, row.hash(7));
  StoredPart part{std::move(name), commitment, std::move(salt), std::move(bytes), erased != 0};
  if (erased > 1 || sum != sum_of_part(place, part.name, part.commitment, part.erased)) {
    return untrue("the row does not agree with its sum", where);
  }
  WB_TRY_VOID(check_stored_part(part, where));
  return part;
}

// The parts of one entry; `row` stands on the first part not read yet, `more` says whether there is one.
Result<void> take_parts(Query& row, bool& more, StoredEntry& entry, std::uint64_t count) {
  while (more) {
    WB_TRY(index, row.number(0));
    WB_TRY(position, row.number(1));
    if (index != entry.index.value) break;
    if (position != entry.parts.size()) break;
    WB_TRY(part, at_place(part_in_row(row, {entry.index, position}), name_of(PartPlace{entry.index, position})));
    entry.parts.push_back(std::move(part));
    WB_TRY(again, row.step());
    more = again;
  }
  if (entry.parts.size() == count) return {};
  return untrue("it has " + std::to_string(entry.parts.size()) + " parts in order; it was written with " + std::to_string(count),
                name_of(entry.index));
}

Result<StoredEntry> entry_in_row(const Query& row, std::uint64_t expected, std::uint64_t& parts) {
  WB_TRY(index, row.number(0));
  if (index != expected) return untrue("it is missing", name_of(EntryIndex{expected}));
  WB_TRY(leaf, row.blob(1));
  WB_TRY(hash, row.hash(2));
  WB_TRY(count, row.number(3));
  if (ledger::leaf_hash(leaf) != hash) return untrue("the leaf does not give the stored leaf hash", name_of(EntryIndex{index}));
  parts = count;
  return StoredEntry{EntryIndex{index}, std::move(leaf), {}};
}

}  // namespace

std::string name_of(EntryIndex index) { return "entry " + std::to_string(index.value); }
std::string name_of(const PartPlace& part) { return "part " + std::to_string(part.position) + " of " + name_of(part.index); }

Result<void> check_stored_part(const StoredPart& part, const std::string& where) {
  if (part.erased) {
    if (part.salt.empty() && part.bytes.empty()) return {};
    return untrue("it is marked as erased, yet bytes are there", where);
  }
  if (part.salt.size() != kSaltBytes) return untrue("the salt has " + std::to_string(part.salt.size()) + " bytes", where);
  if (ledger::commitment_of(part.salt, part.bytes) == part.commitment) return {};
  return untrue("salt and bytes do not give the commitment", where);
}

Result<void> insert_head(Connection& connection) {
  WB_TRY(query, connection.query("INSERT INTO head (id, size, root, checkpoint, writes, sum) VALUES (1, ?1, ?2, ?3, ?4, ?5)"));
  const HeadRow row;
  const Hash sum = sum_of_head(row);
  query.bind(1, row.head.size).bind(2, row.head.root.view()).bind(3, row.head.checkpoint).bind(4, row.writes);
  return query.bind(5, sum.view()).run();
}

Result<void> move_head(Connection& connection, const Head& expected, const Head& next) {
  // Read first: a head that does not agree with its own sum is no head to compare with.
  WB_TRY(row, read_head(connection));
  if (row.head.size != expected.size || row.head.root != expected.root) {
    return refuse(Rule::head_moved, "the log has " + std::to_string(row.head.size) + " entries",
                  "a batch that follows " + std::to_string(expected.size));
  }
  WB_TRY(query, connection.query("UPDATE head SET size = ?1, root = ?2, checkpoint = ?3, sum = ?4 "
                                 "WHERE id = 1 AND size = ?5 AND root = ?6"));
  const Hash sum = sum_of_head({next, row.writes});
  query.bind(1, next.size).bind(2, next.root.view()).bind(3, next.checkpoint).bind(4, sum.view());
  WB_TRY_VOID(query.bind(5, expected.size).bind(6, expected.root.view()).run());
  if (connection.changes() != 1) return refuse(Rule::head_moved, "another writer was first");
  return {};
}

Result<HeadRow> count_write(Connection& connection) {
  WB_TRY(row, read_head(connection));
  ++row.writes;
  WB_TRY(query, connection.query("UPDATE head SET writes = ?1, sum = ?2 WHERE id = 1"));
  const Hash sum = sum_of_head(row);
  WB_TRY_VOID(query.bind(1, row.writes).bind(2, sum.view()).run());
  return std::move(row);
}

Result<HeadRow> read_head(Connection& connection) {
  WB_TRY(query, connection.query("SELECT size, root, checkpoint, writes, sum FROM head"));
  WB_TRY(there, at_place(query.step(), "head"));
  if (!there) return untrue("it is missing", "head");
  WB_TRY(size, at_place(query.number(0), "head"));
  WB_TRY(root, at_place(query.hash(1), "head"));
  WB_TRY(checkpoint, at_place(query.blob(2), "head"));
  WB_TRY(writes, at_place(query.number(3), "head"));
  WB_TRY(sum, at_place(query.hash(4), "head"));
  HeadRow row{{size, root, std::move(checkpoint)}, writes};
  if (sum != sum_of_head(row)) return untrue("its fields do not agree with their sum", "head");
  WB_TRY(twice, at_place(query.step(), "head"));
  if (twice) return untrue("it is there twice", "head");
  return row;
}

Result<void> insert_entry(Connection& connection, const StoredEntry& entry) {
  {
    WB_TRY(query, connection.query("INSERT INTO entry (idx, leaf, leaf_hash, parts) VALUES (?1, ?2, ?3, ?4)"));
    const Hash hash = ledger::leaf_hash(entry.leaf);
    query.bind(1, entry.index.value).bind(2, entry.leaf).bind(3, hash.view()).bind(4, std::uint64_t{entry.parts.size()});
    WB_TRY_VOID(at_place(query.run(), name_of(entry.index)));
  }
  WB_TRY(query, connection.query("INSERT INTO part (idx, position, name, commitment, salt, bytes, erased, sum) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  for (std::size_t position = 0; position < entry.parts.size(); ++position) {
    const StoredPart& part = entry.parts[position];
    const PartPlace place{entry.index, position};
    WB_TRY_VOID(check_stored_part(part, name_of(place)));
    const Hash sum = sum_of_part(place, part.name, part.commitment, part.erased);
    query.bind(1, entry.index.value).bind(2, std::uint64_t{position}).bind_text(3, part.name).bind(4, part.commitment.view());
    query.bind(5, part.salt).bind(6, part.bytes).bind(7, std::uint64_t{part.erased ? 1U : 0U}).bind(8, sum.view());
    WB_TRY_VOID(at_place(query.run(), name_of(place)));
    query.reset();
  }
  return {};
}

Result<std::vector<StoredEntry>> read_entries(Connection& connection, std::uint64_t from, std::uint64_t to) {
  WB_TRY(rows, connection.query("SELECT idx, leaf, leaf_hash, parts FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx"));
  rows.bind(1, from).bind(2, to);
  WB_TRY(part_rows, connection.query("SELECT idx, position, name, commitment, salt, bytes, erased, sum FROM part "
                                     "WHERE idx >= ?1 AND idx < ?2 ORDER BY idx, position"));
  part_rows.bind(1, from).bind(2, to);
  WB_TRY(first_part, at_place(part_rows.step(), name_of(EntryIndex{from})));
  bool more_parts = first_part;
  std::vector<StoredEntry> entries;
  for (std::uint64_t index = from; index < to; ++index) {
    const std::string where = name_of(EntryIndex{index});
    WB_TRY(there, at_place(rows.step(), where));
    if (!there) return untrue("it is missing", where);
    std::uint64_t parts = 0;
    WB_TRY(entry, at_place(entry_in_row(rows, index, parts), where));
    WB_TRY_VOID(at_place(take_parts(part_rows, more_parts, entry, parts), where));
    entries.push_back(std::move(entry));
  }
  if (!more_parts) return entries;
  return untrue("it has a part too many", name_of(EntryIndex{to - 1}));
}

Result<void> erase_part(Connection& connection, const PartPlace& place) {
  const std::string where = name_of(place);
  Hash sum;
  {
    WB_TRY(row, connection.query("SELECT idx, position, name, commitment, salt, bytes, erased, sum FROM part "
                                 "WHERE idx = ?1 AND position = ?2"));
    WB_TRY(there, at_place(row.bind(1, place.index.value).bind(2, std::uint64_t{place.position}).step(), where));
    if (!there) return refuse(Rule::part_not_stored, where);
    WB_TRY(part, at_place(part_in_row(row, place), where));
    if (part.erased) return {};
    sum = sum_of_part(place, part.name, part.commitment, true);
  }
  WB_TRY(query,
         connection.query("UPDATE part SET salt = x'', bytes = x'', erased = 1, sum = ?3 WHERE idx = ?1 AND position = ?2"));
  return query.bind(1, place.index.value).bind(2, std::uint64_t{place.position}).bind(3, sum.view()).run();
}

Result<void> insert_blob(Connection& connection, const Hash& hash, std::string_view bytes) {
  WB_TRY(query, connection.query("INSERT INTO blob (hash, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING"));
  return query.bind(1, hash.view()).bind(2, bytes).run();
}

Result<std::string> read_blob(Connection& connection, const Hash& hash) {
  const std::string where = "blob " + ledger::to_base64(hash);
  WB_TRY(query, connection.query("SELECT bytes FROM blob WHERE hash = ?1"));
  WB_TRY(there, at_place(query.bind(1, hash.view()).step(), where));
  if (!there) return refuse(Rule::blob_not_stored, ledger::to_base64(hash));
  WB_TRY(bytes, at_place(query.blob(0), where));
  if (ledger::sha256(bytes) != hash) return untrue("the bytes do not give the hash", where);
  return std::move(bytes);
}

Result<void> write_alive(Connection& connection, Instant at) {
  WB_TRY(query, connection.query("INSERT INTO alive (id, at, sum) VALUES (1, ?1, ?2) "
                                 "ON CONFLICT (id) DO UPDATE SET at = excluded.at, sum = excluded.sum"));
  const Hash sum = sum_of_alive(at);
  return query.bind_signed(1, at.ms()).bind(2, sum.view()).run();
}

Result<std::optional<Instant>> read_alive(Connection& connection) {
  WB_TRY(query, connection.query("SELECT at, sum FROM alive"));
  WB_TRY(there, at_place(query.step(), "alive"));
  if (!there) return std::nullopt;
  WB_TRY(ms, at_place(query.signed_number(0), "alive"));
  WB_TRY(sum, at_place(query.hash(1), "alive"));
  const Instant at = Instant::from_ms(ms);
  if (sum != sum_of_alive(at)) return untrue("the time does not agree with its sum", "alive");
  return at;
}

Result<void> write_setting(Connection& connection, std::string_view key, std::string_view value) {
  WB_TRY(query, connection.query("INSERT INTO setting (key, value, sum) VALUES (?1, ?2, ?3) "
                                 "ON CONFLICT (key) DO UPDATE SET value = excluded.value, sum = excluded.sum"));
  const Hash sum = sum_of_setting(key, value);
  return query.bind(1, key).bind(2, value).bind(3, sum.view()).run();
}

Result<std::optional<std::string>> read_setting(Connection& connection, std::string_view key) {
  const std::string where = "setting " + std::string{key};
  WB_TRY(query, connection.query("SELECT value, sum FROM setting WHERE key = ?1"));
  WB_TRY(there, at_place(query.bind(1, key).step(), where));
  if (!there) return std::nullopt;
  WB_TRY(value, at_place(query.blob(0), where));
  WB_TRY(sum, at_place(query.hash(1), where));
  if (sum != sum_of_setting(key, value)) return untrue("the value does not agree with its sum", where);
  return std::optional{std::move(value)};
}

}  // namespace wideberth::store

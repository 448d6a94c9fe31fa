#include "model/crossed.h"

#include <array>
#include <limits>

#include "ledger/tile.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kDisputeNames = {"other root", "other entry", "no continuation"};
constexpr std::size_t kMostCrossedBytes = std::size_t{512} << 10;
constexpr std::int64_t kMostSize = std::numeric_limits<std::int64_t>::max() >> 10;

Result<std::string> read_origin(const Reader& at) {
  WB_TRY(origin_at, at.member("origin"));
  WB_TRY(origin, origin_at.text(ledger::kMostNameBytes));
  WB_TRY_VOID(read::placed(origin_at, ledger::check_key_name(origin)));
  return origin;
}

Result<std::uint64_t> read_size(const Reader& at, std::string_view name) {
  WB_TRY(size, read::integer(at, name, 0, kMostSize));
  return static_cast<std::uint64_t>(size);
}

Result<Continuation> read_continuation(const Reader& at) {
  WB_TRY_VOID(at.only({"from", "hashes"}));
  Continuation continuation;
  WB_TRY(from, read_size(at, "from"));
  continuation.from = from;
  WB_TRY(list_at, at.member("hashes"));
  WB_TRY(list, list_at.elements(0, kMostContinuation));
  for (const Reader& each : list) {
    WB_TRY(text, each.string(64));
    WB_TRY(hash, read::placed(each, ledger::hash_from_base64(text)));
    continuation.hashes.push_back(hash);
  }
  return continuation;
}

Result<Crossed> read_crossed(const Reader& at) {
  WB_TRY_VOID(at.only({"origin", "index", "leaf", "receipt", "continues"}));
  Crossed crossed;
  WB_TRY(origin, read_origin(at));
  crossed.origin = std::move(origin);
  WB_TRY(index, read::index(at, "index"));
  crossed.index = index;
  WB_TRY(leaf_at, at.member("leaf"));
  WB_TRY(leaf, leaf_at.base64(ledger::kMostEntryBytes));
  crossed.leaf = std::move(leaf);
  WB_TRY(receipt_at, at.member("receipt"));
  WB_TRY(receipt, receipt_at.text(kMostCrossedReceipt, true));
  crossed.receipt = std::move(receipt);
  if (const auto continues_at = at.find("continues")) {
    WB_TRY(continues, read_continuation(*continues_at));
    crossed.continues = std::move(continues);
  }
  return crossed;
}

Result<CrossedDisputed> read_disputed(const Reader& at) {
  WB_TRY_VOID(at.only({"origin", "dispute", "size", "root", "before"}));
  CrossedDisputed disputed;
  WB_TRY(origin, read_origin(at));
  disputed.origin = std::move(origin);
  WB_TRY(dispute_at, at.member("dispute"));
  WB_TRY(dispute, read::word<Dispute>(dispute_at, kDisputeNames));
  disputed.dispute = dispute;
  WB_TRY(size, read_size(at, "size"));
  disputed.size = size;
  WB_TRY(root, read::hash(at, "root"));
  disputed.root = root;
  WB_TRY(before, at.member("before"));
  WB_TRY_VOID(before.only({"entry", "size", "root"}));
  WB_TRY(entry, read::index(before, "entry"));
  disputed.before = entry;
  WB_TRY(before_size, read_size(before, "size"));
  disputed.before_size = before_size;
  WB_TRY(before_root, read::hash(before, "root"));
  disputed.before_root = before_root;
  return disputed;
}

}  // namespace

std::string_view name_of(Dispute dispute) noexcept { return kDisputeNames[static_cast<std::size_t>(dispute)]; }

Result<Crossed> parse_crossed(std::string_view json) { return read::whole<Crossed>(json, kMostCrossedBytes, read_crossed); }
Result<CrossedDisputed> parse_crossed_disputed(std::string_view json) {
  return read::whole<CrossedDisputed>(json, kMostCrossedBytes, read_disputed);
}

std::string to_json(const Crossed& crossed) {
  Writer writer;
  writer.begin_object().key("origin").string(crossed.origin);
  writer.key("index").integer(static_cast<std::int64_t>(crossed.index.value));
  writer.key("leaf").string(base::to_base64(crossed.leaf)).key("receipt").string(crossed.receipt);
  if (crossed.continues) {
    writer.key("continues").begin_object().key("from").integer(static_cast<std::int64_t>(crossed.continues->from));
    writer.key("hashes").begin_array();
    for (const ledger::Hash& each : crossed.continues->hashes) writer.string(ledger::to_base64(each));
    writer.end_array().end_object();
  }
  writer.end_object();
  return writer.take();
}

std::string to_json(const CrossedDisputed& disputed) {
  Writer writer;
  writer.begin_object().key("origin").string(disputed.origin).key("dispute").string(name_of(disputed.dispute));
  writer.key("size").integer(static_cast<std::int64_t>(disputed.size)).key("root").string(ledger::to_base64(disputed.root));
  writer.key("before").begin_object().key("entry").integer(static_cast<std::int64_t>(disputed.before.value));
  writer.key("size").integer(static_cast<std::int64_t>(disputed.before_size));
  writer.key("root").string(ledger::to_base64(disputed.before_root)).end_object().end_object();
  return writer.take();
}

}  // namespace wideberth::model

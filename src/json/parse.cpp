// The one place that includes simdjson.
#include <simdjson.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "json/fault.h"
#include "json/reader.h"
#include "json/value.h"

namespace wideberth::json {

using base::Refusal;
using base::refuse;
using base::Rule;
using simdjson::dom::element_type;

/// Copies simdjson's tape into a Value, and refuses what simdjson lets pass. On a refusal the pointer is put together on the
/// way back, front to back.
class Builder {
 public:
  explicit Builder(std::size_t most_depth) : most_depth_(most_depth) {}

  Result<Value> build(const simdjson::dom::element& from, std::size_t depth) {
    switch (from.type()) {
      case element_type::NULL_VALUE: return Value{};
      case element_type::BOOL: return Value{Value::Content{from.get_bool().value_unsafe()}};
      case element_type::INT64: return integer(from.get_int64().value_unsafe());
      case element_type::UINT64: return too_large(std::to_string(from.get_uint64().value_unsafe()));
      case element_type::DOUBLE: return Value{Value::Content{from.get_double().value_unsafe()}};
      case element_type::STRING: return Value{Value::Content{std::string(from.get_string().value_unsafe())}};
      case element_type::ARRAY: return array(from.get_array().value_unsafe(), depth + 1);
      case element_type::OBJECT: return object(from.get_object().value_unsafe(), depth + 1);
    }
    base::check_failed("simdjson knows eight types", __FILE__, __LINE__);
  }

 private:
  static Result<Value> integer(std::int64_t n) {
    if (n > kMostInteger || n < -kMostInteger) return too_large(std::to_string(n));
    return Value{Value::Content{n}};
  }
  static tl::unexpected<Refusal> too_large(const std::string& found) {
    return refuse(Rule::json_integer_too_large, "found " + found, "a whole number from -9007199254740992 to 9007199254740992");
  }
  Result<void> check_depth(std::size_t depth) const {
    if (depth > most_depth_)
      return refuse(Rule::json_too_large,
                    "arrays and objects stand deeper than " + std::to_string(most_depth_) + " inside one another",
                    "a depth of at most " + std::to_string(most_depth_));
    return {};
  }
  static tl::unexpected<Refusal> within(Refusal refusal, const std::string& token) {
    refusal.where.insert(0, "/" + token);
    return tl::unexpected<Refusal>(std::move(refusal));
  }

  Result<Value> array(simdjson::dom::array from, std::size_t depth) {
    WB_TRY_VOID(check_depth(depth));
    Value::Array elements;
    elements.reserve(from.size());
    for (const simdjson::dom::element each : from) {
      auto built = build(each, depth);
      if (!built) return within(std::move(built).error(), std::to_string(elements.size()));
      elements.push_back(*std::move(built));
    }
    return Value{Value::Content{std::move(elements)}};
  }

  Result<Value> object(simdjson::dom::object from, std::size_t depth) {
    WB_TRY_VOID(check_depth(depth));
    Value::Object members;
    members.reserve(from.size());
    for (const auto each : from) {
      auto built = build(each.value, depth);
      if (!built) return within(std::move(built).error(), pointer_token(each.key));
      members.emplace_back(std::string(each.key), *std::move(built));
    }
    if (const std::string* twice = named_twice(members))
      return within(
          Refusal{Rule::json_member_twice, "the member \"" + base::excerpt(*twice) + "\" stands twice", "each name once", ""},
          pointer_token(*twice));
    return Value{Value::Content{std::move(members)}};
  }

  static const std::string* named_twice(const Value::Object& members) {
    std::vector<const std::string*> names;
    names.reserve(members.size());
    for (const auto& member : members) names.push_back(&member.first);
    std::sort(names.begin(), names.end(), [](const std::string* a, const std::string* b) { return *a < *b; });
    const auto twin =
        std::adjacent_find(names.begin(), names.end(), [](const std::string* a, const std::string* b) { return *a == *b; });
    return twin == names.end() ? nullptr : *twin;
  }

  std::size_t most_depth_;
};

namespace {

tl::unexpected<Refusal> refuse_size(std::size_t found, std::size_t most) {
  return refuse(Rule::json_too_large, "found " + std::to_string(found) + " bytes", "at most " + std::to_string(most) + " bytes");
}

tl::unexpected<Refusal> refuse_fault(std::string_view text) {
  const auto fault = first_fault(text);
  if (!fault) return refuse(Rule::json_malformed, "found a text that cannot be read");
  const std::string where = line_and_column(text, fault->offset);
  const std::string_view rest = text.substr(fault->offset);
  const std::string found =
      rest.empty() ? std::string("the text ends") : "found \"" + base::excerpt(rest.substr(0, 24), 24) + "\"";
  return refuse(fault->number ? Rule::json_integer_too_large : Rule::json_malformed, found, fault->expected, where);
}

}  // namespace

Result<Value> parse(std::string_view text, Limits limits) {
  WB_CHECK(limits.most_depth <= kMostDepth);
  if (text.size() > limits.most_bytes) return refuse_size(text.size(), limits.most_bytes);
  if (text.starts_with("\xEF\xBB\xBF"))  // later versions of simdjson would skip the mark
    return refuse(Rule::json_malformed, "found a byte order mark", "the same text without it; UTF-8 needs none",
                  "line 1, column 1");

  // Kept per thread: allocating the tape costs more than reading a small note. A large one is given back.
  static thread_local simdjson::dom::parser kept;
  constexpr std::size_t kKeep = std::size_t{1} << 18;
  simdjson::dom::parser once;
  simdjson::dom::parser& parser = text.size() <= kKeep ? kept : once;
  if (parser.capacity() < text.size() || parser.max_depth() != kMostDepth + 1) {
    const std::size_t capacity = text.size() <= kKeep ? std::max<std::size_t>(text.size() * 2, 4096) : text.size();
    if (parser.allocate(capacity, kMostDepth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
  }
  simdjson::dom::element root;
  const auto error = parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error == simdjson::DEPTH_ERROR)
    return refuse(Rule::json_too_large,
                  "arrays and objects stand deeper than " + std::to_string(limits.most_depth) + " inside one another",
                  "a depth of at most " + std::to_string(limits.most_depth));
  if (error != simdjson::SUCCESS) return refuse_fault(text);
  return Builder(limits.most_depth).build(root, 0);
}

std::string_view name_of(Value::Kind kind) noexcept {
  switch (kind) {
    case Value::Kind::null: return "null";
    case Value::Kind::boolean: return "a boolean";
    case Value::Kind::integer: return "a whole number";
    case Value::Kind::number: return "a number";
    case Value::Kind::string: return "a text";
    case Value::Kind::array: return "an array";
    case Value::Kind::object: return "an object";
  }
  base::check_failed("every kind has a name", __FILE__, __LINE__);
}

}  // namespace wideberth::json

// A cursor over a parsed value that refuses what is not as expected, and says where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/refusal.h"
#include "json/value.h"

namespace wideberth::json {

/// A place in a Value. Two pointers: cheap to copy, valid while the Value that it was made from stands unmoved.
///
/// Every refusal names the place in Refusal::where as a JSON pointer (RFC 6901): "/route/3/earliest"; "" is the whole text.
/// Rules: json_kind (another kind of value), json_member_missing, json_member_unknown, json_range (a number outside its
/// range), json_length (a text too long, an array too short or too long), json_choice (none of the words allowed), and from
/// base text_malformed, time_malformed, base64_malformed.
class Reader {
 public:
  /// REQUIRES: `root` outlives this reader and those made from it.
  explicit Reader(const Value& root) : root_(&root), at_(&root) {}
  explicit Reader(const Value&&) = delete;

  /// Where this is. Found by a walk from the root: for messages, not for loops.
  std::string pointer() const;
  const Value& value() const { return *at_; }

  /// The member of this object; refuses where this is no object or has no such member. A member that is null is there.
  Result<Reader> member(std::string_view name) const;
  /// The member of this object; none where it is absent or null, or where this is no object.
  std::optional<Reader> find(std::string_view name) const;
  /// Refuses where this is no object, or has a member that is not among `names`, naming the nearest accepted one.
  Result<void> only(std::initializer_list<std::string_view> names) const;
  /// The elements of this array, of which there must be `least` to `most`.
  Result<std::vector<Reader>> elements(std::size_t least, std::size_t most) const;
  /// All members of this object in order; none where this is no object.
  std::vector<std::pair<std::string, Reader>> members() const;

  /// Readable text (base::check_readable; \n allowed where `lines`) of at most `most_bytes` bytes; may be empty.
  Result<std::string> text(std::size_t most_bytes, bool lines = false) const;
  /// Any string as it stands, of at most `most_bytes` bytes: for what is checked elsewhere, such as a signed note.
  Result<std::string_view> string(std::size_t most_bytes) const;
  /// The bytes of canonical base64 text, at most `most_bytes` after decoding.
  Result<std::string> base64(std::size_t most_bytes) const;
  /// A whole number written without fraction or exponent, least <= n <= most.
  Result<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  /// Any number, least <= x <= most.
  Result<double> number(double least, double most) const;
  /// Any number as a whole count of 10^-decimals, to the nearest, halves away from zero: 42.14 with 7 decimals gives
  /// 421400000. The bounds count the same units. 0 <= decimals <= 15.
  ///  Law: fixed(d) of what Writer::fixed(v, d) wrote is v, for |v| < 2^51.
  Result<std::int64_t> fixed(int decimals, std::int64_t least, std::int64_t most) const;
  Result<bool> boolean() const;
  /// RFC 3339 in UTC, see base::Instant::parse.
  Result<base::Instant> instant() const;
  /// The one of `words` that this text is; the view is of the argument's own text, not of this value's.
  Result<std::string_view> one_of(std::initializer_list<std::string_view> words) const;

  bool is_null() const { return at_->kind() == Value::Kind::null; }
  bool is_boolean() const { return at_->kind() == Value::Kind::boolean; }
  bool is_integer() const { return at_->kind() == Value::Kind::integer; }
  bool is_number() const { return is_integer() || at_->kind() == Value::Kind::number; }
  bool is_string() const { return at_->kind() == Value::Kind::string; }
  bool is_array() const { return at_->kind() == Value::Kind::array; }
  bool is_object() const { return at_->kind() == Value::Kind::object; }

  /// A refusal about this place, for the checks that a caller adds: `return reader.refuse(Rule::x, "found …", "…");`
  [[nodiscard]] tl::unexpected<base::Refusal> refuse(base::Rule rule, std::string found = {}, std::string accepted = {}) const;

 private:
  Reader(const Value* root, const Value* at) : root_(root), at_(at) {}
  Reader at(const Value& child) const { return Reader(root_, &child); }
  [[nodiscard]] tl::unexpected<base::Refusal> wrong_kind(std::string_view expected) const;
  const Value* root_;
  const Value* at_;
};

/// The RFC 6901 form of one member name: ~ as ~0, / as ~1.
std::string pointer_token(std::string_view name);

}  // namespace wideberth::json

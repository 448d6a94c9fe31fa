#include "json/reader.h"

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/check.h"
#include "json/writer.h"

namespace wideberth::json {

using base::Refusal;
using base::Rule;

namespace {

/// Whether `wanted` stands in the tree under `from`; `path` grows by the way to it.
bool find_path(const Value& from, const Value* wanted, std::string& path) {
  if (&from == wanted) return true;
  const std::size_t length = path.size();
  if (from.kind() == Value::Kind::array) {
    const auto& elements = from.array();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      path += "/" + std::to_string(i);
      if (find_path(elements[i], wanted, path)) return true;
      path.resize(length);
    }
  } else if (from.kind() == Value::Kind::object) {
    for (const auto& [name, child] : from.object()) {
      path += "/" + pointer_token(name);
      if (find_path(child, wanted, path)) return true;
      path.resize(length);
    }
  }
  return false;
}

/// What stands there, for a message: the value itself where it is short.
std::string shown(const Value& value) {
  if (value.kind() == Value::Kind::array) return "an array of " + std::to_string(value.array().size());
  if (value.kind() == Value::Kind::object) return "an object";
  if (value.kind() == Value::Kind::string) return "\"" + base::excerpt(value.string()) + "\"";
  return to_json(value);
}

/// How many single-character changes lead from a to b (Levenshtein), or more than `most`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string listed(std::initializer_list<std::string_view> words) {
  std::string list;
  for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

/// "did you mean …" where one word is near, otherwise the list.
std::string nearest(std::string_view found, std::initializer_list<std::string_view> words) {
  if (words.size() == 0) return "nothing";
  constexpr std::size_t kNear = 2;
  std::size_t best = kNear + 1;
  std::string_view word;
  for (const auto each : words)
    if (const std::size_t d = distance(found, each, kNear); d < best && d < each.size()) best = d, word = each;
  if (best <= kNear) return "\"" + std::string(word) + "\", which is near; all: " + listed(words);
  return listed(words);
}

/// A bound for a message; a bound may be infinite, which no JSON number is.
std::string decimal(double bound) {
  if (!std::isfinite(bound)) return bound > 0 ? "any larger number" : "any smaller number";
  Writer writer;
  writer.number(bound);
  return writer.take();
}

std::string scaled(std::int64_t bound, int decimals) {
  Writer writer;
  writer.fixed(std::clamp(bound, -kMostInteger, kMostInteger), decimals);
  return writer.take();
}

}  // namespace

std::string pointer_token(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += c;
  }
  return token;
}

std::string Reader::pointer() const {
  std::string path;
  WB_CHECK(find_path(*root_, at_, path));
  return path;
}

tl::unexpected<Refusal> Reader::refuse(Rule rule, std::string found, std::string accepted) const {
  return base::refuse(rule, std::move(found), std::move(accepted), pointer());
}

tl::unexpected<Refusal> Reader::wrong_kind(std::string_view expected) const {
  return refuse(Rule::json_kind, "found " + shown(*at_), std::string(expected));
}

Result<Reader> Reader::member(std::string_view name) const {
  if (!is_object()) return wrong_kind("an object");
  for (const auto& [key, child] : at_->object())
    if (key == name) return at(child);
  return base::refuse(Rule::json_member_missing, "there is no member \"" + std::string(name) + "\"",
                      "\"" + std::string(name) + "\"", pointer() + "/" + pointer_token(name));
}

std::optional<Reader> Reader::find(std::string_view name) const {
  if (!is_object()) return std::nullopt;
  for (const auto& [key, child] : at_->object())
    if (key == name) return child.is_null() ? std::nullopt : std::optional<Reader>(at(child));
  return std::nullopt;
}

Result<void> Reader::only(std::initializer_list<std::string_view> names) const {
  if (!is_object()) return wrong_kind("an object");
  for (const auto& [key, child] : at_->object())
    if (std::find(names.begin(), names.end(), std::string_view(key)) == names.end())
      return at(child).refuse(Rule::json_member_unknown, "found the member \"" + base::excerpt(key) + "\"", nearest(key, names));
  return {};
}

Result<std::vector<Reader>> Reader::elements(std::size_t least, std::size_t most) const {
  if (!is_array()) return wrong_kind("an array");
  const auto& array = at_->array();
  if (array.size() < least || array.size() > most)
    return refuse(Rule::json_length, "found " + std::to_string(array.size()) + " elements",
                  std::to_string(least) + " to " + std::to_string(most) + " elements");
  std::vector<Reader> readers;
  readers.reserve(array.size());
  for (const auto& child : array) readers.push_back(at(child));
  return readers;
}

std::vector<std::pair<std::string, Reader>> Reader::members() const {
  std::vector<std::pair<std::string, Reader>> readers;
  if (!is_object()) return readers;
  for (const auto& [key, child] : at_->object()) readers.emplace_back(key, at(child));
  return readers;
}

Result<std::string_view> Reader::string(std::size_t most_bytes) const {
  if (!is_string()) return wrong_kind("a text");
  const std::string& text = at_->string();
  if (text.size() > most_bytes)
    return refuse(Rule::json_length, "found a text of " + std::to_string(text.size()) + " bytes",
                  "at most " + std::to_string(most_bytes) + " bytes");
  return std::string_view(text);
}

Result<std::string> Reader::text(std::size_t most_bytes, bool lines) const {
  WB_TRY(text, string(most_bytes));
  if (auto readable = base::check_readable(text, lines); !readable)
    return refuse(readable.error().rule, readable.error().found, readable.error().accepted);
  return std::string(text);
}

Result<std::string> Reader::base64(std::size_t most_bytes) const {
  WB_TRY(text, string((most_bytes + 2) / 3 * 4));
  auto bytes = base::from_base64(text);
  if (!bytes) return refuse(bytes.error().rule, bytes.error().found, bytes.error().accepted);
  if (bytes->size() > most_bytes)
    return refuse(Rule::json_length, "found " + std::to_string(bytes->size()) + " bytes in base64",
                  "at most " + std::to_string(most_bytes) + " bytes");
  return *std::move(bytes);
}

Result<std::int64_t> Reader::integer(std::int64_t least, std::int64_t most) const {
  if (!is_integer()) return wrong_kind("a whole number, without fraction or exponent");
  const std::int64_t n = at_->integer();
  if (n < least || n > most)
    return refuse(Rule::json_range, "found " + std::to_string(n), std::to_string(least) + " to " + std::to_string(most));
  return n;
}

Result<double> Reader::number(double least, double most) const {
  if (!is_number()) return wrong_kind("a number");
  const double x = is_integer() ? static_cast<double>(at_->integer()) : at_->number();
  if (!(x >= least && x <= most))
    return refuse(Rule::json_range, "found " + shown(*at_), decimal(least) + " to " + decimal(most));
  return x;
}

Result<std::int64_t> Reader::fixed(int decimals, std::int64_t least, std::int64_t most) const {
  WB_CHECK(decimals >= 0 && decimals <= 15);
  if (!is_number()) return wrong_kind("a number");
  double unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;  // exact up to 10^22
  const double x = is_integer() ? static_cast<double>(at_->integer()) : at_->number();
  const double count = x * unit;
  const auto outside = [&] {
    return refuse(Rule::json_range, "found " + shown(*at_), scaled(least, decimals) + " to " + scaled(most, decimals));
  };
  if (!(std::abs(count) <= static_cast<double>(kMostInteger))) return outside();
  const auto n = static_cast<std::int64_t>(std::round(count));
  if (n < least || n > most) return outside();
  return n;
}

Result<bool> Reader::boolean() const {
  if (!is_boolean()) return wrong_kind("true or false");
  return at_->boolean();
}

Result<base::Instant> Reader::instant() const {
  WB_TRY(text, string(64));
  auto instant = base::Instant::parse(text);
  if (!instant) return refuse(instant.error().rule, instant.error().found, instant.error().accepted);
  return *instant;
}

Result<std::string_view> Reader::one_of(std::initializer_list<std::string_view> words) const {
  if (!is_string()) return wrong_kind("one of: " + listed(words));
  for (const auto word : words)
    if (at_->string() == word) return word;
  return refuse(Rule::json_choice, "found " + shown(*at_), nearest(at_->string(), words));
}

}  // namespace wideberth::json

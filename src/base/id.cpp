#include "base/id.h"

#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace wideberth::base {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::array<std::string_view, 7> kLetters = {"MV", "AC", "ST", "AG", "CF", "HL", "SG"};
constexpr std::size_t kShortest = 5, kLongest = 8;

int value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const auto at = kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Times x in GF(2^5) with the primitive polynomial x^5 + x^2 + 1: its powers run through all 31 non-zero elements, so
/// weights x, x^2, x^3, … catch every single error and every transposition within 31 places.
constexpr unsigned times_x(unsigned a) { return (a << 1 & 31U) ^ ((a & 16U) != 0 ? 5U : 0U); }

unsigned check_of(unsigned start, std::string_view body) {
  unsigned sum = start;
  for (const char c : body) sum = times_x(sum ^ static_cast<unsigned>(value_of(c)));
  return sum;
}

constexpr std::size_t length_for(std::uint64_t index) {
  std::size_t n = kShortest;
  while (n < kLongest && index >> (5 * n) != 0) ++n;
  return n;
}

// A bijection of n x 5 bits: odd multipliers and xor-shifts, each undone by its inverse.
constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
constexpr std::uint64_t inverse_of_odd(std::uint64_t a) {
  std::uint64_t x = a;
  for (int i = 0; i < 6; ++i) x *= 2 - a * x;
  return x;
}
static_assert(kOdd * inverse_of_odd(kOdd) == 1);

constexpr std::uint64_t scatter(std::uint64_t v, std::size_t bits) {
  const std::uint64_t mask = (1ULL << bits) - 1;
  const std::size_t half = (bits + 1) / 2;
  for (int round = 0; round < 2; ++round) {
    v = v * kOdd & mask;
    v ^= v >> half;
  }
  return v;
}
constexpr std::uint64_t gather(std::uint64_t v, std::size_t bits) {
  const std::uint64_t mask = (1ULL << bits) - 1;
  const std::size_t half = (bits + 1) / 2;
  for (int round = 0; round < 2; ++round) {
    v ^= v >> half;
    v = v * inverse_of_odd(kOdd) & mask;
  }
  return v;
}
static_assert(gather(scatter(12345, 25), 25) == 12345);

unsigned start_of(IdKind kind) { return static_cast<unsigned>(kind) + 1; }

}  // namespace

std::string_view letters_of(IdKind kind) noexcept { return kLetters[static_cast<std::size_t>(kind)]; }

std::string id_of(IdKind kind, EntryIndex index) {
  WB_CHECK(index.value >> (5 * kLongest) == 0);
  const std::size_t n = length_for(index.value);
  const std::uint64_t mixed = scatter(index.value, 5 * n);
  std::string body;
  for (std::size_t i = 0; i < n; ++i) body += kAlphabet[mixed >> (5 * (n - 1 - i)) & 31];
  body += kAlphabet[check_of(start_of(kind), body)];
  return std::string(letters_of(kind)) + "-" + body.substr(0, 4) + "-" + body.substr(4);
}

Result<IdReference> index_of(std::string_view id) {
  const auto bad = [&] { return refuse(Rule::id_malformed, "found \"" + excerpt(id) + "\""); };
  if (id.size() < 4 || id[2] != '-') return bad();
  std::size_t kind = 0;
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  while (kind < kLetters.size() && !(kLetters[kind][0] == upper(id[0]) && kLetters[kind][1] == upper(id[1]))) ++kind;
  if (kind == kLetters.size()) return bad();
  std::string body;
  for (const char c : id.substr(3)) {
    if (c == '-') continue;
    const int value = value_of(c);
    if (value < 0) return bad();
    body += kAlphabet[static_cast<std::size_t>(value)];
  }
  if (body.size() < kShortest + 1 || body.size() > kLongest + 1) return bad();
  const std::string_view data = std::string_view(body).substr(0, body.size() - 1);
  if (check_of(static_cast<unsigned>(kind) + 1, data) != static_cast<unsigned>(value_of(body.back())))
    return refuse(Rule::id_check_character, "found \"" + excerpt(id) + "\", in which a character is wrong or two are swapped");
  std::uint64_t mixed = 0;
  for (const char c : data) mixed = mixed << 5 | static_cast<std::uint64_t>(value_of(c));
  const std::uint64_t index = gather(mixed, 5 * data.size());
  if (length_for(index) != data.size()) return bad();
  return IdReference{static_cast<IdKind>(kind), EntryIndex{index}};
}

std::string spoken_code(std::string_view bytes, std::size_t characters) {
  WB_CHECK(characters * 5 <= bytes.size() * 8 && characters <= 12);
  std::string body;
  std::uint32_t bits = 0, held = 0;
  for (std::size_t i = 0; body.size() < characters; ++i) {
    bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    for (held += 8; held >= 5 && body.size() < characters; held -= 5) body += kAlphabet[bits >> (held - 5) & 31];
  }
  body += kAlphabet[check_of(0, body)];
  return body;
}

}  // namespace wideberth::base

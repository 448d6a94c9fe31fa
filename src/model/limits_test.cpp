// The limits of texts and lists as docs/limits.md states them: at each, and one beyond it.
#include <gtest/gtest.h>

#include <charconv>

#include "json/json.h"
#include "model/testing_documents.h"

namespace wideberth::model {
namespace {

using testing::DocumentReader;

/// The tree with `raw` in place of what stands at the pointer.
void write_replaced(json::Writer& w, const json::Value& at, std::string_view here, std::string_view pointer,
                    std::string_view raw) {
  if (here == pointer) {
    w.raw(raw);
  } else if (at.kind() == json::Value::Kind::object) {
    w.begin_object();
    for (const auto& [name, value] : at.object())
      write_replaced(w.key(name), value, std::string(here) + "/" + json::pointer_token(name), pointer, raw);
    w.end_object();
  } else if (at.kind() == json::Value::Kind::array) {
    w.begin_array();
    for (std::size_t i = 0; i < at.array().size(); ++i)
      write_replaced(w, at.array()[i], std::string(here) + "/" + std::to_string(i), pointer, raw);
    w.end_array();
  } else {
    w.value(at);
  }
}

std::string replaced(const json::Value& tree, std::string_view pointer, std::string_view raw) {
  json::Writer w;
  write_replaced(w, tree, "", pointer, raw);
  return w.take();
}

json::Value tree_of(std::string_view text) { return json::parse(text, {.most_bytes = text.size()}).value(); }

/// The pointer of every text, those of one list as one: "/rules/*/clause" with the pointers that it stands for.
void find_texts(const json::Value& at, const std::string& pointer, const std::string& pattern,
                std::map<std::string, std::vector<std::string>>& found) {
  if (at.kind() == json::Value::Kind::string) found[pattern].push_back(pointer);
  if (at.kind() == json::Value::Kind::object)
    for (const auto& [name, value] : at.object())
      find_texts(value, pointer + "/" + json::pointer_token(name), pattern + "/" + json::pointer_token(name), found);
  if (at.kind() == json::Value::Kind::array)
    for (std::size_t i = 0; i < at.array().size(); ++i)
      find_texts(at.array()[i], pointer + "/" + std::to_string(i), pattern + "/*", found);
}

/// With thousands set apart, as the page writes them.
std::string figure(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

/// A refusal that says all that it must: where, what was found, and what would be accepted.
void expect_told(const std::optional<base::Refusal>& refused, const std::string& where, const std::string& what) {
  ASSERT_TRUE(refused) << what << " is read beyond its limit";
  EXPECT_TRUE(refused->where.starts_with(where)) << what << ": " << base::to_text(*refused);
  EXPECT_FALSE(refused->found.empty()) << what << ": " << base::to_text(*refused);
  EXPECT_FALSE(refused->accepted.empty()) << what << ": " << base::to_text(*refused);
}

class TextProbe {
 public:
  TextProbe(const json::Value& tree, std::string pointer, const DocumentReader& reader)
      : tree_(tree), pointer_(std::move(pointer)), reader_(reader) {}

  std::optional<base::Refusal> refused(std::size_t length) const {
    return reader_(replaced(tree_, pointer_, "\"" + std::string(length, 'a') + "\""));
  }
  /// The longest text that is read; 0 where no text of this alphabet is (an id, a time, a word of a list).
  std::size_t most() const {
    std::size_t low = 0, high = kFarBeyond;
    for (const std::size_t length : {1U, 2U, 7U, 32U})
      if (!refused(length)) low = length;
    if (low == 0) return 0;
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      (refused(middle) ? high : low) = middle;
    }
    return low;
  }
  /// More than any text may have.
  static constexpr std::size_t kFarBeyond = 100'000;

 private:
  const json::Value& tree_;
  std::string pointer_;
  const DocumentReader& reader_;
};

/// "`/person` 128, `/text` 2,000": the texts of the documents of one kind that are free in their words.
std::string texts_of(const std::vector<json::Value>& trees, const DocumentReader& reader) {
  std::map<std::string, std::size_t> most;
  for (const json::Value& tree : trees) {
    std::map<std::string, std::vector<std::string>> texts;
    find_texts(tree, "", "", texts);
    for (const auto& [pattern, pointers] : texts) {
      const TextProbe probe(tree, pointers.front(), reader);
      const std::size_t length = probe.most();
      if (length == 0) continue;
      const auto beyond = probe.refused(length + 1);
      if (!beyond || beyond->rule == base::Rule::base64_malformed) {
        EXPECT_TRUE(beyond) << pattern << " has no limit";
        continue;  // bytes, not words: their limit is that of what they carry
      }
      expect_told(beyond, pointers.front(), pattern);
      EXPECT_TRUE(beyond->rule != base::Rule::json_too_large) << pattern << " has no limit but its document's";
      most[pattern] = length;
    }
  }
  std::string told;
  for (const auto& [pattern, length] : most) told += (told.empty() ? "`" : ", `") + pattern + "` " + figure(length);
  return told;
}

/// The size of a whole document beyond which it is not read, found by spaces after it.
std::size_t most_bytes(const std::string& text, const DocumentReader& reader) {
  for (std::size_t size = std::size_t{16} << 10; size <= std::size_t{4} << 20; size *= 2) {
    if (size < text.size()) continue;
    const auto padded = [&](std::size_t bytes) { return text + std::string(bytes - text.size(), ' '); };
    const auto beyond = reader(padded(size + 1));
    if (!beyond) continue;
    EXPECT_EQ(beyond->rule, base::Rule::json_too_large) << base::to_text(*beyond);
    EXPECT_FALSE(beyond->found.empty() || beyond->accepted.empty()) << base::to_text(*beyond);
    EXPECT_FALSE(reader(padded(size)));
    return size;
  }
  return 0;
}

/// Invented: members that the example of entries.md leaves out.
const std::map<EntryKind, std::string>& fuller() {
  static const std::map<EntryKind, std::string> kFuller = {
      {EntryKind::notification_filed,
       R"json({"type":"Feature","geometry":{"type":"LineString","coordinates":[[42,37],[42.1,37.1]]},"properties":{"party":"aid",
       "earliest":["2026-03-10T09:00:00Z","2026-03-10T10:00:00Z"],"latest":["2026-03-10T09:10:00Z","2026-03-10T10:10:00Z"],
       "half_width_m":50,"names":["a","b"],"emergency":true,"reason":"Births.","organisation":"Aid body (invented)","consent":true,
       "purpose":"aid","unit":"u","focal_point":"f","platform_class":"vehicle",
       "composition":{"vehicles":[{"type":"lorry","count":6}],"people":14,"escorts":[{"type":"pickup","count":2,"of":"blue"}]},
       "holding_points":[{"name":"the mill","place":[42.05,37.06]}],
       "alternates":[{"name":"by the river","coordinates":[[42,37],[42.1,37.1]],
       "earliest":["2026-03-10T09:00:00Z","2026-03-10T10:00:00Z"],"latest":["2026-03-10T09:10:00Z","2026-03-10T10:10:00Z"]}]}})json"},
      {EntryKind::agreement_proposed, testing::data_file("agreement-dayrik-invented.json")},
      {EntryKind::sighting_reported,
       R"json({"count":3,"type":"truck","place":[42.14,37.177],"within_m":200,"seen":"2020-08-25T06:40:00Z","observer":"P","remark":"r"})json"},
      {EntryKind::sighting_answered, R"json({"answer":"not ours","person":"Col. D.","note":"n"})json"},
      {EntryKind::note_refused,
       R"json({"text":"LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=","signer":"b","number":43,"rule":"name_twice","found":"x"})json"},
  };
  return kFuller;
}

std::string limit_row(const KindRow& row, const DocumentReader& reader, const std::string& example) {
  std::vector<json::Value> trees{tree_of(example)};
  if (const auto more = fuller().find(row.kind); more != fuller().end()) {
    EXPECT_FALSE(reader(more->second)) << row.name << ": " << base::to_text(*reader(more->second));
    trees.push_back(tree_of(more->second));
  }
  const std::string texts = texts_of(trees, reader);
  return "| `" + std::string(row.name) + "` | " + figure(most_bytes(example, reader) >> 10) + " KiB | " +
         (texts.empty() ? "none" : texts) + " |";
}

TEST(ModelLimits, EveryTextOfEveryKindAndEveryDocumentIsReadAtItsLimitAndRefusedBeyond) {
  const auto readers = testing::document_readers();
  const std::string entries = testing::doc_page("entries.md"), page = testing::doc_page("limits.md");
  for (const auto& row : kinds()) {
    if (row.kind == EntryKind::positions_reported) continue;  // binary: position_batch_test.cpp
    const std::string wanted = limit_row(row, readers.at(row.kind), testing::example_of(entries, "### " + std::string(row.name)));
    EXPECT_NE(page.find("\n" + wanted + "\n"), std::string::npos) << "docs/limits.md needs\n" << wanted;
  }
}

/// The n elements of a list as JSON; `element` gives each by its number.
template <class Element>
std::string list_of(std::size_t n, Element element) {
  std::string list = "[";
  for (std::size_t i = 0; i < n; ++i) list.append(i == 0 ? "" : ",").append(element(i));
  return list + "]";
}

std::string number_of(std::size_t i) { return std::to_string(i); }
std::string same_time(std::size_t) { return "\"2026-03-10T09:00:00Z\""; }
std::string clock_time(std::size_t i) {
  const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + number_of(n); };
  return "\"" + two(i / 60) + ":" + two(i % 60) + "Z\"";
}
/// A ring of n corners (the first again at its end) on a slope that nothing crosses.
std::string ring_of(std::size_t n) {
  return list_of(n, [n](std::size_t i) -> std::string {
    if (i == 0 || i + 1 == n) return "[42,37]";
    return "[42." + number_of(100'000 + i) + "," + (i + 2 == n ? "36.9" : "37") + "]";
  });
}

struct ListRow {
  EntryKind kind;
  std::string where;  ///< as the page names it
  std::size_t most;
  std::function<std::string(const json::Value&, std::size_t)> document;  ///< with so many elements
};

/// A list whose elements do not depend on anything else in the document.
template <class Element>
ListRow plain_list(EntryKind kind, const std::string& where, std::size_t most, Element element) {
  return {kind, where, most, [=](const json::Value& tree, std::size_t n) { return replaced(tree, where, list_of(n, element)); }};
}
template <class Raw>
ListRow raw_list(EntryKind kind, const std::string& where, std::size_t most, Raw raw) {
  return {kind, where, most,
          [=](const json::Value& tree, std::size_t n) { return replaced(tree, where.substr(0, where.find("/*")), raw(n)); }};
}

std::vector<ListRow> lists_of_notifications() {
  const auto filed = EntryKind::notification_filed;
  const auto vehicle = [](std::size_t) { return R"({"type":"lorry","count":1})"; };
  return {
      {filed, "/geometry/coordinates", kMostVertices,
       [](const json::Value& tree, std::size_t n) {
         const auto line = list_of(n, [](std::size_t i) { return "[42." + number_of(100'000 + i) + ",37]"; });
         auto text = replaced(tree, "/geometry/coordinates", line);
         text = replaced(tree_of(text), "/properties/names", "null");
         text = replaced(tree_of(text), "/properties/earliest", list_of(n, same_time));
         return replaced(tree_of(text), "/properties/latest", list_of(n, same_time));
       }},
      plain_list(filed, "/properties/composition/vehicles", kMostCompositionLines, vehicle),
      plain_list(filed, "/properties/composition/escorts", kMostCompositionLines, vehicle),
      plain_list(filed, "/properties/holding_points", kMostHoldingPoints,
                 [](std::size_t i) { return R"({"name":"p)" + number_of(i) + R"(","place":[42.05,37.06]})"; }),
      plain_list(filed, "/properties/alternates", kMostAlternates,
                 [](std::size_t i) {
                   return R"({"name":"r)" + number_of(i) + R"(","coordinates":[[42,37],[42.1,37.1]],
                     "earliest":["2026-03-10T09:00:00Z","2026-03-10T10:00:00Z"],
                     "latest":["2026-03-10T09:10:00Z","2026-03-10T10:10:00Z"]})";
                 }),
      plain_list(EntryKind::notification_acknowledged, "/echo", kMostEchoes,
                 [](std::size_t) { return R"({"place":[42.14,37.177],"dd":"37.177N 42.14E"})"; }),
  };
}

std::vector<ListRow> lists_of_agreements() {
  const auto proposed = EntryKind::agreement_proposed;
  const auto rule = [](const std::string& rest) { return R"([{"clause":"1","text":"t",)" + rest + "}]"; };
  const auto area = [](std::size_t i, const std::string& rings) {
    return R"({"area":")" +
           (i == 0   ? "essa"
            : i == 1 ? "north"
                     : "a" + number_of(i)) +
           R"(","name":"A","regime":"notify","rings":)" + rings + "}";
  };
  const auto party = [](std::size_t i) {
    return R"({"party":")" +
           (i == 0   ? "blue"
            : i == 1 ? "red"
            : i == 2 ? "observer"
                     : "p" + number_of(i)) +
           R"(","role":"party","name":"P"})";
  };
  return {
      plain_list(proposed, "/parties", kMostParties, party),
      raw_list(proposed, "/areas", kMostAreas,
               [=](std::size_t n) { return list_of(n, [&](std::size_t i) { return area(i, "[" + ring_of(5) + "]"); }); }),
      raw_list(proposed, "/areas/0/rings", kMostRings,
               [](std::size_t n) { return list_of(n, [](std::size_t) { return ring_of(5); }); }),
      raw_list(proposed, "/areas/0/rings/0", kMostRingPlaces, ring_of),
      plain_list(proposed, "/places", kMostPlaces,
                 [](std::size_t i) { return R"({"name":"p)" + number_of(i) + R"(","place":[42,37],"radius_m":5000})"; }),
      plain_list(proposed, "/places/0/also", 32, [](std::size_t i) { return "\"q" + number_of(i) + "\""; }),
      plain_list(proposed, "/platform_classes", kMostClasses,
                 [](std::size_t i) {
                   return i == 0 ? "\"vehicle\"" : i == 1 ? "\"helicopter\"" : i == 2 ? "\"drone\"" : "\"c" + number_of(i) + "\"";
                 }),
      plain_list(proposed, "/rules", kMostRules,
                 [](std::size_t i) {
                   return R"({"clause":")" + number_of(i) + R"(","text":"t","kind":"check_in","times":["09:00Z"]})";
                 }),
      raw_list(proposed, "/rules/*/times", 48,
               [=](std::size_t n) { return rule(R"("kind":"check_in","times":)" + list_of(n, clock_time)); }),
      raw_list(proposed, "/rules/*/steps", 32,
               [=](std::size_t n) {
                 return rule(R"("kind":"escalation_ladder","steps":)" +
                             list_of(n, [](std::size_t i) { return "\"s" + number_of(i) + "\""; }));
               }),
      raw_list(
          proposed, "/rules/*/classes/0/called", 32,
          [=](std::size_t n) {
            return rule(
                R"("kind":"presence","party":"red","area":"essa","notice_s":86400,"classes":[{"platform_class":"vehicle","most":1,"called":)" +
                list_of(n, [](std::size_t i) { return "\"w" + number_of(i) + "\""; }) + "}]");
          }),
      raw_list(proposed, "/rules/*/test", 32,
               [=](std::size_t n) {
                 std::string test;
                 for (std::size_t i = 0; i < n; ++i) test += (i == 0 ? "\"t" : ",\"t") + number_of(i) + "_m\":1";
                 return rule(R"("kind":"prohibited_conduct","conduct":"own","test":{)" + test + "}");
               }),
  };
}

std::vector<ListRow> lists_of_the_rest() {
  const auto hash = [](std::size_t) { return "\"LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\""; };
  const auto closed = EntryKind::encounter_closed;
  const auto fix = [](std::size_t i) { return "[" + number_of(i) + ",\"2020-08-25T07:00:55Z\"]"; };
  const auto rests = [=](std::size_t n) { return R"({"party":"blue","unit":"u","fixes":1,"which":)" + list_of(n, fix) + "}"; };
  return {
      plain_list(closed, "/listed", kMostListed,
                 [](std::size_t) {
                   return R"({"unit":"u","other_unit":"r","from":"2020-08-25T06:55:02Z","to":"2020-08-25T07:09:40Z","closest_m":2,
                     "closest_at":"2020-08-25T07:01:10Z","place":[42.1,37.4],"other_place":[42.1,37.4],"relative_mps":0.4,
                     "greatest_relative_mps":14})";
                 }),
      plain_list(EntryKind::unit_described, "/units", kMostUnitsAtOnce,
                 [](std::size_t i) { return R"({"unit":"u)" + number_of(i) + R"(","platform_class":"vehicle"})"; }),
      plain_list(EntryKind::consultation_held, "/participants", kMostParticipants, [](std::size_t) { return "\"A\""; }),
      plain_list(EntryKind::entry_crossed, "/continues/hashes", kMostContinuation, hash),
      plain_list(EntryKind::sender_warned, "/notifications", kMostWarned, [](std::size_t) { return "\"MV-GD4Z-4F\""; }),
      plain_list(EntryKind::watch_handed_over, "/open/queries", kMostHandedOver, number_of),
      plain_list(EntryKind::watch_handed_over, "/open/deadlines", kMostHandedOver,
                 [](std::size_t i) {
                   return R"({"kind":"answer","party":"red","about":)" + number_of(i) + R"(,"due":"2026-03-10T09:00:00Z"})";
                 }),
      plain_list(EntryKind::rule_touched, "/under", 200,
                 [](std::size_t) { return R"({"of":"blue","reading":15,"touched":false})"; }),
      plain_list(EntryKind::conflict_found, "/delay_set_s", 20'000,
                 [](std::size_t i) { return "[" + number_of(2 * i) + "," + number_of(2 * i + 1) + "]"; }),
      plain_list(closed, "/candidates/0/rests_on/0/which", kMostFixRefs, fix),
      plain_list(closed, "/candidates/0/rests_on", 128, [=](std::size_t) { return rests(1); }),
      plain_list(closed, "/candidates/0/by", 64, [](std::size_t) { return R"({"party":"red","unit":"r-7"})"; }),
  };
}

TEST(ModelLimits, EveryListIsReadAtItsLimitAndRefusedBeyond) {
  const auto readers = testing::document_readers();
  const std::string entries = testing::doc_page("entries.md"), page = testing::doc_page("limits.md");
  for (const auto& rows : {lists_of_notifications(), lists_of_agreements(), lists_of_the_rest()}) {
    for (const ListRow& row : rows) {
      const std::string name(name_of(row.kind));
      const auto more = fuller().find(row.kind);
      const auto tree = tree_of(more != fuller().end() ? more->second : testing::example_of(entries, "### " + name));
      const auto at = readers.at(row.kind)(row.document(tree, row.most));
      EXPECT_FALSE(at) << name << " " << row.where << ": " << base::to_text(*at);
      expect_told(readers.at(row.kind)(row.document(tree, row.most + 1)), row.where.substr(0, row.where.find("/*")), name);
      const std::string wanted = "| `" + name + "` | `" + row.where + "` | " + figure(row.most) + " |";
      EXPECT_NE(page.find("\n" + wanted + "\n"), std::string::npos) << "docs/limits.md needs\n" << wanted;
    }
  }
}

/// A number as JSON at its limit and just beyond it.
struct NumberRow {
  EntryKind kind;
  std::string where;  ///< "/rules" stands for one rule, whose text has the number at %
  std::string most, beyond;
};

std::vector<NumberRow> numbers() {
  const auto proposed = EntryKind::agreement_proposed, filed = EntryKind::notification_filed;
  const auto rule = [&](const std::string& rest, const std::string& most, const std::string& beyond) {
    const auto of = [&](const std::string& number) {
      return R"([{"clause":"1","text":"t",)" + testing::with(rest, "%", number) + "}]";
    };
    return NumberRow{proposed, "/rules", of(most), of(beyond)};
  };
  const auto plain = [](EntryKind kind, const std::string& where, std::int64_t most) {
    return NumberRow{kind, where, std::to_string(most), std::to_string(most + 1)};
  };
  const auto separation = R"("kind":"separation","class_a":"*","class_b":"*","distance_m":%)";
  const auto tolerance = R"("kind":"composition_tolerance","vehicles":%,"people":0)";
  const auto check_in = R"("kind":"check_in","times":["09:00Z"],"within_s":%)";
  const auto cell = R"("kind":"disclosure","from":"blue","to":"red","view":"outline","cell_deg":%,"slot_s":3600)";
  const auto slot = R"("kind":"disclosure","from":"blue","to":"red","view":"outline","cell_deg":0.1,"slot_s":%)";
  return {rule(separation, "1000000", "1000000.001"),                   // kMostSeparation
          rule(tolerance, "1000000", "1000001"),                        // kMostCount
          rule(check_in, "43200", "43200.001"),                         // kLongestCheckIn
          rule(cell, "10", "10.1"),                                     // kMostCell_e7
          rule(cell, "0.001", "0.0009"),                                // kLeastCell_e7
          rule(slot, "86400", "86401"),                                 // kMostSlot
          rule(slot, "60", "59"),                                       // kLeastSlot
          {proposed, "/area_margin_m", "1000000", "1000000.001"},       // kMostAreaMargin
          {proposed, "/places/0/radius_m", "200000", "200000.001"},     // kMostPlaceRadius
          {filed, "/properties/half_width_m", "100000", "100000.001"},  // kMostHalfWidth
          plain(filed, "/properties/composition/people", 1'000'000),    // kMostCompositionCount
          plain(EntryKind::sighting_reported, "/count", kMostSeen),
          plain(EntryKind::unit_described, "/units/0/vehicles", kMostVehicles),
          {EntryKind::unit_described, "/units/0/length_m", "1000", "1000.001"},     // kMostUnitLength
          {EntryKind::message_sent, "/answer_within_s", "2592000", "2592000.001"},  // kLongestAnswer
          {EntryKind::message_sent, "/answer_within_s", "60", "59.999"},            // kShortestAnswer
          plain(EntryKind::message_sent, "/step", model::kMostSteps)};
}

TEST(ModelLimits, NumbersAreReadAtTheirLimitAndRefusedBeyond) {
  const auto readers = testing::document_readers();
  const std::string entries = testing::doc_page("entries.md");
  for (const NumberRow& row : numbers()) {
    const std::string name(name_of(row.kind));
    const auto more = fuller().find(row.kind);
    const auto tree = tree_of(more != fuller().end() ? more->second : testing::example_of(entries, "### " + name));
    const auto at = readers.at(row.kind)(replaced(tree, row.where, row.most));
    EXPECT_FALSE(at) << name << " " << row.most << ": " << base::to_text(*at);
    expect_told(readers.at(row.kind)(replaced(tree, row.where, row.beyond)), row.where, name + " " + row.beyond);
  }
}

}  // namespace
}  // namespace wideberth::model

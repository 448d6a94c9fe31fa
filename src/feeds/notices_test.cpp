#include "feeds/notices.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/id.h"

namespace wideberth::feeds {
namespace {

const base::Instant kWritten = base::Instant::parse("2026-02-20T12:00:00Z").value();

const std::string kNoticeAgreement = base::id_of(base::IdKind::agreement, base::EntryIndex{5});
const std::string kNoticeHead =
    "id,subject,places,names,earliest,latest,radius_m,organisation,consent,marking,vehicles,escorts,people\n";
const std::string kSiteRow =
    "s1,site,37.05N 41.22E,\"Clinic \"\"north\"\", (invented)\",2026-03-01T00:00:00Z,2026-06-01T00:00:00Z,40,Aid,yes,day,,,\n";
const std::string kConvoyRow =
    "c1,movement,37.05N 41.22E; 37.1N 41.3E,Depot; Mill,2026-03-10T06:00:00Z; 2026-03-10T07:00:00Z,"
    "2026-03-10T06:10:00Z; 2026-03-10T07:10:00Z,,Aid,yes,day night,6 lorry; 1 car,2 pickup armed of blue; 1 bus,14\n";

NoticeSheet sheet_of(const std::string& text) { return read_notices(text, "aid", kNoticeAgreement).value(); }

/// Of the only row: what it was refused for and where.
std::string refused_for(const std::string& head, const std::string& row) {
  const auto sheet = read_notices(head + row, "aid", kNoticeAgreement);
  if (!sheet) return std::string(base::code_of(sheet.error().rule)) + " at " + sheet.error().where;
  if (sheet->refused.empty()) return "read";
  return std::string(base::code_of(sheet->refused[0].rule)) + " at " + sheet->refused[0].where;
}

std::string instead(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Notices, SitesAndConvoysAreRead) {
  const NoticeSheet sheet = sheet_of("\xEF\xBB\xBF" + kNoticeHead + kSiteRow + "\n,,,,,,,,,,,,\r\n" + kConvoyRow);
  ASSERT_TRUE(sheet.refused.empty()) << base::to_text(sheet.refused[0]);
  ASSERT_EQ(sheet.rows.size(), 2U);
  const auto& site = sheet.rows[0].notification;
  EXPECT_EQ(sheet.rows[0].row, 2U);
  EXPECT_EQ(site.subject, model::Subject::site);
  EXPECT_EQ(site.party, "aid");
  EXPECT_EQ(site.agreement, kNoticeAgreement);
  EXPECT_EQ(site.place_names.at(0), "Clinic \"north\", (invented)");
  EXPECT_EQ(std::get<geo::Area>(site.where).radius, base::Metres::from_metres(40));
  EXPECT_EQ(site.consent, true);
  EXPECT_EQ(site.marking, (model::Marking{true, false, false}));
  EXPECT_EQ(sheet.rows[1].row, 5U) << "as a spreadsheet counts";
  const auto& convoy = sheet.rows[1].notification;
  EXPECT_EQ(std::get<geo::Route>(convoy.where).waypoints.size(), 2U);
  EXPECT_EQ(convoy.half_width(), base::Metres::from_metres(50)) << "where none is said";
  EXPECT_EQ(convoy.composition.vehicles, (std::vector<model::CompositionLine>{{"lorry", 6}, {"car", 1}}));
  EXPECT_EQ(convoy.composition.escorts.at(0), (model::CompositionLine{"pickup", 2, true, "blue"}));
  EXPECT_EQ(convoy.composition.escorts.at(1), (model::CompositionLine{"bus", 1}));
  EXPECT_EQ(convoy.composition.people, 14);
}

TEST(Notices, TheTemplateIsReadWhole) {
  const NoticeSheet sheet = sheet_of(notices_template(kWritten));
  ASSERT_TRUE(sheet.refused.empty()) << base::to_text(sheet.refused[0]);
  ASSERT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.rows[1].notification.alternates.size(), 1U);
  EXPECT_EQ(sheet.rows[1].notification.holding_points.size(), 1U);
  for (const NoticeRow& row : sheet.rows)
    EXPECT_GE(model::window_of(row.notification).from, kWritten + Millis::from_seconds(6 * 86'400));
}

TEST(Notices, EveryErrorNamesRowAndColumnAndTheOtherRowsAreRead) {
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "37.05N", "97.05N")),
            "place_out_of_range at row 2, column places, place 1");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "37.05N 41.22E", "37.05 41.22")),
            "place_ambiguous at row 2, column places, place 1");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "37.05N 41.22E", "")), "csv_row at row 2, column places");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",site,", ",house,")), "json_choice at row 2, column subject");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "s1,", ",")), "csv_row at row 2, column id");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "2026-06-01", "2026-01-01")), "feature_windows at row 2, column latest");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, "2026-03-01T00:00:00Z", "March")),
            "time_malformed at row 2, column earliest");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",40,", ",wide,")), "number_malformed at row 2, column radius_m");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",40,", ",100001,")), "json_range at row 2, column radius_m");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",yes,", ",maybe,")), "json_choice at row 2, column consent");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",day,", ",dusk,")), "json_choice at row 2, column marking");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kConvoyRow, "6 lorry", "six lorries")), "csv_row at row 2, column vehicles");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kConvoyRow, ",14", ",many")), "number_malformed at row 2, column people");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kConvoyRow, "; 2026-03-10T07:00:00Z", "")), "json_length at row 2, column earliest");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kConvoyRow, "; 37.1N 41.3E", "")), "csv_row at row 2, column places");
  const std::string columns = notices_template(kWritten).substr(0, notices_template(kWritten).find("\r\n") + 2);
  const std::string convoy = notices_template(kWritten).substr(notices_template(kWritten).find("convoy-1"));
  EXPECT_EQ(refused_for(columns, instead(convoy, "by the south", "\x1D")), "text_malformed at row 2, column alternate");
  EXPECT_EQ(refused_for(kNoticeHead, "s1,site\n"), "csv_row at row 2, column places");
  EXPECT_EQ(refused_for(kNoticeHead, kSiteRow + kSiteRow), "name_twice at row 3, column id");
  EXPECT_EQ(refused_for(kNoticeHead, kSiteRow + "\"never ends\n"), "csv_row at row 3, column id");
  EXPECT_EQ(refused_for(instead(kNoticeHead, "radius_m", "radius"), kSiteRow), "csv_header at row 1, column 7");
  EXPECT_EQ(refused_for(instead(kNoticeHead, "radius_m", "id"), kSiteRow), "csv_header at row 1, column 7");
  EXPECT_EQ(refused_for("id,subject,places,earliest\n", ""), "csv_header at row 1, column latest");
  EXPECT_EQ(refused_for("", ""), "csv_header at row 1, column 1");

  const NoticeSheet sheet =
      sheet_of(kNoticeHead + kSiteRow + instead(kConvoyRow, "6 lorry", "lorries") + instead(kConvoyRow, "c1", "c2"));
  EXPECT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.refused.size(), 1U);
}

TEST(Notices, LimitsAreStatedAndHold) {
  std::string many = kNoticeHead;
  for (std::size_t i = 0; i < kMostNoticeRows; ++i) many += "\n";
  EXPECT_TRUE(read_notices(many, "aid", kNoticeAgreement));
  EXPECT_EQ(refused_for(many, kSiteRow), "csv_row at row 10002");
  const std::string longest(kMostNoticeCell, 'x');
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",Aid,", "," + longest + ",")),
            "json_length at row 2, column organisation");
  EXPECT_EQ(refused_for(kNoticeHead, instead(kSiteRow, ",Aid,", "," + longest + "x,")), "csv_row at row 2, column organisation");
  EXPECT_FALSE(read_notices(std::string(kMostNoticeBytes + 1, ' '), "aid", kNoticeAgreement));
}

TEST(Notices, SitesOfOneNameOrPlaceAreOne) {
  const auto site = [](const std::string& row) { return sheet_of(kNoticeHead + row).rows.at(0).notification; };
  const auto first = site(kSiteRow);
  const auto named = [&](const std::string& name, const std::string& lat) {
    return site(instead(instead(kSiteRow, "\"Clinic \"\"north\"\", (invented)\"", name), "37.05N", lat));
  };
  EXPECT_TRUE(same_site(first, named("Other", "37.0504N"), kSameSite)) << "44 m";
  EXPECT_FALSE(same_site(first, named("Other", "37.0505N"), kSameSite)) << "55 m";
  EXPECT_TRUE(same_site(first, named("\"CLINIC \"\"NORTH\"\", (invented)\"", "37.2N"), kSameSite));
  EXPECT_FALSE(same_site(first, sheet_of(kNoticeHead + kConvoyRow).rows.at(0).notification, kSameSite));
}

RC_GTEST_PROP(NoticesLaws, AnyChangedByteIsReadOrRefusedWithItsPlace, ()) {
  std::string text = kNoticeHead + kSiteRow + kConvoyRow;
  text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  const auto sheet = read_notices(text, "aid", kNoticeAgreement);
  if (!sheet) {
    RC_ASSERT(sheet.error().where.starts_with("row "));
    return;
  }
  RC_ASSERT(sheet->rows.size() + sheet->refused.size() <= 3U);
  for (const auto& refusal : sheet->refused) RC_ASSERT(refusal.where.starts_with("row "));
}

/// Invented: a cell as somebody might have filled it.
std::string some_cell() {
  const auto words = rc::gen::element<std::string>(
      "", "site", "movement", "house", "yes", "no", "37.05N 41.22E", "97N 41E", "37.05N 41.22E; 37.1N 41.3E", "38SKG4609018339",
      "2026-03-10T06:00:00Z", "2026-13-10T06:00:00Z", "2026-03-10T06:00:00Z; 2026-03-10T05:00:00Z", "6 lorry", "lorry", "-1",
      "1e9", "99999999999999999999", "day", "day dusk", "none", "2 pickup armed of blue", "the mill = 37.09N 41.60E",
      "the mill = nowhere", "a\nb", "\"", ";", "; ;", "=1+1", "\xFF\xFE", "\xE2\x80\xAE", "44068.25", "c1",
      std::string(200, 'x'));
  return *rc::gen::oneOf(words, rc::gen::string<std::string>());
}

std::string in_quotes(const std::string& cell) {
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string written(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + in_quotes(row[i]);
    text += "\r\n";
  }
  return text;
}

/// The template's two rows, eight times under other names, as cells.
std::vector<std::vector<std::string>> valid_rows() {
  std::vector<std::vector<std::string>> rows(1);
  bool quoted = false;
  for (const char c : notices_template(kWritten)) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.emplace_back();
    } else if (c != '\r') {
      if (rows.back().empty()) rows.back().emplace_back();
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  for (std::size_t i = 0; i < 6; ++i) {
    rows.push_back(rows[1 + i % 2]);
    rows.back()[0] = "row-" + std::to_string(i);
  }
  return rows;
}

RC_GTEST_PROP(NoticesLaws, EveryRefusedRowNamesRowColumnAndRuleAndTheOthersStandUnchanged, ()) {
  auto rows = valid_rows();
  const auto names = rows[0];
  const auto sound = sheet_of(written(rows));
  RC_ASSERT(sound.refused.empty() && sound.rows.size() == rows.size() - 1);
  std::set<std::size_t> touched;
  for (int changes = *rc::gen::inRange(1, 5); changes > 0; --changes) {
    const auto row = *rc::gen::inRange<std::size_t>(1, rows.size());
    touched.insert(row + 1);
    switch (*rc::gen::inRange(0, 6)) {
      case 0: rows[row].emplace_back(); break;
      case 1: rows[row].pop_back(); break;
      default: rows[row][*rc::gen::inRange<std::size_t>(0, rows[row].size())] = some_cell();
    }
  }
  const auto sheet = sheet_of(written(rows));
  std::set<std::size_t> told;
  for (const NoticeRow& each : sheet.rows) told.insert(each.row);
  for (const base::Refusal& each : sheet.refused) {
    const std::string column = each.where.substr(std::min(each.where.find(", column ") + 9, each.where.size()));
    const std::string name = column.substr(0, column.find(','));
    const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    RC_ASSERT(each.where.starts_with("row "));
    RC_ASSERT(is_number || std::find(names.begin(), names.end(), name) != names.end());
    RC_ASSERT(!base::code_of(each.rule).empty() && !each.found.empty());
    RC_ASSERT(!each.accepted.empty() || !base::title_of(each.rule).empty());
    const auto row = static_cast<std::size_t>(std::stoul(each.where.substr(4)));
    // A row that took the id of another stands in its place, and the other is refused for it.
    RC_ASSERT(touched.contains(row) || each.rule == base::Rule::name_twice);
    RC_ASSERT(told.insert(row).second);  // once, and not both read and refused
  }
  for (const NoticeRow& each : sheet.rows)
    if (!touched.contains(each.row)) RC_ASSERT(each.notification == sound.rows[each.row - 2].notification);
  RC_ASSERT(told.size() <= rows.size() - 1);
  for (std::size_t row = 2; row <= rows.size(); ++row) RC_ASSERT(told.contains(row) || touched.contains(row));
}

}  // namespace
}  // namespace wideberth::feeds

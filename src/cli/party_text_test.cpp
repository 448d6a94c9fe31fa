#include "cli/party_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wideberth::cli {
namespace {

TEST(PartyText, ShowsWhatIsHidden) {
  EXPECT_EQ(in_quotes("Seen."), "“Seen.”");
  EXPECT_EQ(in_quotes(""), "“”");
  EXPECT_EQ(in_quotes("a\nb”\n"), "“a\n    | b’\n    | ”");
  EXPECT_EQ(in_quotes("a\x1b[2Jb\r\xE2\x80\xAE"), "“a\\x1b[2Jb\\x0d\\xe280ae”");
  EXPECT_EQ(in_quotes("\xFF"), "“\\xff”");
}

TEST(PartyText, TellsMetresExactly) {
  EXPECT_EQ(exact_metres(base::Metres::from_metres(50)), "50 m");
  EXPECT_EQ(exact_metres(base::Metres::from_mm(12'500)), "12.5 m");
  EXPECT_EQ(exact_metres(base::Metres::from_mm(7)), "0.007 m");
}

RC_GTEST_PROP(PartyTextLaws, OnlyTheFirstLineHasNoBar, (const std::string& written)) {
  const std::string shown = in_quotes(written);
  RC_ASSERT(shown.starts_with("“") && shown.ends_with("”"));
  RC_ASSERT(shown.find("“", 1) == std::string::npos);
  RC_ASSERT(shown.find("”") == shown.size() - std::string_view("”").size());
  for (std::size_t at = 0; (at = shown.find('\n', at)) != std::string::npos; ++at)
    RC_ASSERT(std::string_view(shown).substr(at).starts_with("\n    | "));
  for (const char c : shown) RC_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace
}  // namespace wideberth::cli

#include "feeds/cot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"
#include "feeds/tak.h"
#include "feeds/tak_stream.h"

namespace wideberth::feeds {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Invented, in the form that ATAK 4 sends.
const std::string kOshkosh =
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    "<event version='2.0' uid='ANDROID-00:11:22:33:44:55' type='a-f-G-U-C' time='2020-08-25T06:58:12.417Z' "
    "start='2020-08-25T06:58:12.417Z' stale='2020-08-25T07:04:27.417Z' how='m-g' caveat='a &amp; b'>"
    "<point lat='36.98765432109' lon='42.1408123' hae='412.5' ce='3.5' le='9999999.0'/>"
    "<detail><takv os='30' version='4.8.1.5' device='SAMSUNG SM-G960U1' platform='ATAK-CIV'/>"
    "<contact endpoint='*:-1:stcp' callsign='OSHKOSH 1' phone='555'/><uid Droid='OSHKOSH 1'/>"
    "<__group name='Cyan' role='Team Member'/><status battery='87'/>"
    "<track course='114.66817017909176' speed='13.9'/><precisionlocation geopointsrc='GPS' altsrc='DTED0'/>"
    "<__vendor a=\"1 &lt; 2\"><deep>t&#233;xt</deep></__vendor></detail></event>";

CotEvent oshkosh() {
  const auto event = CotReader().read(kOshkosh);
  EXPECT_TRUE(event) << base::to_text(event.error());
  return *event;
}

// `from` replaced once by `to`.
std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Cot, ReadsAnEvent) {
  const CotEvent event = oshkosh();
  EXPECT_EQ(event.uid, "ANDROID-00:11:22:33:44:55");
  EXPECT_EQ(event.type, "a-f-G-U-C");
  EXPECT_EQ(event.how, "m-g");
  EXPECT_EQ(base::to_text(event.time), "2020-08-25T06:58:12.417Z");
  EXPECT_EQ(base::to_text(event.stale), "2020-08-25T07:04:27.417Z");
  EXPECT_EQ(event.place, (geo::Place{421'408'123, 369'876'543}));
  EXPECT_EQ(event.hae, Metres::from_mm(412'500));
  EXPECT_EQ(event.ce, Metres::from_mm(3'500));
  EXPECT_FALSE(event.le);
  EXPECT_EQ(event.callsign, "OSHKOSH 1");
  EXPECT_EQ(event.speed_mmps, 13'900);
  EXPECT_EQ(event.course_cdeg, 11'467);
  EXPECT_EQ(event.attributes, " caveat=\"a &amp; b\"");
  EXPECT_TRUE(event.detail.starts_with("<detail><takv os='30'"));
  EXPECT_TRUE(event.detail.ends_with("</__vendor></detail>"));
}

TEST(Cot, GivesAPosition) {
  Readings readings;
  take_cot(oshkosh(), {}, readings);
  ASSERT_THAT(readings.fixes, SizeIs(1));
  const model::Position& position = readings.fixes[0].position;
  EXPECT_EQ(position.unit, "OSHKOSH 1");
  EXPECT_EQ(position.accuracy, Metres::from_mm(8'568));  // 3.5 m x 2.448
  EXPECT_EQ(position.altitude, Metres::from_mm(412'500));
  EXPECT_EQ(position.source, model::PositionSource::cot);
  take_cot(oshkosh(), {.by_uid = true}, readings);
  EXPECT_EQ(readings.fixes[1].position.unit, "ANDROID-00:11:22:33:44:55");
}

TEST(Cot, LeavesOutWhatIsNoPositionOfOnesOwn) {
  Readings readings;
  CotEvent event = oshkosh();
  for (const char* type : {"b-m-p-s-m", "u-d-c-c", "a-", "a-h-G-U-C", "a-u-G", "t-x-d-d"}) {
    event.type = type;
    take_cot(event, {}, readings);
  }
  EXPECT_EQ(readings.of_other_kinds, 6u);
  event.type = "a-u-G";
  event.how = "h-g-i-g-o";
  take_cot(event, {.every_side = true}, readings);
  ASSERT_THAT(readings.fixes, SizeIs(1));
  EXPECT_EQ(readings.fixes[0].position.source, model::PositionSource::observed);
  event.type = "a-f-G";
  event.place = {};
  event.ce.reset();
  take_cot(event, {}, readings);
  EXPECT_EQ(readings.without_place, 1u);
  event.ce = Metres::from_metres(5);  // somebody may be where the equator meets Greenwich
  take_cot(event, {}, readings);
  EXPECT_THAT(readings.fixes, SizeIs(2));
  EXPECT_EQ(readings.refused_count, 0u);
}

TEST(Cot, ForgivesWhatDevicesDo) {
  struct Row {
    const char *from, *to;
  };
  for (const Row& row :
       {Row{"encoding='UTF-8'", "encoding='utf-16'"}, Row{"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>", ""},
        Row{" how='m-g'", ""}, Row{"version='2.0'", ""}, Row{" hae='412.5'", " hae='NaN'"}, Row{" ce='3.5'", " ce='999999'"},
        Row{"speed='13.9'", "speed='NaN'"}, Row{"speed='13.9'", "speed='-1.0'"}, Row{"lon='42.1408123'", "lon='4.21408123E1'"},
        Row{"06:58:12.417Z' start", "06:58:12.4170001+00:00' start"},
        Row{"how='m-g'", "how='m-g' access='Undefined' opex='' qos='1-r-c'"}}) {
    const auto event = CotReader().read("\r\n " + with(kOshkosh, row.from, row.to));
    EXPECT_TRUE(event) << row.to << ": " << base::to_text(event.error());
  }
  const auto beside =
      CotReader().read(with(with(kOshkosh, "callsign='OSHKOSH 1'", ""), "<detail>", "<contact callsign='LEAD'/><detail>"));
  ASSERT_TRUE(beside);
  EXPECT_EQ(beside->callsign, "LEAD");
  EXPECT_EQ(beside->others, "<contact callsign='LEAD'/>");
}

TEST(Cot, RefusesWhatItCannotRead) {
  struct Row {
    const char *from, *to;
    Rule rule;
  };
  for (const Row& row :
       {Row{"</event>", "", Rule::xml_malformed}, Row{"<event ", "<!DOCTYPE e [<!ENTITY a 'b'>]><event ", Rule::xml_malformed},
        Row{"callsign='OSHKOSH 1'", "callsign='&a;'", Rule::xml_malformed},
        Row{"callsign='OSHKOSH 1'", "callsign='\xFF'", Rule::xml_malformed}, Row{"<event ", "<evil ", Rule::xml_malformed},
        Row{"version='2.0'", "version='3.0'", Rule::cot_event}, Row{" uid='ANDROID-00:11:22:33:44:55'", "", Rule::cot_event},
        Row{" type='a-f-G-U-C'", " type=''", Rule::cot_event}, Row{" stale='2020-08-25T07:04:27.417Z'", "", Rule::cot_event},
        Row{"time='2020-08-25T06:58:12.417Z'", "time='yesterday'", Rule::time_malformed},
        Row{"<point lat", "<dot lat", Rule::cot_event}, Row{"<point lat", "<point lat='1' lon='2'/><point lat", Rule::cot_event},
        Row{"lat='36.98765432109'", "", Rule::cot_event}, Row{"lat='36.98765432109'", "lat='NaN'", Rule::number_malformed},
        Row{"lat='36.98765432109'", "lat='90.1'", Rule::place_out_of_range},
        Row{"lon='42.1408123'", "lon='-180.1'", Rule::place_out_of_range},
        Row{"hae='412.5'", "hae='high'", Rule::number_malformed}, Row{"<detail>", "<detail/><detail>", Rule::cot_event}}) {
    const auto event = CotReader().read(with(kOshkosh, row.from, row.to));
    ASSERT_FALSE(event) << row.to;
    EXPECT_EQ(event.error().rule, row.rule) << row.to << ": " << base::to_text(event.error());
    EXPECT_FALSE(event.error().accepted.empty());
  }
  EXPECT_EQ(CotReader().read(std::string(kMostCotEvent + 1, ' ')).error().rule, Rule::feed_record_too_large);
  EXPECT_EQ(CotReader().read("<a/>").error().rule, Rule::cot_event);
}

TEST(Cot, RefusesABombAtItsFirstLine) {
  std::string bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">";
  for (int i = 1; i < 10; ++i)
    bomb += "<!ENTITY lol" + std::to_string(i) + " \"&lol" + (i > 1 ? std::to_string(i - 1) : "") + ";&lol;&lol;&lol;&lol;\">";
  bomb += "]><event>&lol9;</event>";
  const auto event = CotReader().read(bomb);
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().rule, Rule::xml_malformed);
  EXPECT_EQ(CotReader().read("<!DOCTYPE event><event/>").error().found, "a document type");
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep = "<a>" + deep + "</a>";
  EXPECT_EQ(CotReader().read(deep).error().found, "elements too deep inside one another");
}

TEST(Cot, WritesWhatItRead) {
  const CotEvent event = oshkosh();
  const std::string xml = to_xml(event);
  EXPECT_THAT(xml, HasSubstr("<__vendor a=\"1 &lt; 2\"><deep>t&#233;xt</deep></__vendor>"));
  EXPECT_THAT(xml, HasSubstr("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<event version=\"2.0\""));
  EXPECT_EQ(*CotReader().read(xml), event);
  EXPECT_EQ(to_xml(*CotReader().read(xml)), xml);
}

TEST(CotStream, CutsAfterEachEvent) {
  const std::string stream = kOshkosh + kOshkosh + "\n" + kOshkosh;
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, stream.size()}) {
    CotSplitter splitter;
    std::size_t count = 0;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      splitter.add(std::string_view(stream).substr(at, step));
      while (const auto xml = splitter.next()) count += CotReader().read(*xml).has_value() ? 1U : 0U;
    }
    EXPECT_EQ(count, 3u) << step;
    EXPECT_THAT(splitter.rest(), IsEmpty());
  }
}

TEST(CotStream, PassesOverWhatIsTooLong) {
  CotSplitter splitter;
  std::size_t most = 0;
  for (int i = 0; i < 40; ++i) {
    splitter.add(std::string(10'000, 'x'));
    EXPECT_FALSE(splitter.next());
    most = std::max(most, splitter.rest().size());
  }
  EXPECT_LE(most, kMostCotEvent);
  splitter.add("</event>" + kOshkosh);
  const auto xml = splitter.next();
  ASSERT_TRUE(xml);
  EXPECT_EQ(*xml, kOshkosh);
  EXPECT_EQ(splitter.take_too_long(), 1u);
}

TEST(Tak, ReadsAMessageThatAnotherProgramWrote) {
  // Put together by hand from the numbers of fields in tak.h: a control, an event with contact and track, and two times that
  // this program does not know (fields 3 and 4).
  const auto bytes = base::from_hex(
      "0a07080110011a0175126c0a05612d662d472a017530a0e7a3a3c22e38a0e7a3a3c22e4080bca7a3c22e4a036d2d6751"
      "000000000080424059000000000000454061000000007e842e41690000000000000c4071000000007e842e417a191203"
      "1201583a1209000000000000f83f11000000000080564018a0e7a3a3c22e20a0e7a3a3c22e");
  ASSERT_TRUE(bytes);
  const auto message = TakReader().read(*bytes);
  ASSERT_TRUE(message) << base::to_text(message.error());
  EXPECT_EQ(message->control, (TakControl{1, 1, "u"}));
  ASSERT_TRUE(message->event);
  const CotEvent& event = *message->event;
  EXPECT_EQ(event.uid, "u");
  EXPECT_EQ(event.type, "a-f-G");
  EXPECT_EQ(event.how, "m-g");
  EXPECT_EQ(base::to_text(event.time), "2020-08-25T06:58:12.000Z");
  EXPECT_EQ(event.stale - event.time, Millis::from_seconds(60));
  EXPECT_EQ(event.place, (geo::Place{420'000'000, 370'000'000}));
  EXPECT_EQ(event.ce, Metres::from_mm(3'500));
  EXPECT_FALSE(event.hae || event.le);
  EXPECT_EQ(event.callsign, "X");
  EXPECT_EQ(event.speed_mmps, 1'500);
  EXPECT_EQ(event.course_cdeg, 9'000);
}

TEST(Tak, WritesAndReads) {
  const CotEvent event = oshkosh();
  const std::string payload = *TakWriter().write(event);
  const auto message = TakReader().read(payload);
  ASSERT_TRUE(message) << base::to_text(message.error());
  ASSERT_TRUE(message->event);
  EXPECT_EQ(message->event->callsign, "OSHKOSH 1");
  EXPECT_EQ(message->event->place, event.place);
  EXPECT_EQ(message->event->course_cdeg, event.course_cdeg);
  EXPECT_EQ(message->event->attributes, event.attributes);
  EXPECT_EQ(message->event->ce, event.ce);
  EXPECT_EQ(message->event->le, event.le);
  // Its phone has no field, so the whole element stands as it did.
  EXPECT_THAT(message->event->detail, HasSubstr("<contact endpoint='*:-1:stcp' callsign='OSHKOSH 1' phone='555'/>"));
  EXPECT_THAT(message->event->detail, HasSubstr("<track speed=\"13.9\" course=\"114.66817017909176\"/>"));
  EXPECT_THAT(message->event->detail, HasSubstr("<__vendor a=\"1 &lt; 2\"><deep>t&#233;xt</deep></__vendor>"));
  EXPECT_LT(payload.size(), kOshkosh.size() * 2 / 3);
}

TEST(Tak, PrefersXmlDetailToItsMessage) {
  CotEvent event = oshkosh();
  event.detail = "<detail><contact callsign='A'/></detail>";
  std::string payload = *TakWriter().write(event);
  // The same callsign once more, as text: detail 1.
  const std::string text = "<contact callsign='B' x='1'/>";
  event.detail = "<detail>" + text + "<contact callsign='A'/></detail>";
  const auto message = TakReader().read(*TakWriter().write(event));
  ASSERT_TRUE(message && message->event);
  EXPECT_EQ(message->event->callsign, "B");
  EXPECT_EQ(message->event->detail, "<detail>" + text + "</detail>");
}

TEST(Tak, RefusesEveryTruncationAndNeverCrashes) {
  const std::string payload = *TakWriter().write(oshkosh());
  for (std::size_t length = 0; length < payload.size(); ++length) {
    const auto message = TakReader().read(std::string_view(payload).substr(0, length));
    ASSERT_FALSE(message) << length;
    EXPECT_EQ(message.error().rule, Rule::tak_message);
  }
}

TEST(Tak, LetsNothingBreakOutOfADetail) {
  CotEvent event = oshkosh();
  for (const char* text : {"</detail><point lat='1' lon='1'/><detail>", "</detail></event><event>", "<!--", "<![CDATA[",
                           "</detail><detail>", "<a>"}) {
    std::string payload = *TakWriter().write(event);
    // A payload is put together whose xmlDetail is this text: the length of the vendor's element is made to fit.
    const std::string vendor = "<__vendor a=\"1 &lt; 2\"><deep>t&#233;xt</deep></__vendor>";
    std::string filler(text);
    ASSERT_LE(filler.size(), vendor.size());
    filler.resize(vendor.size(), ' ');
    const auto read = TakReader().read(with(payload, vendor, filler));
    ASSERT_FALSE(read) << text;
  }
}

TEST(Tak, ReadsDatagramsOfBothKinds) {
  DatagramReader reader;
  EXPECT_TRUE(reader.read(kOshkosh));
  const auto message = reader.read(mesh_datagram(*TakWriter().write(oshkosh())));
  ASSERT_TRUE(message && message->event);
  const auto control = reader.read(mesh_datagram(to_tak(TakControl{1, 1, "u"})));
  ASSERT_TRUE(control && control->control && !control->event);
  EXPECT_EQ(control->control->contact_uid, "u");
  for (const std::string& bytes : {std::string("\xBF"), std::string("\xBF\x02\xBF"), std::string("\xBF\x01\x01")}) {
    EXPECT_EQ(reader.read(bytes).error().rule, Rule::tak_frame);
  }
}

TEST(Tak, ReadsTheHeadOfAFrame) {
  EXPECT_FALSE(*read_frame_head(""));
  EXPECT_FALSE(*read_frame_head("\xBF"));
  EXPECT_FALSE(*read_frame_head("\xBF\x80"));
  const auto head = read_frame_head("\xBF\xAC\x02xyz");
  ASSERT_TRUE(head && *head);
  EXPECT_EQ((*head)->head, 3u);
  EXPECT_EQ((*head)->payload, 300u);
  EXPECT_EQ(read_frame_head("<event").error().rule, Rule::tak_frame);
  EXPECT_EQ(read_frame_head("\xBF\xFF\xFF\xFF\xFF\xFF\x01").error().rule, Rule::tak_frame);
  EXPECT_EQ(read_frame_head("\xBF\xFF\xFF\xFF\x7F").error().rule, Rule::feed_record_too_large);
}

constexpr Instant at(std::int64_t seconds) { return Instant::from_ms(1'598'338'692'000 + seconds * 1000); }

TEST(TakStream, AgreesOnVersionOneAndGoesOn) {
  TakStream server(TakRole::server, "offer-1", at(0)), client(TakRole::client, "x", at(0));
  const auto asked = client.receive(server.open(at(0)), at(0));
  EXPECT_THAT(asked.reply, HasSubstr("t-x-takp-q"));
  EXPECT_EQ(client.send(oshkosh()), "");  // silent until it is answered
  const auto agreed = server.receive(asked.reply, at(1));
  EXPECT_THAT(agreed.reply, HasSubstr("status=\"true\""));
  EXPECT_TRUE(server.speaks_version_1());
  // The answer and the first message of version 1 in one piece, a byte at a time.
  const std::string bytes = agreed.reply + server.send(oshkosh());
  std::vector<CotEvent> events;
  std::string reply;
  for (const char byte : bytes) {
    auto told = client.receive({&byte, 1}, at(1));
    EXPECT_THAT(told.refused, IsEmpty());
    for (auto& event : told.events) events.push_back(std::move(event));
    reply += told.reply;
  }
  EXPECT_TRUE(client.speaks_version_1());
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].callsign, "OSHKOSH 1");
  const auto held = server.receive(reply, at(2));  // what the client held back
  ASSERT_THAT(held.events, SizeIs(1));
  EXPECT_EQ(held.events[0].place, oshkosh().place);
}

TEST(TakStream, GoesOnInXmlWhereAnotherVersionIsAskedFor) {
  TakStream server(TakRole::server, "offer", at(0));
  auto told = server.receive(
      to_xml(control_event("offer", "t-x-takp-q", at(0), "<detail><TakControl><TakRequest version='2'/></TakControl></detail>")),
      at(0));
  EXPECT_THAT(told.reply, HasSubstr("status=\"false\""));
  told = server.receive(kOshkosh, at(1));
  EXPECT_THAT(told.events, SizeIs(1));
  TakStream client(TakRole::client, "x", at(0));
  EXPECT_THAT(client
                  .receive(to_xml(control_event("o", "t-x-takp-v", at(0),
                                                "<detail><TakControl><TakProtocolSupport version='2'/></TakControl></detail>")),
                           at(0))
                  .reply,
              IsEmpty());
  EXPECT_THAT(client.receive(server.open(at(0)), at(0)).reply, HasSubstr("takp-q"));
  EXPECT_EQ(client.send(oshkosh()), "");
  told = client.receive(to_xml(control_event("offer", "t-x-takp-r", at(2),
                                             "<detail><TakControl><TakResponse status='false'/></TakControl></detail>")),
                        at(2));
  EXPECT_THAT(told.reply, HasSubstr("OSHKOSH 1"));
  EXPECT_FALSE(client.speaks_version_1());
}

TEST(TakStream, GivesUpWithoutAnAnswer) {
  TakStream server(TakRole::server, "offer", at(0)), client(TakRole::client, "x", at(0));
  (void)client.receive(server.open(at(0)), at(0));
  for (int second = 1; second <= 60; second += 10) (void)client.receive(" ", at(second));
  EXPECT_FALSE(client.tick(at(60)).is_over);
  EXPECT_TRUE(client.tick(at(61)).is_over);
}

TEST(TakStream, PingsAndPongs) {
  TakStream server(TakRole::server, "offer", at(0)), client(TakRole::client, "x", at(0));
  EXPECT_THAT(client.tick(at(15)).reply, IsEmpty());
  const auto ping = client.tick(at(16));
  EXPECT_THAT(ping.reply, HasSubstr("t-x-c-t"));
  EXPECT_THAT(client.tick(at(18)).reply, IsEmpty());
  EXPECT_THAT(client.tick(at(21)).reply, HasSubstr("t-x-c-t"));
  const auto pong = server.receive(ping.reply, at(16));
  EXPECT_THAT(pong.reply, HasSubstr("t-x-c-t-r"));
  EXPECT_THAT(pong.events, IsEmpty());
  EXPECT_THAT(client.receive(pong.reply, at(22)).events, IsEmpty());
  EXPECT_FALSE(client.tick(at(30)).is_over);
  EXPECT_TRUE(client.tick(at(48)).is_over);
  EXPECT_FALSE(server.tick(at(600)).is_over);
  EXPECT_TRUE(server.tick(at(700)).is_over);
}

TEST(TakStream, SaysWhatWasCutOff) {
  TakStream server(TakRole::server, "offer", at(0));
  EXPECT_THAT(server.receive(kOshkosh + "\n", at(0)).refused, IsEmpty());
  EXPECT_THAT(server.end().refused, IsEmpty());
  (void)server.receive("<event", at(0));
  ASSERT_THAT(server.end().refused, SizeIs(1));
  EXPECT_EQ(server.end().refused[0].rule, Rule::tak_frame);
}

TEST(TakStream, RefusesOneEventAndReadsTheNext) {
  TakStream server(TakRole::server, "offer", at(0));
  const auto told = server.receive("<event><a></event>" + kOshkosh, at(0));
  EXPECT_THAT(told.refused, SizeIs(1));
  EXPECT_THAT(told.events, SizeIs(1));
  EXPECT_FALSE(told.is_over);
}

TEST(TakStream, IsOverWhereFramingIsLost) {
  TakStream server(TakRole::server, "offer", at(0));
  (void)server.receive(
      to_xml(control_event("offer", "t-x-takp-q", at(0), "<detail><TakControl><TakRequest version='1'/></TakControl></detail>")),
      at(0));
  ASSERT_TRUE(server.speaks_version_1());
  const auto told = server.receive(stream_frame("junk") + stream_frame(*TakWriter().write(oshkosh())) + "<?xml", at(1));
  EXPECT_THAT(told.events, SizeIs(1));  // a message that cannot be read does not lose the framing
  ASSERT_THAT(told.refused, SizeIs(2));
  EXPECT_EQ(told.refused[0].rule, Rule::tak_message);
  EXPECT_EQ(told.refused[1].rule, Rule::tak_frame);
  EXPECT_TRUE(told.is_over);
}

// An event with any texts, anywhere.
CotEvent any_event() {
  const auto word = [] { return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'))); };
  CotEvent event;
  event.uid = word();
  event.type = word();
  event.how = word();
  event.time = event.start = event.stale = Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000));
  event.place = {*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)};
  if (*rc::gen::arbitrary<bool>()) event.hae = Metres::from_mm(*rc::gen::inRange(-12'000'000, 100'000'000));
  if (*rc::gen::arbitrary<bool>()) event.ce = Metres::from_mm(*rc::gen::inRange(0, 999'998'999));
  event.callsign = word();
  event.detail = "<detail><contact callsign=\"";
  append_escaped(event.detail, event.callsign);
  event.detail += "\"/><x y='";
  append_escaped(event.detail, word());
  event.detail += "'>";
  append_escaped(event.detail, word());
  event.detail += "</x></detail>";
  return event;
}

RC_GTEST_PROP(CotLaws, XmlReadsAsItWasWritten, ()) {
  const CotEvent event = any_event();
  const auto read = CotReader().read(to_xml(event));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == event);
}

RC_GTEST_PROP(CotLaws, TakReadsAsItWasWritten, ()) {
  const CotEvent event = any_event();
  const auto read = TakReader().read(*TakWriter().write(event));
  RC_ASSERT(read.has_value() && read->event.has_value());
  RC_ASSERT(*read->event == event);
}

}  // namespace
}  // namespace wideberth::feeds

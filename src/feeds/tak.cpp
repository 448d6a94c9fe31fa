#include "feeds/tak.h"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

#include "base/bytes.h"
#include "feeds/number.h"

namespace wideberth::feeds {
namespace {

using protozero::pbf_wire_type;

// The messages of a detail: which element each stands for, and its attributes by number of field, from 1.
enum class Field : unsigned char { none, text, whole, number };
struct Attribute {
  std::string_view name{};
  Field field = Field::none;
};
struct Message {
  protozero::pbf_tag_type tag;
  std::string_view element;
  std::array<Attribute, 4> attributes;
};
constexpr std::array<Message, 6> kMessages{{
    {2, "contact", {{{"endpoint", Field::text}, {"callsign", Field::text}}}},
    {3, "__group", {{{"name", Field::text}, {"role", Field::text}}}},
    {4, "precisionlocation", {{{"geopointsrc", Field::text}, {"altsrc", Field::text}}}},
    {5, "status", {{{"battery", Field::whole}}}},
    {6, "takv", {{{"device", Field::text}, {"platform", Field::text}, {"os", Field::text}, {"version", Field::text}}}},
    {7, "track", {{{"speed", Field::number}, {"course", Field::number}}}},
}};

const Message* message_of(std::string_view element) {
  for (const Message& message : kMessages) {
    if (message.element == element) return &message;
  }
  return nullptr;
}

std::string text_of(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

void attribute(std::string& xml, std::string_view name, std::string_view value) {
  xml += ' ';
  xml += name;
  xml += "=\"";
  append_escaped(xml, value);
  xml += '"';
}

// The children of a <detail>: name, attributes, where it stands, and whether there is anything within it.
struct Child {
  std::string name{};
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::size_t from = 0, to = 0;
  bool is_bare = true;
};
class ChildrenListener final : public XmlListener {
 public:
  void opened(std::string_view name, const XmlAttributes& attributes, std::size_t from, std::size_t) override {
    ++depth_;
    if (depth_ == 3) children.back().is_bare = false;
    if (depth_ != 2) return;
    Child child{std::string(name), {}, from, from, true};
    attributes.each([&child](std::string_view key, std::string_view value) { child.attributes.emplace_back(key, value); });
    children.push_back(std::move(child));
  }
  void closed(std::string_view, std::size_t to) override {
    if (depth_ == 2) children.back().to = to;
    --depth_;
  }
  void text(std::string_view piece) override {
    if (depth_ == 2 && !piece.empty()) children.back().is_bare = false;
  }
  std::vector<Child> children{};

 private:
  int depth_ = 0;
};

// The message that holds the whole of a child; none where something would be lost.
std::optional<std::string> packed(const Child& child, const Message& message) {
  if (!child.is_bare) return {};
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  for (const auto& [name, value] : child.attributes) {
    bool is_known = false;
    for (std::size_t i = 0; i < message.attributes.size() && !is_known; ++i) {
      const Attribute& known = message.attributes[i];
      if (known.field == Field::none || known.name != name) continue;
      is_known = true;
      const auto tag = static_cast<protozero::pbf_tag_type>(i + 1);
      if (known.field == Field::text) {
        writer.add_string(tag, value);
      } else if (known.field == Field::whole) {
        const auto whole = read_whole(value, 0, 0xFFFF'FFFF);
        if (!whole) return {};
        writer.add_uint32(tag, static_cast<std::uint32_t>(*whole));
      } else {
        const auto number = number_of(value);
        if (!number) return {};
        writer.add_double(tag, *number);
      }
    }
    if (!is_known) return {};
  }
  return bytes;
}

// One message of a detail as its element.
void unpack(protozero::pbf_reader reader, const Message& message, std::string& xml) {
  std::map<std::size_t, std::string> values;
  while (reader.next()) {
    const std::size_t at = reader.tag() - 1;
    const Field field = at < message.attributes.size() ? message.attributes[at].field : Field::none;
    if (field == Field::text && reader.wire_type() == pbf_wire_type::length_delimited) {
      values[at] = reader.get_string();
    } else if (field == Field::whole && reader.wire_type() == pbf_wire_type::varint) {
      values[at] = std::to_string(reader.get_uint32());
    } else if (field == Field::number && reader.wire_type() == pbf_wire_type::fixed64) {
      values[at] = text_of(reader.get_double());
    } else {
      reader.skip();
    }
  }
  if (message.element == "track") {  // proto3 leaves noughts out
    values.try_emplace(0, "0");
    values.try_emplace(1, "0");
  }
  xml += '<';
  xml += message.element;
  for (const auto& [at, value] : values) attribute(xml, message.attributes[at].name, value);
  xml += "/>";
}

// The event as read off the wire, before anything is judged.
struct Raw {
  std::array<std::string, 18> texts{};
  std::array<std::uint64_t, 18> times{};
  std::array<double, 18> numbers{};
  bool has_detail = false;
  std::string xml_detail{};
  std::vector<std::pair<const Message*, std::string>> messages{};
};

void read_detail(protozero::pbf_reader reader, Raw& raw) {
  raw.has_detail = true;
  while (reader.next()) {
    if (reader.wire_type() != pbf_wire_type::length_delimited) {
      reader.skip();
    } else if (reader.tag() == 1) {
      raw.xml_detail = reader.get_string();
    } else {
      const Message* known = nullptr;
      for (const Message& message : kMessages) {
        if (message.tag == reader.tag()) known = &message;
      }
      if (known != nullptr)
        raw.messages.emplace_back(known, reader.get_string());
      else
        reader.skip();
    }
  }
}

Raw read_event(protozero::pbf_reader reader) {
  Raw raw;
  while (reader.next()) {
    const auto tag = reader.tag();
    const auto type = reader.wire_type();
    if (tag == 15 && type == pbf_wire_type::length_delimited) {
      read_detail(reader.get_message(), raw);
    } else if ((tag <= 5 || tag == 9 || tag == 16 || tag == 17) && type == pbf_wire_type::length_delimited) {
      raw.texts[tag] = reader.get_string();
    } else if (tag >= 6 && tag <= 8 && type == pbf_wire_type::varint) {
      raw.times[tag] = reader.get_uint64();
    } else if (tag >= 10 && tag <= 14 && type == pbf_wire_type::fixed64) {
      raw.numbers[tag] = reader.get_double();
    } else {
      reader.skip();
    }
  }
  return raw;
}

TakControl read_control(protozero::pbf_reader reader) {
  TakControl control;
  while (reader.next()) {
    if (reader.tag() <= 2 && reader.wire_type() == pbf_wire_type::varint) {
      const std::uint32_t version = reader.get_uint32();
      (reader.tag() == 1 ? control.least_version : control.most_version) = version == 0 ? 1 : version;
    } else if (reader.tag() == 3 && reader.wire_type() == pbf_wire_type::length_delimited) {
      control.contact_uid = reader.get_string();
    } else {
      reader.skip();
    }
  }
  return control;
}

std::string length_text(double value) {
  if (!std::isfinite(value) || value >= 999'999 || value <= -999'999) return "9999999.0";
  return write_fixed(std::llround(value * 1000.0), 3);
}

Result<std::string> time_text(std::uint64_t ms) {
  constexpr std::uint64_t kLast = 253'402'300'799'999;  // the year 9999
  if (ms > kLast)
    return base::refuse(Rule::time_malformed, std::to_string(ms) + " ms", "milliseconds since 1970 before the year 10000");
  return base::to_text(Instant::from_ms(static_cast<std::int64_t>(ms)));
}

constexpr std::string_view kOpen = "<detail>", kClose = "</detail>";

// The event as XML, so that one reader judges both forms.
Result<std::string> xml_of(const Raw& raw, const std::string& typed) {
  WB_TRY(place, geo::make_place(raw.numbers[11], raw.numbers[10]));
  std::string xml = "<event version=\"2.0\"";
  constexpr std::array<std::pair<std::size_t, std::string_view>, 8> kTexts{
      {{5, "uid"}, {1, "type"}, {2, "access"}, {3, "qos"}, {4, "opex"}, {9, "how"}, {16, "caveat"}, {17, "releasableTo"}}};
  for (const auto& [tag, name] : kTexts) {
    if (!raw.texts[tag].empty()) attribute(xml, name, raw.texts[tag]);
  }
  constexpr std::array<std::pair<std::size_t, std::string_view>, 3> kTimes{{{6, "time"}, {7, "start"}, {8, "stale"}}};
  for (const auto& [tag, name] : kTimes) {
    WB_TRY(time, time_text(raw.times[tag]));
    attribute(xml, name, time);
  }
  xml += "><point";
  attribute(xml, "lat", write_fixed(place.lat_e7, 7));
  attribute(xml, "lon", write_fixed(place.lon_e7, 7));
  attribute(xml, "hae", length_text(raw.numbers[12]));
  attribute(xml, "ce", length_text(raw.numbers[13]));
  attribute(xml, "le", length_text(raw.numbers[14]));
  xml += "/>";
  if (raw.has_detail) {
    xml += kOpen;
    xml += typed;
    xml += raw.xml_detail;
    xml += kClose;
  }
  xml += "</event>";
  return xml;
}

double metres_or_unknown(const std::optional<Metres>& length) { return length ? length->metres() : 999'999.0; }

}  // namespace

Result<TakMessage> TakReader::read(std::string_view payload) {
  if (payload.size() > kMostTakMessage) {
    return base::refuse(Rule::feed_record_too_large, std::to_string(payload.size()) + " bytes",
                        "at most " + std::to_string(kMostTakMessage));
  }
  TakMessage message;
  std::optional<Raw> raw;
  std::string typed;
  try {
    protozero::pbf_reader reader(payload.data(), payload.size());
    while (reader.next()) {
      if (reader.tag() == 1 && reader.wire_type() == pbf_wire_type::length_delimited)
        message.control = read_control(reader.get_message());
      else if (reader.tag() == 2 && reader.wire_type() == pbf_wire_type::length_delimited)
        raw = read_event(reader.get_message());
      else
        reader.skip();
    }
    if (raw) {
      ChildrenListener told;
      if (!raw->xml_detail.empty())
        WB_TRY_VOID(xml_.parse(std::string(kOpen) + raw->xml_detail + std::string(kClose), told, false));
      for (const auto& [known, bytes] : raw->messages) {
        bool is_told = false;
        for (const Child& child : told.children) is_told |= child.name == known->element;
        if (!is_told) unpack(protozero::pbf_reader(bytes), *known, typed);
      }
    }
  } catch (const protozero::exception& fault) {
    return base::refuse(Rule::tak_message, fault.what(), "one TakMessage as protobuf");
  }
  if (!raw) {
    if (!message.control) return base::refuse(Rule::tak_message, "neither an event nor a control", "one of them");
    return message;
  }
  WB_TRY(xml, xml_of(*raw, typed));
  WB_TRY(event, cot_.read(xml));
  message.event = std::move(event);
  return message;
}

Result<std::string> TakWriter::write(const CotEvent& event) {
  ChildrenListener detail, head;
  const std::string beside = "<e><h" + event.attributes + "/>" + event.others + "</e>";
  if (!event.detail.empty()) WB_TRY_VOID(xml_.parse(event.detail, detail, true));
  WB_TRY_VOID(xml_.parse(beside, head, false));
  std::string xml_detail, packed_detail;
  protozero::pbf_writer detail_writer(packed_detail);
  std::vector<std::pair<const Message*, std::string>> messages;
  for (const Child& child : detail.children) {
    const Message* message = message_of(child.name);
    bool is_second = false;
    for (const auto& [other, bytes] : messages) is_second |= other == message;
    // A name with a prefix is another name.
    const bool is_plain = event.detail.compare(child.from + 1, child.name.size(), child.name) == 0;
    auto bytes = message == nullptr || is_second || !is_plain ? std::nullopt : packed(child, *message);
    if (bytes)
      messages.emplace_back(message, std::move(*bytes));
    else
      xml_detail.append(event.detail, child.from, child.to - child.from);
  }
  xml_detail += event.others;
  if (!xml_detail.empty()) detail_writer.add_string(1, xml_detail);
  for (const auto& [message, bytes] : messages) detail_writer.add_message(message->tag, bytes);

  std::string bytes;
  protozero::pbf_writer writer(bytes);
  const auto text = [&writer](protozero::pbf_tag_type tag, const std::string& value) {
    if (!value.empty()) writer.add_string(tag, value);
  };
  const auto time = [&writer](protozero::pbf_tag_type tag, Instant at) {
    writer.add_uint64(tag, static_cast<std::uint64_t>(std::max<std::int64_t>(at.ms(), 0)));
  };
  text(1, event.type);
  text(2, event.access);
  text(3, event.qos);
  text(4, event.opex);
  text(5, event.uid);
  time(6, event.time);
  time(7, event.start);
  time(8, event.stale);
  text(9, event.how);
  writer.add_double(10, static_cast<double>(event.place.lat_e7) / 1e7);
  writer.add_double(11, static_cast<double>(event.place.lon_e7) / 1e7);
  writer.add_double(12, metres_or_unknown(event.hae));
  writer.add_double(13, metres_or_unknown(event.ce));
  writer.add_double(14, metres_or_unknown(event.le));
  if (!event.detail.empty() || !xml_detail.empty()) writer.add_message(15, packed_detail);
  for (const auto& [name, value] : head.children.front().attributes) {
    if (name == "caveat") text(16, value);
    if (name == "releasableTo") text(17, value);
  }
  std::string payload;
  protozero::pbf_writer(payload).add_message(2, bytes);
  return payload;
}

std::string to_tak(const TakControl& control) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_uint32(1, control.least_version);
  writer.add_uint32(2, control.most_version);
  if (!control.contact_uid.empty()) writer.add_string(3, control.contact_uid);
  std::string payload;
  protozero::pbf_writer(payload).add_message(1, bytes);
  return payload;
}

std::string mesh_datagram(std::string_view payload) { return "\xBF\x01\xBF" + std::string(payload); }

std::string stream_frame(std::string_view payload) {
  std::string frame = "\xBF";
  protozero::add_varint_to_buffer(&frame, payload.size());
  return frame += payload;
}

Result<TakMessage> DatagramReader::read(std::string_view datagram) {
  if (datagram.empty() || static_cast<unsigned char>(datagram[0]) != kTakMagic) {
    WB_TRY(event, cot_.read(datagram));
    return TakMessage{{}, std::move(event)};
  }
  if (datagram.size() < 3 || datagram[1] != 1 || static_cast<unsigned char>(datagram[2]) != kTakMagic) {
    return base::refuse(Rule::tak_frame, "BF and another version or no second BF", "BF 01 BF, then a message of version 1");
  }
  return tak_.read(datagram.substr(3));
}

Result<std::optional<TakFrameHead>> read_frame_head(std::string_view bytes) {
  if (bytes.empty()) return std::optional<TakFrameHead>{};
  if (static_cast<unsigned char>(bytes[0]) != kTakMagic) {
    return base::refuse(Rule::tak_frame, "the byte " + base::to_hex(bytes.substr(0, 1)), "BF before every message");
  }
  std::uint64_t length = 0;
  for (std::size_t i = 1; i <= 5; ++i) {
    if (i >= bytes.size()) return std::optional<TakFrameHead>{};
    const auto byte = static_cast<unsigned char>(bytes[i]);
    length |= std::uint64_t{byte & 0x7FU} << (7 * (i - 1));
    if ((byte & 0x80U) != 0) continue;
    if (length > kMostTakMessage) {
      return base::refuse(Rule::feed_record_too_large, std::to_string(length) + " bytes",
                          "at most " + std::to_string(kMostTakMessage));
    }
    return std::optional(TakFrameHead{i + 1, static_cast<std::size_t>(length)});
  }
  return base::refuse(Rule::tak_frame, "a length of more than five bytes", "a varint of at most five bytes");
}

}  // namespace wideberth::feeds

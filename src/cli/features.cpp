#include "cli/features.h"

#include "base/bytes.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "json/reader.h"
#include "json/writer.h"

namespace wideberth::cli {
namespace {

using json::Value;

/// The properties with `party` and `agreement` as they will be signed.
void write_filled(json::Writer& writer, const Value& properties, const std::string& party, const std::string& agreement) {
  writer.begin_object();
  for (const auto& [name, value] : properties.object())
    if (name != "party" && name != "agreement") writer.key(name).value(value);
  writer.key("party").string(party).key("agreement").string(agreement).end_object();
}

Result<void> check_named(const json::Reader& properties, std::string_view name, const std::string& ours, Rule rule) {
  const auto named = properties.find(name);
  if (!named || (named->is_string() && (named->value().string() == ours || named->value().string().empty()))) return {};
  const std::string found = named->is_string() ? "\"" + base::excerpt(named->value().string()) + "\"" : "no text";
  return named->refuse(rule, found, "\"" + ours + "\", or none: it is filled in");
}

Result<model::Notification> read_one(const json::Reader& feature, const std::string& party, const std::string& agreement) {
  const auto properties = feature.find("properties");
  if (properties && !properties->is_object())
    return properties->refuse(Rule::json_kind, std::string(json::name_of(properties->value().kind())), "an object");
  if (properties) {
    WB_TRY_VOID(check_named(*properties, "party", party, Rule::notification_party));
    WB_TRY_VOID(check_named(*properties, "agreement", agreement, Rule::agreement_unknown));
  }
  if (!feature.is_object() || !properties) {
    WB_TRY(read, model::parse_feature(feature));  // which says what is missing
    return std::move(read);
  }
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, value] : feature.value().object()) {
    writer.key(name);
    if (name == "properties")
      write_filled(writer, value, party, agreement);
    else
      writer.value(value);
  }
  const std::string text = writer.end_object().take();
  auto read = model::parse_feature(text);
  if (!read) read.error().where.insert(0, feature.pointer());
  return read;
}

/// The tree with this party in the properties of each Feature that names none.
void write_with_party(json::Writer& writer, const Value& value, const std::string& party) {
  if (value.kind() != Value::Kind::object) {
    writer.value(value);
    return;
  }
  writer.begin_object();
  for (const auto& [name, member] : value.object()) {
    writer.key(name);
    if (name == "features" && member.kind() == Value::Kind::array) {
      writer.begin_array();
      for (const Value& each : member.array()) write_with_party(writer, each, party);
      writer.end_array();
    } else if (name == "properties" && member.kind() == Value::Kind::object && !json::Reader(member).find("party")) {
      writer.begin_object().key("party").string(party);
      for (const auto& [inner, property] : member.object())
        if (inner != "party") writer.key(inner).value(property);
      writer.end_object();
    } else {
      writer.value(member);
    }
  }
  writer.end_object();
}

}  // namespace

Result<std::vector<model::Notification>> read_movements(const std::string& file, const std::string& party) {
  WB_TRY(text, read_file(file, model::kMostCollectionBytes));
  const auto tree = json::parse(text, {.most_bytes = model::kMostCollectionBytes});
  if (tree && !party.empty()) {
    json::Writer writer;
    write_with_party(writer, *tree, party);
    text = writer.take();
  }
  auto features = model::parse_features(text);
  if (!features) features.error().where.insert(0, file + ": ");
  return features;
}

Result<std::vector<model::Notification>> read_features(const std::string& file, const std::string& party,
                                                       const std::string& agreement) {
  const auto in_file = [&](Refusal refusal) {
    refusal.where = file + (refusal.where.empty() ? "" : ": " + refusal.where);
    return tl::make_unexpected(std::move(refusal));
  };
  WB_TRY(text, read_file(file, model::kMostCollectionBytes));
  const auto tree = json::parse(text, {.most_bytes = model::kMostCollectionBytes});
  if (!tree) return in_file(tree.error());
  const json::Reader root(*tree);
  const auto features = root.find("features");
  std::vector<json::Reader> list{root};
  if (features) {
    auto elements = features->elements(1, model::kMostFeatures);
    if (!elements) return in_file(elements.error());
    list = std::move(*elements);
  }
  std::vector<model::Notification> read;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto one = read_one(list[i], party, agreement);
    const auto plan = one ? model::compile(*one) : tl::make_unexpected(one.error());
    if (!plan) {
      Refusal refusal = plan.error();
      const std::string& own = list[i].pointer();
      if (refusal.where.starts_with(own)) refusal.where.erase(0, own.size());  // a place within the feature
      const std::string at = features ? ", feature " + std::to_string(i) : "";
      refusal.where = file + at + (refusal.where.empty() ? "" : ": " + refusal.where);
      return tl::make_unexpected(std::move(refusal));
    }
    read.push_back(std::move(*one));
  }
  return read;
}

}  // namespace wideberth::cli

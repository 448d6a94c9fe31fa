#include "model/agreement.h"
#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Writer;

void write_area(Writer& writer, const AgreementArea& area) {
  writer.begin_object().key("area").string(area.area).key("name").string(area.name);
  writer.key("regime").string(name_of(area.regime)).key("rings").begin_array();
  for (const auto& ring : area.rings) read::write_ring(writer, ring);
  writer.end_array().end_object();
}

void write_gazetteer_place(Writer& writer, const GazetteerPlace& place) {
  writer.begin_object().key("name").string(place.name);
  if (!place.also.empty()) {
    writer.key("also").begin_array();
    for (const auto& each : place.also) writer.string(each);
    writer.end_array();
  }
  writer.key("place");
  read::write_place(writer, place.place);
  read::write_metres(writer, "radius_m", place.radius).end_object();
}

void write_means(Writer& writer, const ReadingMeans& means) {
  if (std::holds_alternative<std::monostate>(means)) return;
  writer.key("means").begin_object();
  if (const auto* separation = std::get_if<SeparationMeans>(&means)) {
    read::write_metres(writer, "separation_m", separation->distance);
  } else if (const auto* drawn = std::get_if<RingsMean>(&means)) {
    writer.key("rings").begin_array();
    for (const auto& ring : drawn->rings) read::write_ring(writer, ring);
    writer.end_array();
  } else if (const auto* regime = std::get_if<RegimeMeans>(&means)) {
    writer.key("area").string(regime->area).key("regime").string(name_of(regime->regime));
  } else if (const auto* governs = std::get_if<GovernsMeans>(&means)) {
    writer.key("governs").string(governs->agreement);
  }
  writer.end_object();
}

}  // namespace

std::string to_json(const Agreement& agreement) {
  Writer writer;
  writer.begin_object().key("name").string(agreement.name).key("version").integer(agreement.version);
  if (agreement.supersedes) writer.key("supersedes").string(*agreement.supersedes);
  read::write_text_if_any(writer, "about", agreement.about);
  writer.key("parties").begin_array();
  for (const auto& each : agreement.parties) {
    writer.begin_object();
    write_party(writer, each);
    writer.end_object();
  }
  writer.end_array().key("areas").begin_array();
  for (const auto& each : agreement.areas) write_area(writer, each);
  writer.end_array();
  read::write_metres(writer, "area_margin_m", agreement.area_margin);
  if (!agreement.places.empty()) {
    writer.key("places").begin_array();
    for (const auto& each : agreement.places) write_gazetteer_place(writer, each);
    writer.end_array();
  }
  writer.key("platform_classes").begin_array();
  for (const auto& each : agreement.platform_classes) writer.string(each);
  writer.end_array().key("rules").begin_array();
  for (const auto& each : agreement.rules) write_rule(writer, each);
  writer.end_array().end_object();
  return writer.take();
}

std::string to_json(const AgreementSigned& document) {
  Writer writer;
  writer.begin_object().key("agreement").string(document.agreement);
  writer.key("document").string(ledger::to_base64(document.document)).end_object();
  return writer.take();
}

std::string to_json(const AgreementReading& document) {
  Writer writer;
  writer.begin_object().key("clause").string(document.clause).key("reading").string(document.reading);
  writer.key("reservation").boolean(document.reservation);
  write_means(writer, document.means);
  return writer.end_object().take();
}

}  // namespace wideberth::model

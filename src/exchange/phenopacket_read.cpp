#include <simdjson.h>

#include <memory>
#include <utility>

#include "exchange/phenopacket_mapping.hpp"
#include "exchange/phenopacket_parser.hpp"
#include "exchange/phenopacket_reader.hpp"
#include "exchange/phenopackets.hpp"

namespace skerry::exchange {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kept_capacity_bytes_max = std::size_t{4} << 20;
/// Below this no text of a fact can be longer than allowed: the longest name of an enumeration is 35 times its number.
constexpr std::size_t unchecked_bytes_max = std::size_t{16} << 10;

Place whole_file(std::string_view file) { return {std::string(file), 0, 0, ""}; }

std::vector<ConsentRecord> published_consents(const std::string& publication, const pp::Object& packet) {
  const auto* created = std::get_if<Instant>(&packet.slots[pp::Phenopacket::meta_data][pp::MetaData::created].held);
  std::vector<ConsentRecord> out;
  for (const auto purpose : {Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures}) {
    ConsentRecord& record = out.emplace_back();
    record.purpose = purpose;
    record.basis = Basis::published;
    record.text_version = publication;
    record.given_by = "publication";
    record.decided_at = created == nullptr ? Instant::now() : *created;
  }
  return out;
}

Result<void> single_packet(dom::element document, std::string_view file) {
  dom::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) {
    return fail(ErrorCode::wrong_type, "expected a phenopacket, a JSON object", whole_file(file));
  }
  for (const auto entry : object) {
    const bool family = entry.key == "proband" || entry.key == "relatives" || entry.key == "pedigree";
    if (family || entry.key == "members") {
      return fail(
          ErrorCode::unknown_value,
          family ? "this is a Family message; expected a single Phenopacket" : "this is a Cohort message; expected a single Phenopacket",
          {std::string(file), 0, 0, "/" + std::string(entry.key)});
    }
  }
  return {};
}

Result<void> check_all(const std::vector<Fact>& facts, std::size_t json_bytes, std::string_view file) {
  constexpr std::size_t plain_qualifiers_max = 1'000;
  for (const auto& fact : facts) {
    if (json_bytes <= unchecked_bytes_max && fact.qualifiers.size() <= plain_qualifiers_max) continue;
    auto held = check(fact);
    if (held) continue;
    Error error = std::move(held.error());
    error.message = "a " + std::string(name_of(fact.kind)) + "'s " + error.message;
    error.place = whole_file(file);
    return fail(std::move(error));
  }
  return {};
}

}  // namespace

struct PacketParser::Impl {
  dom::parser parser;
};

PacketParser::PacketParser() : impl_(std::make_unique<Impl>()) {}
PacketParser::~PacketParser() = default;

Result<Parsed> PacketParser::parse(std::string_view json, std::size_t readable_bytes, std::string_view file, ParseTimes* times) {
  auto& parser = impl_->parser;
  if (json.empty()) return fail(ErrorCode::malformed, "the file is empty", whole_file(file));
  if (parser.max_depth() != pp::depth_max && parser.allocate(std::size_t{64} << 10, pp::depth_max) != simdjson::SUCCESS) {
    return fail(ErrorCode::internal, "no memory for the JSON parser", whole_file(file));
  }
  const auto start = std::chrono::steady_clock::now();
  dom::element document;
  const bool padded = readable_bytes >= json.size() + simdjson::SIMDJSON_PADDING;
  const auto error = parser.parse(json.data(), json.size(), !padded).get(document);
  if (error != simdjson::SUCCESS) return fail(fault_of(json, file));
  const auto parsed_at = std::chrono::steady_clock::now();
  auto out = map(document, json.size(), file);
  if (times != nullptr) {
    times->parse += parsed_at - start;
    times->map += std::chrono::steady_clock::now() - parsed_at;
  }
  // One huge packet must not keep its memory for all the small ones after it.
  if (parser.capacity() > kept_capacity_bytes_max) parser = dom::parser();
  return out;
}

Result<Parsed> PacketParser::map(const dom::element& document, std::size_t json_bytes, std::string_view file) {
  if (auto single = single_packet(document, file); !single) return fail(std::move(single.error()));
  Parsed out;
  pp::Memory memory;
  pp::Reader reader(memory, out.warnings, out.not_modelled, file);
  auto packet = reader.read(pp::type(pp::Type::Phenopacket), document);
  if (!packet) return fail(std::move(packet.error()));
  const auto id = packet->slots[pp::Phenopacket::id].text();
  if (id.empty()) return fail(ErrorCode::missing_field, "the packet has no id", {std::string(file), 0, 0, "/id"});
  auto publication = pp::publication_of(*packet);
  if (!publication.stated) out.warnings.push_back({WarningKind::no_publication, whole_file(file), {}});
  if (!packet->slots[pp::Phenopacket::meta_data].present()) out.warnings.push_back({WarningKind::no_meta_data, whole_file(file), {}});
  if (!packet->slots[pp::Phenopacket::subject].present()) out.warnings.push_back({WarningKind::no_subject, whole_file(file), {}});
  out.publication = std::move(publication.id);
  out.batch.facts = pp::facts_of(*packet, {SourceKind::publication, out.publication});
  if (auto checked = check_all(out.batch.facts, json_bytes, file); !checked) return fail(std::move(checked.error()));
  out.batch.consents = published_consents(out.publication, *packet);
  if (auto identity = pp::identity_of(*packet); !identity.empty()) out.batch.identity = ledger::Identity{std::move(identity)};
  canonical_.clear();
  pp::write_json(*packet, canonical_);
  out.batch.origin = ledger::Origin{"phenopacket", std::string(id), std::string(file), digest_of(canonical_)};
  return out;
}

Result<Parsed> read_phenopacket(std::string_view json, std::string_view file) { return PacketParser().parse(json, 0, file, nullptr); }

Result<std::string> write_phenopacket(const std::vector<Fact>& facts, const std::optional<ledger::Identity>& identity,
                                      NotModelled* not_written) {
  pp::Memory memory;
  NotModelled ignored;
  auto packet = pp::packet_of(facts, identity ? std::string_view(identity->json) : std::string_view{}, memory,
                              not_written == nullptr ? ignored : *not_written);
  if (!packet) return fail(std::move(packet.error()));
  return pp::to_json(*packet);
}

}  // namespace skerry::exchange

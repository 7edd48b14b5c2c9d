// A packet's tree to facts.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "exchange/phenopacket_concepts.hpp"
#include "exchange/phenopacket_mapping.hpp"
#include "exchange/phenopacket_values.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange::pp {
namespace {

Code concept_code(std::string_view id) { return {std::string(id), {}}; }

/// A statement's own code. What no code can say is kept whole in a qualifier.
void set_code(Fact& fact, const Object& object, std::size_t slot) {
  const Node& node = object.slots[slot];
  if (!node.present()) {
    fact.code = concept_code(concepts::not_stated);
    return;
  }
  auto code = code_of(node);
  if (code && !code->id.empty() && code->id != concepts::not_stated && code->id != concepts::not_coded) {
    fact.code = std::move(*code);
    return;
  }
  fact.code = {std::string(concepts::not_coded), code ? std::move(code->label) : std::string{}};
  fact.qualifiers.push_back({concept_code((*object.type)[slot].role), Record{to_json(*node.object())}});
}

void set_when(Fact& fact, const Object& object, std::size_t slot) {
  const Node& node = object.slots[slot];
  if (!node.present()) return;
  if (auto when = when_of(node)) {
    fact.when = std::move(*when);
    return;
  }
  if (auto when = readable_when_of(node)) fact.when = std::move(*when);
  fact.qualifiers.push_back({concept_code((*object.type)[slot].role), Record{to_json(*node.object())}});
}

void set_site(Fact& fact, const Object& object, std::size_t slot) {
  if (auto code = code_of(object.slots[slot])) {
    fact.where.site = std::move(*code);
  } else {
    qualify(fact.qualifiers, object, slot);
  }
}

Side side_of(const Node& laterality) {
  std::string label(laterality[OntologyClass::label].text());
  std::transform(label.begin(), label.end(), label.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (label == "left") return Side::left;
  if (label == "right") return Side::right;
  if (label == "bilateral") return Side::both;
  return label == "midline" ? Side::midline : Side::unknown;
}

bool flag_of(const Node& node) {
  const auto* flag = std::get_if<bool>(&node.held);
  return flag != nullptr && *flag;
}

class Mapper {
 public:
  Mapper(const Object& packet, const Source& source) : packet_(packet), source_(source) {}

  std::vector<Fact> run() {
    constexpr std::size_t facts_of_the_person = 6;  // and of the document
    std::size_t said = facts_of_the_person;
    for (const auto slot : {Phenopacket::phenotypic_features, Phenopacket::measurements, Phenopacket::biosamples,
                            Phenopacket::interpretations, Phenopacket::diseases, Phenopacket::medical_actions, Phenopacket::files}) {
      said += items(slot).size();
    }
    facts_.reserve(said + items(Phenopacket::interpretations).size());  // a variant each, as a rule
    document();
    if (const auto* subject = packet_.slots[Phenopacket::subject].object()) person(*subject);
    for (const Node& node : items(Phenopacket::phenotypic_features)) feature(*node.object());
    for (const Node& node : items(Phenopacket::measurements)) measurement(*node.object());
    for (const Node& node : items(Phenopacket::biosamples)) biosample(*node.object());
    for (const Node& node : items(Phenopacket::interpretations)) interpretation(*node.object());
    for (const Node& node : items(Phenopacket::diseases)) diagnosis(*node.object());
    for (const Node& node : items(Phenopacket::medical_actions)) action(*node.object());
    for (const Node& node : items(Phenopacket::files)) file(*node.object());
    return std::move(facts_);
  }

 private:
  [[nodiscard]] std::span<const Node> items(std::size_t slot) const { return packet_.slots[slot].items(); }

  Fact& add(Kind kind, std::string_view id = {}) {
    Fact& fact = facts_.emplace_back();
    fact.kind = kind;
    fact.code.id = id;
    fact.source = source_;
    return fact;
  }

  void document() {
    Fact& fact = add(Kind::document, concepts::packet);
    fact.qualifiers.push_back({concept_code(concepts::packet_id), Text{std::string(packet_.slots[Phenopacket::id].text())}});
    const Node& subject = packet_.slots[Phenopacket::subject];
    if (subject.present()) {
      fact.qualifiers.push_back({concept_code(concepts::subject_id), Text{std::string(subject[Individual::id].text())}});
    }
    // So that the vault, where every opening is audited, is opened for those only who have something in it.
    if (subject[Individual::date_of_birth].present() || subject[Individual::alternate_ids].present()) {
      fact.qualifiers.push_back({concept_code(concepts::in_vault), true});
    }
    const Node& meta = packet_.slots[Phenopacket::meta_data];
    if (!meta.present()) return;
    fact.value = Record{to_json(*meta.object())};
    if (const auto* created = std::get_if<Instant>(&meta[MetaData::created].held)) fact.when = When::at(*created);
  }

  void person(const Object& subject) {
    if (const auto* sex = std::get_if<EnumValue>(&subject.slots[Individual::sex].held)) {
      add(Kind::person, skerry::concepts::sex).value = sex_code(*sex);
    }
    if (const auto* sex = std::get_if<EnumValue>(&subject.slots[Individual::karyotypic_sex].held)) {
      add(Kind::person, concepts::karyotypic_sex).value = code_of(*(*subject.type)[Individual::karyotypic_sex].enumeration, *sex);
    }
    if (const auto* birth = std::get_if<Instant>(&subject.slots[Individual::date_of_birth].held)) {
      add(Kind::person, skerry::concepts::birth_year).value = std::int64_t{date_of_day(day_of(*birth)).year};
    }
    if (subject.slots[Individual::time_at_last_encounter].present()) {
      set_when(add(Kind::person, skerry::concepts::last_encounter), subject, Individual::time_at_last_encounter);
    }
    for (const auto& [slot, id] : {std::pair{Individual::gender, concepts::gender}, std::pair{Individual::taxonomy, concepts::taxonomy}}) {
      const Node& node = subject.slots[slot];
      if (node.present()) add(Kind::person, id).value = value_of((*subject.type)[slot], node);
    }
    const auto* vital = subject.slots[Individual::vital_status].object();
    if (vital == nullptr) return;
    Fact& fact = add(Kind::person, skerry::concepts::vital_status);
    if (vital->slots[VitalStatus::status].present())
      fact.value = value_of((*vital->type)[VitalStatus::status], vital->slots[VitalStatus::status]);
    set_when(fact, *vital, VitalStatus::time_of_death);
    qualify(fact.qualifiers, *vital, VitalStatus::cause_of_death);
    qualify(fact.qualifiers, *vital, VitalStatus::survival_time_in_days);
  }

  static Code sex_code(EnumValue sex) {
    constexpr std::array<std::string_view, 4> codes{skerry::concepts::unknown_sex, skerry::concepts::female, skerry::concepts::male,
                                                    skerry::concepts::other_sex};
    if (sex.number >= 0 && sex.number < 4) return concept_code(codes[static_cast<std::size_t>(sex.number)]);
    return code_of(*type(Type::Individual)[Individual::sex].enumeration, sex);
  }

  void feature(const Object& object) {
    Fact& fact = add(Kind::feature);
    set_code(fact, object, PhenotypicFeature::type);
    if (flag_of(object.slots[PhenotypicFeature::excluded])) fact.status = Status::absent;
    set_when(fact, object, PhenotypicFeature::onset);
    for (const auto slot : {PhenotypicFeature::severity, PhenotypicFeature::modifiers, PhenotypicFeature::resolution,
                            PhenotypicFeature::evidence, PhenotypicFeature::description}) {
      qualify(fact.qualifiers, object, slot);
    }
  }

  void measurement(const Object& object) {
    Fact& fact = add(Kind::measurement);
    set_code(fact, object, Measurement::assay);
    set_when(fact, object, Measurement::time_observed);
    set_measured(fact, object);
    qualify(fact.qualifiers, object, Measurement::procedure);
    qualify(fact.qualifiers, object, Measurement::description);
  }

  /// A quantity or a code; anything else as a Record of the field that holds it.
  static void set_measured(Fact& fact, const Object& object) {
    const Node& value = object.slots[Measurement::value];
    if (auto quantity = quantity_of(value[MeasuredValue::quantity])) {
      fact.value = std::move(*quantity);
    } else if (auto code = code_of(value[MeasuredValue::ontology_class])) {
      fact.value = std::move(*code);
    } else if (value.present() || object.slots[Measurement::complex_value].present()) {
      const bool simple = value.present();
      fact.value = Record{(simple ? "{\"value\":" : "{\"complexValue\":") +
                          to_json(*object.slots[simple ? Measurement::value : Measurement::complex_value].object()) + "}"};
    }
  }

  void biosample(const Object& object) {
    Fact& fact = add(Kind::biosample, concepts::biosample);
    for (const auto slot : {Biosample::sample_type, Biosample::sampled_tissue}) {
      if (auto code = code_of(object.slots[slot]); code && !code->id.empty()) fact.code = std::move(*code);
    }
    if (auto when = readable_when_of(object.slots[Biosample::time_of_collection])) fact.when = std::move(*when);
    fact.value = Record{to_json(object)};
  }

  void interpretation(const Object& object) {
    const FactId self{-static_cast<std::int64_t>(facts_.size()) - 1};
    Fact& fact = add(Kind::interpretation);
    for (const auto slot : {Interpretation::id, Interpretation::progress_status, Interpretation::summary}) {
      qualify(fact.qualifiers, object, slot);
    }
    const auto* stated = object.slots[Interpretation::diagnosis].object();
    if (stated == nullptr) {
      fact.code = concept_code(concepts::not_stated);
      return;
    }
    set_code(fact, *stated, Diagnosis::disease);
    if (!stated->slots[Diagnosis::disease].present()) {
      fact.qualifiers.push_back({concept_code((*object.type)[Interpretation::diagnosis].role), Record{"{}"}});
    }
    const Code disease = fact.code;  // the vector may move the fact
    for (const Node& node : stated->slots[Diagnosis::genomic_interpretations].items()) {
      facts_.push_back(variant_fact(node, disease));
      facts_.back().source = source_;
      facts_.back().part_of = self;
    }
  }

  void diagnosis(const Object& object) {
    Fact& fact = add(Kind::diagnosis);
    set_code(fact, object, Disease::term);
    if (flag_of(object.slots[Disease::excluded])) fact.status = Status::absent;
    set_when(fact, object, Disease::onset);
    set_site(fact, object, Disease::primary_site);
    fact.where.side = side_of(object.slots[Disease::laterality]);
    for (const auto slot : {Disease::laterality, Disease::resolution, Disease::disease_stage, Disease::clinical_tnm_finding}) {
      qualify(fact.qualifiers, object, slot);
    }
  }

  void action(const Object& object) {
    if (const auto* procedure = object.slots[MedicalAction::procedure].object()) {
      Fact& fact = add(Kind::procedure);
      set_code(fact, *procedure, Procedure::code);
      set_when(fact, *procedure, Procedure::performed);
      set_site(fact, *procedure, Procedure::body_site);
    } else if (const auto* treatment = object.slots[MedicalAction::treatment].object()) {
      medicine(*treatment);
    } else if (const auto* radiation = object.slots[MedicalAction::radiation_therapy].object()) {
      Fact& fact = add(Kind::treatment);
      fact.qualifiers.push_back({concept_code(concepts::action), concept_code(concepts::radiation_therapy)});
      set_code(fact, *radiation, RadiationTherapy::modality);
      set_site(fact, *radiation, RadiationTherapy::body_site);
      qualify(fact.qualifiers, *radiation, RadiationTherapy::dosage);
      qualify(fact.qualifiers, *radiation, RadiationTherapy::fractions);
    } else if (const auto* regimen_given = object.slots[MedicalAction::therapeutic_regimen].object()) {
      regimen(*regimen_given);
    } else {
      Fact& fact = add(Kind::treatment, concepts::not_stated);
      fact.qualifiers.push_back({concept_code(concepts::action), concept_code(concepts::no_action)});
    }
    for (const auto slot : {MedicalAction::treatment_target, MedicalAction::treatment_intent, MedicalAction::response_to_treatment,
                            MedicalAction::adverse_events, MedicalAction::treatment_termination_reason}) {
      qualify(facts_.back().qualifiers, object, slot);
    }
  }

  void medicine(const Object& treatment) {
    Fact& fact = add(Kind::treatment);
    set_code(fact, treatment, Treatment::agent);
    fact.when = span_of(treatment.slots[Treatment::dose_intervals].items());
    for (const auto slot :
         {Treatment::route_of_administration, Treatment::dose_intervals, Treatment::drug_type, Treatment::cumulative_dose}) {
      qualify(fact.qualifiers, treatment, slot);
    }
  }

  /// From the first dose's beginning to the last one's end, where both are told.
  static When span_of(std::span<const Node> doses) {
    const Instant* first = nullptr;
    const Instant* last = nullptr;
    for (const Node& dose : doses) {
      const auto* start = std::get_if<Instant>(&dose[DoseInterval::interval][TimeInterval::start].held);
      const auto* end = std::get_if<Instant>(&dose[DoseInterval::interval][TimeInterval::end].held);
      if (start == nullptr || end == nullptr) return {};
      if (first == nullptr || *start < *first) first = start;
      if (last == nullptr || *last < *end) last = end;
    }
    return first == nullptr ? When{} : When::between(*first, *last);
  }

  void regimen(const Object& regimen) {
    Fact& fact = add(Kind::treatment);
    fact.qualifiers.push_back({concept_code(concepts::action), concept_code(concepts::therapeutic_regimen)});
    const Node& reference = regimen.slots[TherapeuticRegimen::external_reference];
    if (reference.present()) {
      const auto id = reference[ExternalReference::id].text();
      fact.code = {std::string(id.empty() ? concepts::not_coded : id), std::string(reference[ExternalReference::description].text())};
      qualify(fact.qualifiers, regimen, TherapeuticRegimen::external_reference);
    } else {
      set_code(fact, regimen, TherapeuticRegimen::ontology_class);
    }
    const auto start = readable_when_of(regimen.slots[TherapeuticRegimen::start_time]);
    const auto end = readable_when_of(regimen.slots[TherapeuticRegimen::end_time]);
    if (start && start->kind == WhenKind::at) {
      const bool ended = end && end->kind == WhenKind::at;
      fact.when = When::between(start->first, ended ? end->first : Moment{StatedTime{}});
    }
    for (const auto slot : {TherapeuticRegimen::start_time, TherapeuticRegimen::end_time, TherapeuticRegimen::regimen_status}) {
      qualify(fact.qualifiers, regimen, slot);
    }
  }

  void file(const Object& object) { add(Kind::file, concepts::file).value = Record{to_json(object)}; }

  const Object& packet_;
  const Source& source_;
  std::vector<Fact> facts_;
};

/// "PMID:1", "DOI:10.1/x" and the like, in any case; also "https://doi.org/...".
bool is_publication(std::string_view id) {
  constexpr std::array<std::string_view, 8> prefixes{
      "pmid:", "pmc", "doi:", "isbn:", "https://doi.org/", "http://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/", "arxiv:"};
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
    return id.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), id.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
           });
  });
}

}  // namespace

Publication publication_of(const Object& packet) {
  for (const Node& reference : packet.slots[Phenopacket::meta_data][MetaData::external_references].items()) {
    for (const auto text : {reference[ExternalReference::id].text(), reference[ExternalReference::reference].text()}) {
      if (is_publication(text)) return {std::string(text), true};
    }
  }
  return {"phenopacket:" + std::string(packet.slots[Phenopacket::id].text()), false};
}

std::vector<Fact> facts_of(const Object& packet, const Source& source) { return Mapper(packet, source).run(); }

std::string identity_of(const Object& packet) {
  const Node& subject = packet.slots[Phenopacket::subject];
  const auto* birth = std::get_if<Instant>(&subject[Individual::date_of_birth].held);
  const auto others = subject[Individual::alternate_ids].items();
  if (birth == nullptr && others.empty()) return {};
  std::string out = "{";
  if (birth != nullptr) {
    out += "\"dateOfBirth\":";
    write_json_text(to_text(*birth), out);
  }
  if (!others.empty()) {
    out += birth == nullptr ? "\"alternateIds\":[" : ",\"alternateIds\":[";
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (i != 0) out += ',';
      write_json_text(others[i].text(), out);
    }
    out += ']';
  }
  return out + "}";
}

}  // namespace skerry::exchange::pp

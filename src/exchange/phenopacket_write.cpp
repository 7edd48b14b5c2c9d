// Facts to a packet's tree.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "exchange/phenopacket_concepts.hpp"
#include "exchange/phenopacket_mapping.hpp"
#include "exchange/phenopacket_reader.hpp"
#include "exchange/phenopacket_values.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange::pp {
namespace {

Node object_node(Object object) {
  Node out;
  out.held = object;
  return out;
}

const Value* qualifier(const Fact& fact, std::string_view role) {
  for (const auto& one : fact.qualifiers) {
    if (one.role.id == role) return &one.value;
  }
  return nullptr;
}

std::string_view text_of(const Value* value) {
  const auto* text = value == nullptr ? nullptr : std::get_if<skerry::Text>(value);
  return text == nullptr ? std::string_view{} : std::string_view(text->text);
}

std::string_view code_id_of(const Value* value) {
  const auto* code = value == nullptr ? nullptr : std::get_if<Code>(value);
  return code == nullptr ? std::string_view{} : std::string_view(code->id);
}

/// Builds one packet. Each function returns false once error_ is set.
class Builder {
 public:
  Builder(Memory& memory, NotModelled& not_written)
      : memory_(memory), not_written_(not_written), packet_(memory.object(Type::Phenopacket)) {}

  Result<Object> run(const std::vector<Fact>& facts, std::string_view identity) {
    for (const Fact& fact : facts) {
      // Before a batch is appended its facts refer to each other by their places in it.
      self_ = fact.id.set() ? fact.id : FactId{-(&fact - facts.data()) - 1};
      if (fact.status == Status::retracted) continue;
      if (!one(fact)) return fail(std::move(error_));
    }
    if (!vault(identity)) return fail(std::move(error_));
    Node& id = packet_.slots[Phenopacket::id];
    if (!id.present() && !facts.empty() && facts.front().participant.set()) {
      id.held = memory_.text(fmt::format("skerry-participant-{}", facts.front().participant.number));
    }
    for (std::size_t i = 0; i < interpretations_.size(); ++i) close_interpretation(i);
    close(Phenopacket::phenotypic_features, features_);
    close(Phenopacket::measurements, measurements_);
    close(Phenopacket::biosamples, biosamples_);
    close(Phenopacket::diseases, diseases_);
    close(Phenopacket::medical_actions, actions_);
    close(Phenopacket::files, files_);
    std::vector<Node> all;
    for (const auto& entry : interpretations_) all.push_back(entry.node);
    close(Phenopacket::interpretations, all);
    return packet_;
  }

 private:
  struct Open {
    FactId id, replaced;
    Node node;
    std::vector<Node> variants;
  };

  bool one(const Fact& fact) {
    switch (fact.kind) {
      case Kind::person: return person(fact);
      case Kind::feature: return feature(fact);
      case Kind::measurement: return measurement(fact);
      case Kind::diagnosis: return diagnosis(fact);
      case Kind::variant: return variant(fact);
      case Kind::procedure:
      case Kind::treatment: return action(fact);
      case Kind::biosample: return whole(fact, Type::Biosample, biosamples_);
      case Kind::file: return whole(fact, Type::File, files_);
      case Kind::document: return document(fact);
      case Kind::interpretation: return interpretation(fact);
      case Kind::experience: break;
    }
    left_out(fact, fact.code.id);
    return true;
  }

  Node* part(Node& node, Type type) {
    if (!node.present()) node = object_node(memory_.object(type));
    return std::get<Object>(node.held).slots;
  }
  Node* subject() { return part(packet_.slots[Phenopacket::subject], Type::Individual); }

  void left_out(const Fact& fact, std::string_view what) { ++not_written_[fmt::format("{} {}", name_of(fact.kind), what)]; }

  bool wrong(Error error) {
    error_ = std::move(error);
    return false;
  }

  /// Absent and present can be told; a question without an answer has no place in a phenopacket.
  bool answered(const Fact& fact) {
    if (fact.status == Status::present || fact.status == Status::absent) return true;
    left_out(fact, name_of(fact.status));
    return false;
  }

  void put_code(const Fact& fact, Node& node) {
    if (fact.code.id != concepts::not_stated && fact.code.id != concepts::not_coded) node = node_of(fact.code, memory_);
  }
  void put_site(const Fact& fact, Node& node) {
    if (!fact.where.site.empty()) node = node_of(fact.where.site, memory_);
  }

  bool put(const Object& object, const Field& field, const Value& value) {
    auto node = node_of(field, value, memory_);
    if (!node) return wrong(std::move(node.error()));
    Node& slot = object.slots[object.type->slot(field)];
    if (!field.repeated) {
      slot = *node;
      return true;
    }
    const auto before = slot.items();
    const List list{memory_.nodes(before.size() + 1), before.size() + 1};
    std::copy(before.begin(), before.end(), list.items);
    list.items[before.size()] = *node;
    slot.held = list;
    return true;
  }

  /// Each qualifier into the first of the objects that has a field of its role.
  bool qualifiers(const Fact& fact, std::initializer_list<Object> objects) {
    for (const auto& one : fact.qualifiers) {
      if (one.role.id == concepts::action) continue;
      const Object* owner = nullptr;
      const Field* field = nullptr;
      for (const auto& object : objects) {
        field = object.type->of_role(one.role.id);
        owner = &object;
        if (field != nullptr) break;
      }
      if (field == nullptr) {
        left_out(fact, one.role.id);
      } else if (!put(*owner, *field, one.value)) {
        return false;
      }
    }
    return true;
  }

  bool document(const Fact& fact) {
    if (fact.code.id != concepts::packet) {
      left_out(fact, fact.code.id);
      return true;
    }
    if (const auto id = text_of(qualifier(fact, concepts::packet_id)); !id.empty()) packet_.slots[Phenopacket::id].held = memory_.text(id);
    if (const auto* id = qualifier(fact, concepts::subject_id)) {
      Node* slots = subject();
      if (!text_of(id).empty()) slots[Individual::id].held = memory_.text(text_of(id));
    }
    return record(fact, Type::MetaData, packet_.slots[Phenopacket::meta_data]);
  }

  bool record(const Fact& fact, Type kind, Node& out) {
    const auto* kept = std::get_if<Record>(&fact.value);
    if (kept == nullptr) return true;
    auto read = parse_message(type(kind), kept->json, memory_);
    if (!read) return wrong(std::move(read.error()));
    out = object_node(*read);
    return true;
  }

  bool person(const Fact& fact) {
    const std::string_view what = fact.code.id;
    if (!answered(fact)) return true;
    if (what == skerry::concepts::sex) return coded(fact, Individual::sex, sex_name(code_id_of(&fact.value)));
    if (what == concepts::karyotypic_sex) return coded(fact, Individual::karyotypic_sex, code_id_of(&fact.value));
    if (what == skerry::concepts::birth_year) return true;  // the vault has the date
    if (what == skerry::concepts::last_encounter) {
      Node* slots = subject();
      slots[Individual::time_at_last_encounter] = node_of(fact.when, memory_);
      return qualifiers(fact, {std::get<Object>(packet_.slots[Phenopacket::subject].held)});
    }
    if (what == skerry::concepts::vital_status) return vital_status(fact);
    if (what == concepts::gender || what == concepts::taxonomy) {
      subject();
      const auto& whole = std::get<Object>(packet_.slots[Phenopacket::subject].held);
      return put(whole, (*whole.type)[what == concepts::gender ? Individual::gender : Individual::taxonomy], fact.value);
    }
    left_out(fact, what);
    return true;
  }

  static std::string_view sex_name(std::string_view code) {
    if (code == skerry::concepts::female) return "FEMALE";
    if (code == skerry::concepts::male) return "MALE";
    if (code == skerry::concepts::other_sex) return "OTHER_SEX";
    return code == skerry::concepts::unknown_sex ? "UNKNOWN_SEX" : code;
  }

  bool coded(const Fact& fact, std::size_t slot, std::string_view name) {
    const auto value = enum_of(*type(Type::Individual)[slot].enumeration, name);
    if (!value) {
      left_out(fact, fact.code.id);
    } else if (value->number != 0) {
      subject()[slot].held = *value;
    }
    return true;
  }

  bool vital_status(const Fact& fact) {
    const Object made = memory_.object(Type::VitalStatus);
    subject()[Individual::vital_status] = object_node(made);
    if (std::holds_alternative<Code>(fact.value) && !put(made, (*made.type)[VitalStatus::status], fact.value)) return false;
    made.slots[VitalStatus::time_of_death] = node_of(fact.when, memory_);
    return qualifiers(fact, {made});
  }

  bool feature(const Fact& fact) {
    if (!answered(fact)) return true;
    const Object made = memory_.object(Type::PhenotypicFeature);
    features_.push_back(object_node(made));
    put_code(fact, made.slots[PhenotypicFeature::type]);
    if (fact.status == Status::absent) made.slots[PhenotypicFeature::excluded].held = true;
    made.slots[PhenotypicFeature::onset] = node_of(fact.when, memory_);
    if (!fact.where.site.empty()) left_out(fact, "body site");
    return qualifiers(fact, {made});
  }

  bool measurement(const Fact& fact) {
    if (!answered(fact)) return true;
    Object made = memory_.object(Type::Measurement);
    if (const auto* kept = std::get_if<Record>(&fact.value)) {
      auto read = parse_message(type(Type::Measurement), kept->json, memory_);
      if (!read) return wrong(std::move(read.error()));
      made = *read;
    } else if (!measured(fact, made)) {
      left_out(fact, "value");
    }
    measurements_.push_back(object_node(made));
    put_code(fact, made.slots[Measurement::assay]);
    made.slots[Measurement::time_observed] = node_of(fact.when, memory_);
    if (!fact.where.site.empty()) left_out(fact, "body site");
    return qualifiers(fact, {made});
  }

  /// False when the value is of no kind a phenopacket's measurement has.
  bool measured(const Fact& fact, const Object& measurement) {
    if (std::holds_alternative<std::monostate>(fact.value)) return true;
    const Object made = memory_.object(Type::MeasuredValue);
    if (const auto* quantity = std::get_if<skerry::Quantity>(&fact.value)) {
      made.slots[MeasuredValue::quantity] = node_of(*quantity, memory_);
    } else if (const auto* integer = std::get_if<std::int64_t>(&fact.value)) {
      made.slots[MeasuredValue::quantity] = node_of(skerry::Quantity{static_cast<double>(*integer), {}, {}}, memory_);
    } else if (const auto* code = std::get_if<Code>(&fact.value)) {
      made.slots[MeasuredValue::ontology_class] = node_of(*code, memory_);
    } else {
      return false;
    }
    measurement.slots[Measurement::value] = object_node(made);
    return true;
  }

  bool whole(const Fact& fact, Type kind, std::vector<Node>& list) {
    Node node;
    if (!record(fact, kind, node)) return false;
    if (node.present()) {
      list.push_back(node);
    } else {
      left_out(fact, fact.code.id);
    }
    return true;
  }

  bool diagnosis(const Fact& fact) {
    if (!answered(fact)) return true;
    const Object made = memory_.object(Type::Disease);
    diseases_.push_back(object_node(made));
    put_code(fact, made.slots[Disease::term]);
    if (fact.status == Status::absent) made.slots[Disease::excluded].held = true;
    made.slots[Disease::onset] = node_of(fact.when, memory_);
    put_site(fact, made.slots[Disease::primary_site]);
    return qualifiers(fact, {made});
  }

  bool action(const Fact& fact) {
    if (fact.status != Status::present) {
      left_out(fact, name_of(fact.status));
      return true;
    }
    const Object outer = memory_.object(Type::MedicalAction);
    actions_.push_back(object_node(outer));
    const auto form = code_id_of(qualifier(fact, concepts::action));
    if (form == concepts::no_action) return qualifiers(fact, {outer});
    const auto open = [&](std::size_t slot, Type type) {
      const Object made = memory_.object(type);
      outer.slots[slot] = object_node(made);
      return made;
    };
    if (form == concepts::radiation_therapy) {
      const Object made = open(MedicalAction::radiation_therapy, Type::RadiationTherapy);
      put_code(fact, made.slots[RadiationTherapy::modality]);
      put_site(fact, made.slots[RadiationTherapy::body_site]);
      return qualifiers(fact, {made, outer});
    }
    if (form == concepts::therapeutic_regimen) {
      const Object made = open(MedicalAction::therapeutic_regimen, Type::TherapeuticRegimen);
      const bool referenced = qualifier(fact, (*made.type)[TherapeuticRegimen::external_reference].role) != nullptr;
      if (!referenced) put_code(fact, made.slots[TherapeuticRegimen::ontology_class]);
      return qualifiers(fact, {made, outer});
    }
    if (fact.kind == Kind::treatment) {
      const Object made = open(MedicalAction::treatment, Type::Treatment);
      put_code(fact, made.slots[Treatment::agent]);
      return qualifiers(fact, {made, outer});
    }
    const Object made = open(MedicalAction::procedure, Type::Procedure);
    put_code(fact, made.slots[Procedure::code]);
    put_site(fact, made.slots[Procedure::body_site]);
    made.slots[Procedure::performed] = node_of(fact.when, memory_);
    return qualifiers(fact, {made, outer});
  }

  bool interpretation(const Fact& fact) {
    const Object made = memory_.object(Type::Interpretation);
    interpretations_.push_back({self_, fact.supersedes, object_node(made), {}});
    Node disease;
    put_code(fact, disease);
    const Object inner = memory_.object(Type::Diagnosis);
    inner.slots[Diagnosis::disease] = disease;
    if (!qualifiers(fact, {made, inner})) return false;
    Node& diagnosis = made.slots[Interpretation::diagnosis];
    if (inner.slots[Diagnosis::disease].present() || diagnosis.present()) diagnosis = object_node(inner);
    return true;
  }

  bool variant(const Fact& fact) {
    auto node = interpretation_node(fact, memory_);
    if (!node) return wrong(std::move(node.error()));
    auto owner = std::find_if(interpretations_.begin(), interpretations_.end(), [&](const Open& open) {
      return open.id == fact.part_of || (open.replaced.set() && open.replaced == fact.part_of);
    });
    if (owner == interpretations_.end()) {
      // A variant recorded without an interpretation: a packet has no other place for it.
      interpretations_.push_back({fact.part_of, {}, object_node(memory_.object(Type::Interpretation)), {}});
      owner = interpretations_.end() - 1;
    }
    owner->variants.push_back(*node);
    return true;
  }

  void close_interpretation(std::size_t index) {
    auto& open = interpretations_[index];
    if (open.variants.empty()) return;
    Node* slots = part(std::get<Object>(open.node.held).slots[Interpretation::diagnosis], Type::Diagnosis);
    slots[Diagnosis::genomic_interpretations] = list_of(open.variants);
  }

  Node list_of(const std::vector<Node>& nodes) {
    Node out;
    if (nodes.empty()) return out;
    const List list{memory_.nodes(nodes.size()), nodes.size()};
    std::copy(nodes.begin(), nodes.end(), list.items);
    out.held = list;
    return out;
  }
  void close(std::size_t slot, const std::vector<Node>& nodes) { packet_.slots[slot] = list_of(nodes); }

  /// The vault keeps the names of the subject's own fields.
  bool vault(std::string_view identity) {
    if (identity.empty()) return true;
    auto read = parse_message(type(Type::Individual), identity, memory_);
    if (!read) return wrong(std::move(read.error()));
    for (const auto slot : {Individual::alternate_ids, Individual::date_of_birth}) {
      if (read->slots[slot].present()) subject()[slot] = read->slots[slot];
    }
    return true;
  }

  Memory& memory_;
  NotModelled& not_written_;
  Object packet_;
  FactId self_;
  std::vector<Node> features_, measurements_, biosamples_, diseases_, actions_, files_;
  std::vector<Open> interpretations_;
  Error error_;
};

}  // namespace

Result<Object> packet_of(const std::vector<Fact>& facts, std::string_view identity, Memory& memory, NotModelled& not_written) {
  return Builder(memory, not_written).run(facts, identity);
}

}  // namespace skerry::exchange::pp

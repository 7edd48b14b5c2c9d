// A genomic interpretation and a Variant, both ways. What Variant has no member for stays in its `rest`: the JSON of the
// interpretation without the parts that were taken out.
#include "exchange/phenopacket_concepts.hpp"
#include "exchange/phenopacket_mapping.hpp"
#include "exchange/phenopacket_reader.hpp"
#include "exchange/phenopacket_values.hpp"

namespace skerry::exchange::pp {
namespace {

using GI = GenomicInterpretation::Slot;
using VI = VariantInterpretation::Slot;
using VD = VariationDescriptor::Slot;

/// The rest of an interpretation of a described variant that is taken out whole: left unwritten.
constexpr std::string_view plain_rest = R"({"variantInterpretation":{"variationDescriptor":{}}})";

/// A message of which parts can be taken out; absent fields stay absent.
class Taker {
 public:
  explicit Taker(const Node& node) {
    if (const auto* object = node.object()) {
      type_ = object->type;
      slots_.assign(object->slots, object->slots + object->type->fields.size());
    }
  }
  [[nodiscard]] bool present() const { return type_ != nullptr; }
  [[nodiscard]] const Node& operator[](std::size_t slot) const { return slots_[slot]; }
  std::string text(std::size_t slot) {
    std::string out(slots_[slot].text());
    drop(slot);
    return out;
  }
  std::string name(std::size_t slot) {
    auto out = enum_text(*(*type_)[slot].enumeration, slots_[slot]);
    drop(slot);
    return out;
  }
  Code code(std::size_t slot) {
    auto out = code_of(slots_[slot]);
    if (!out) return {};
    drop(slot);
    return std::move(*out);
  }
  void drop(std::size_t slot) { slots_[slot].held = std::monostate{}; }
  void put(std::size_t slot, Taker& part) { slots_[slot].held = part.object(); }
  [[nodiscard]] Object object() { return {type_, slots_.data()}; }
  [[nodiscard]] bool empty() const {
    for (const Node& node : slots_) {
      if (node.present()) return false;
    }
    return true;
  }

 private:
  const MessageType* type_ = nullptr;
  std::vector<Node> slots_;
};

Code take_gene(Taker& gene) { return {gene.text(GeneDescriptor::value_id), gene.text(GeneDescriptor::symbol)}; }

std::vector<Variant::Expression> expressions_of(const Node& list) {
  std::vector<Variant::Expression> out;
  out.reserve(list.items().size());
  for (const Node& item : list.items()) {
    out.push_back({std::string(item[Expression::syntax].text()), std::string(item[Expression::value].text()),
                   std::string(item[Expression::version].text())});
  }
  return out;
}

std::optional<Variant::Vcf> vcf_of(const Node& record) {
  if (!record.present()) return std::nullopt;
  const auto text = [&](std::size_t slot) { return std::string(record[slot].text()); };
  const auto* position = std::get_if<std::uint64_t>(&record[VcfRecord::pos].held);
  Variant::Vcf out;
  out.assembly = text(VcfRecord::genome_assembly);
  out.chromosome = text(VcfRecord::chrom);
  out.position = position == nullptr ? 0 : *position;
  out.id = text(VcfRecord::id);
  out.reference = text(VcfRecord::ref);
  out.alternate = text(VcfRecord::alt);
  out.quality = text(VcfRecord::qual);
  out.filter = text(VcfRecord::filter);
  out.info = text(VcfRecord::info);
  return out;
}

void take_descriptor(Taker& descriptor, Variant& out) {
  out.id = descriptor.text(VD::id);
  out.label = descriptor.text(VD::label);
  out.description = descriptor.text(VD::description);
  out.expressions = expressions_of(descriptor[VD::expressions]);
  descriptor.drop(VD::expressions);
  out.vcf = vcf_of(descriptor[VD::vcf_record]);
  descriptor.drop(VD::vcf_record);
  out.molecule_context = descriptor.name(VD::molecule_context);
  out.structural_type = descriptor.code(VD::structural_type);
  out.vrs_reference_sequence = descriptor.text(VD::vrs_ref_allele_seq);
  out.allelic_state = descriptor.code(VD::allelic_state);
}

Node text_node(std::string_view text, Memory& memory) {
  Node out;
  if (!text.empty()) out.held = memory.text(text);
  return out;
}

Node object_node(Object object) {
  Node out;
  out.held = object;
  return out;
}

/// The part's own slots, made when it is absent.
Node* part(Node& node, Type type, Memory& memory) {
  if (!node.present()) node = object_node(memory.object(type));
  return std::get<Object>(node.held).slots;
}

void put_gene(Node& node, const Code& gene, Memory& memory) {
  if (gene.empty()) return;
  Node* slots = part(node, Type::GeneDescriptor, memory);
  slots[GeneDescriptor::value_id] = text_node(gene.id, memory);
  slots[GeneDescriptor::symbol] = text_node(gene.label, memory);
}

Result<void> put_name(Node& node, const EnumType& type, const std::string& name) {
  if (name.empty()) return {};
  auto value = enum_of(type, name);
  if (!value) return fail(std::move(value.error()));
  node.held = *value;
  return {};
}

Node expressions_node(const std::vector<Variant::Expression>& expressions, Memory& memory) {
  Node out;
  if (expressions.empty()) return out;
  const List list{memory.nodes(expressions.size()), expressions.size()};
  for (std::size_t i = 0; i < list.count; ++i) {
    const Object made = memory.object(Type::Expression);
    made.slots[Expression::syntax] = text_node(expressions[i].syntax, memory);
    made.slots[Expression::value] = text_node(expressions[i].value, memory);
    made.slots[Expression::version] = text_node(expressions[i].version, memory);
    list.items[i] = object_node(made);
  }
  out.held = list;
  return out;
}

Node vcf_node(const std::optional<Variant::Vcf>& vcf, Memory& memory) {
  if (!vcf) return {};
  const Object out = memory.object(Type::VcfRecord);
  const auto put = [&](std::size_t slot, std::string_view text) { out.slots[slot] = text_node(text, memory); };
  put(VcfRecord::genome_assembly, vcf->assembly);
  put(VcfRecord::chrom, vcf->chromosome);
  if (vcf->position != 0) out.slots[VcfRecord::pos].held = vcf->position;
  put(VcfRecord::id, vcf->id);
  put(VcfRecord::ref, vcf->reference);
  put(VcfRecord::alt, vcf->alternate);
  put(VcfRecord::qual, vcf->quality);
  put(VcfRecord::filter, vcf->filter);
  put(VcfRecord::info, vcf->info);
  return object_node(out);
}

Result<void> put_descriptor(Node& node, const Variant& variant, Memory& memory) {
  Node* slots = part(node, Type::VariationDescriptor, memory);
  slots[VD::id] = text_node(variant.id, memory);
  slots[VD::label] = text_node(variant.label, memory);
  slots[VD::description] = text_node(variant.description, memory);
  put_gene(slots[VD::gene_context], variant.gene, memory);
  slots[VD::expressions] = expressions_node(variant.expressions, memory);
  slots[VD::vcf_record] = vcf_node(variant.vcf, memory);
  if (!variant.structural_type.empty()) slots[VD::structural_type] = node_of(variant.structural_type, memory);
  slots[VD::vrs_ref_allele_seq] = text_node(variant.vrs_reference_sequence, memory);
  if (!variant.allelic_state.empty()) slots[VD::allelic_state] = node_of(variant.allelic_state, memory);
  return put_name(slots[VD::molecule_context], *type(Type::VariationDescriptor)[VD::molecule_context].enumeration,
                  variant.molecule_context);
}

}  // namespace

Fact variant_fact(const Node& interpretation, const Code& disease) {
  Fact fact;
  fact.kind = Kind::variant;
  Variant out;
  Taker whole(interpretation);
  out.subject = whole.text(GI::subject_or_biosample_id);
  out.interpretation = whole.name(GI::interpretation_status);
  Taker gene(whole[GI::gene]);
  Taker call(whole[GI::variant_interpretation]);
  Taker descriptor(call.present() ? call[VI::variation_descriptor] : Node{});
  Taker context(descriptor.present() ? descriptor[VD::gene_context] : Node{});
  if (gene.present()) {
    out.gene = take_gene(gene);
    whole.put(GI::gene, gene);
  }
  if (descriptor.present()) {
    take_descriptor(descriptor, out);
    if (context.present()) {
      const bool stays = context.empty();  // an empty one says something that an empty Code does not
      out.gene = take_gene(context);
      descriptor.put(VD::gene_context, context);
      if (context.empty() && !stays) descriptor.drop(VD::gene_context);
    }
    call.put(VI::variation_descriptor, descriptor);
  }
  if (call.present()) {
    out.acmg = call.name(VI::acmg_pathogenicity_classification);
    out.actionability = call.name(VI::therapeutic_actionability);
    whole.put(GI::variant_interpretation, call);
  }
  out.rest = to_json(whole.object());
  if (out.rest == plain_rest) out.rest.clear();
  fact.code = !out.gene.id.empty() ? out.gene : disease;
  fact.value = std::move(out);
  return fact;
}

Result<Node> interpretation_node(const Fact& fact, Memory& memory) {
  const auto* variant = std::get_if<Variant>(&fact.value);
  if (variant == nullptr) return fail(ErrorCode::wrong_type, "a variant fact holds no variant");
  auto read =
      parse_message(type(Type::GenomicInterpretation), variant->rest.empty() ? plain_rest : std::string_view(variant->rest), memory);
  if (!read) return fail(std::move(read.error()));
  const Object whole = *read;
  whole.slots[GI::subject_or_biosample_id] = text_node(variant->subject, memory);
  auto named =
      put_name(whole.slots[GI::interpretation_status], *(*whole.type)[GI::interpretation_status].enumeration, variant->interpretation);
  if (!named) return fail(std::move(named.error()));
  if (whole.slots[GI::gene].present()) put_gene(whole.slots[GI::gene], variant->gene, memory);
  Node& call = whole.slots[GI::variant_interpretation];
  if (!call.present()) return object_node(whole);

  const auto& call_type = type(Type::VariantInterpretation);
  Node* slots = std::get<Object>(call.held).slots;
  named =
      put_name(slots[VI::acmg_pathogenicity_classification], *call_type[VI::acmg_pathogenicity_classification].enumeration, variant->acmg);
  if (!named) return fail(std::move(named.error()));
  named = put_name(slots[VI::therapeutic_actionability], *call_type[VI::therapeutic_actionability].enumeration, variant->actionability);
  if (!named) return fail(std::move(named.error()));
  if (!slots[VI::variation_descriptor].present()) return object_node(whole);
  auto put = put_descriptor(slots[VI::variation_descriptor], *variant, memory);
  if (!put) return fail(std::move(put.error()));
  return object_node(whole);
}

}  // namespace skerry::exchange::pp

// One node of a phenopacket and one value of a fact, both ways. What a typed value cannot hold exactly becomes a Record.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exchange/phenopacket_tree.hpp"
#include "fact/fact.hpp"

namespace skerry::exchange::pp {

/// Each gives nothing when the node is absent or the type cannot hold all it says; what it gives, the node_of below turns
/// back into the same node.
[[nodiscard]] std::optional<Code> code_of(const Node& ontology_class);
[[nodiscard]] std::optional<When> when_of(const Node& time_element);
[[nodiscard]] std::optional<skerry::Quantity> quantity_of(const Node& quantity);
/// Also of an age that is not written the shortest way ("P3Y06M"): right to calculate with, but not to write back.
[[nodiscard]] std::optional<When> readable_when_of(const Node& time_element);

[[nodiscard]] Node node_of(const Code& code, Memory& memory);
[[nodiscard]] Node node_of(const When& when, Memory& memory);
[[nodiscard]] Node node_of(const skerry::Quantity& quantity, Memory& memory);

/// The value of one element of a field. Total.
[[nodiscard]] Value value_of(const Field& field, const Node& node);
/// Its inverse; the texts are copied. Errors: wrong_type when the field cannot hold such a value, malformed for a bad Record.
[[nodiscard]] Result<Node> node_of(const Field& field, const Value& value, Memory& memory);

/// Adds the field as a qualifier of its role, one for each element of a list; nothing when it is absent.
void qualify(std::vector<Qualifier>& qualifiers, const Object& object, std::size_t slot);

/// The code of an enumeration's value: "skerry:drug-type/PRESCRIPTION".
[[nodiscard]] Code code_of(const EnumType& type, EnumValue value);
/// Errors: unknown_value.
[[nodiscard]] Result<EnumValue> enum_of(const EnumType& type, std::string_view name_or_code);
/// Its name, or its number when it has none; empty for the default and for an absent node.
[[nodiscard]] std::string enum_text(const EnumType& type, const Node& node);

}  // namespace skerry::exchange::pp

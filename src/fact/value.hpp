// What a fact says, typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/patient_data.hpp"
#include "fact/code.hpp"
#include "fact/when.hpp"

namespace skerry {

// Not inside Quantity: clang cannot construct a nested class with default members before its surrounding class is complete.
struct QuantityRange {
  double low = 0;
  double high = 0;
  Code unit;
  bool operator==(const QuantityRange&) const = default;
};

/// A number with its UCUM unit ("UCUM:mg/dL"); finite, never NaN. `low` and `high` are the reference range given with it.
struct Quantity {
  using Range = QuantityRange;
  double number = 0;
  Code unit;
  std::optional<Range> reference;
  bool operator==(const Quantity&) const = default;
};

struct Text {
  std::string text;  ///< valid UTF-8
  bool operator==(const Text&) const = default;
};

/// Something kept whole because no fact model is worth more than its own (a biosample, a file's attributes): JSON text.
struct Record {
  std::string json;
  bool operator==(const Record&) const = default;
};

/// A genomic variant as GA4GH's VariationDescriptor and its interpretation describe it. Empty text means "not told".
struct Variant {
  struct Expression {
    std::string syntax, value, version;  ///< "hgvs.c", "NM_000516.7:c.739G>A", ""
    bool operator==(const Expression&) const = default;
  };
  struct Vcf {
    std::string assembly, chromosome;
    std::uint64_t position = 0;
    std::string id, reference, alternate, quality, filter, info;
    bool operator==(const Vcf&) const = default;
  };

  std::string id, label, description;
  Code gene;  ///< HGNC id and symbol
  std::vector<Expression> expressions;
  std::optional<Vcf> vcf;
  std::string molecule_context;
  Code structural_type;
  std::string vrs_reference_sequence;
  Code allelic_state;
  std::string acmg;  ///< ACMG class as the source's enumeration names it
  std::string actionability;
  std::string interpretation;  ///< CAUSATIVE, CONTRIBUTORY, ...
  std::string subject;         ///< the individual or biosample it was found in
  Code origin;                 ///< parent of origin: data, never a constant
  std::string rest;            ///< JSON object of the parts not named above; empty when there are none
  bool operator==(const Variant&) const = default;
};

using Value = std::variant<std::monostate, Code, Quantity, std::int64_t, bool, Text, When, Variant, Record>;

template <>
inline constexpr bool is_patient_data<Value> = true;
template <>
inline constexpr bool is_patient_data<Variant> = true;
template <>
inline constexpr bool is_patient_data<Quantity> = true;
template <>
inline constexpr bool is_patient_data<Text> = true;
template <>
inline constexpr bool is_patient_data<Record> = true;

}  // namespace skerry

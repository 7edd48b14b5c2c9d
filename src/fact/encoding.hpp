// The bytes of a fact: what the ledger stores of its variable parts and what the audit chain hashes.
// docs/fact-encoding.md describes them byte by byte. The same fact always gives the same bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "fact/fact.hpp"

namespace skerry {

/// Appends to `out`. encode then decode is the identity (property-tested).
void encode(const Value& value, std::string& out);
void encode(const When& when, std::string& out);
void encode(const std::vector<Qualifier>& qualifiers, std::string& out);
/// The whole fact, every field.
void encode(const Fact& fact, std::string& out);

/// The fields of a fact that a ledger sets.
struct Entered {
  FactId id;
  ParticipantId participant;
  FactId part_of, supersedes;
  Instant recorded_at;
};
/// The fact as it would be with those fields.
void encode(const Fact& fact, const Entered& entered, std::string& out);

/// Each takes exactly the bytes of one encoding. Errors: malformed (truncated, unknown tag, trailing bytes, bad length).
/// Never reads past the end, never allocates more than the input is long.
[[nodiscard]] Result<Value> decode_value(std::string_view bytes);
[[nodiscard]] Result<When> decode_when(std::string_view bytes);
[[nodiscard]] Result<std::vector<Qualifier>> decode_qualifiers(std::string_view bytes);
[[nodiscard]] Result<Fact> decode_fact(std::string_view bytes);

}  // namespace skerry

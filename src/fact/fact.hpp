// The one thing a registry holds: a dated, coded, sourced statement about one participant. Pure values, no I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/patient_data.hpp"
#include "fact/code.hpp"
#include "fact/value.hpp"
#include "fact/when.hpp"

namespace skerry {

/// What kind of statement a fact is. The numbers are stored: never reuse one.
enum class Kind : std::uint8_t {
  person = 1,       ///< sex, vital status, last encounter (fact/concepts.hpp)
  feature = 2,      ///< a phenotypic feature, present or absent
  measurement = 3,  ///< a laboratory value, a joint angle, a score
  diagnosis = 4,    ///< a disease
  variant = 5,      ///< a genomic interpretation; the code is the gene, or the disease it was interpreted for
  procedure = 6,    ///< an operation or another intervention
  treatment = 7,    ///< a medicine, therapy or regimen
  biosample = 8,
  file = 9,
  document = 10,        ///< what came with the statements: metadata of a phenopacket
  experience = 11,      ///< a first-person account; the code is the question it answers
  interpretation = 12,  ///< the diagnosis a set of variants was interpreted for
};

/// Absent, not recorded and refused are three different things.
enum class Status : std::uint8_t {
  present = 1,
  absent = 2,        ///< looked for and not there
  not_recorded = 3,  ///< asked, and no answer is known
  refused = 4,       ///< asked, and the person chose not to say
  retracted = 5,     ///< entered in error: supersedes a fact and says nothing in its place
};

enum class Side : std::uint8_t { unknown = 0, left = 1, right = 2, both = 3, midline = 4 };

struct Where {
  Code site;  ///< empty when not told
  Side side = Side::unknown;
  bool operator==(const Where&) const = default;
};

enum class SourceKind : std::uint8_t { participant = 1, proxy = 2, clinician = 3, device = 4, publication = 5 };

struct Source {
  SourceKind kind = SourceKind::participant;
  std::string reference;  ///< "PMID:25802881" for a publication (required); an account or device id, or empty, for the others
  bool operator==(const Source&) const = default;
};

/// One more thing said about a statement: its severity, a modifier, a route, a reason for stopping.
struct Qualifier {
  Code role;
  Value value;
  bool operator==(const Qualifier&) const = default;
};

struct Fact {
  FactId id;  ///< 0 until the ledger has appended it
  ParticipantId participant;
  Kind kind = Kind::feature;
  Code code;
  Status status = Status::present;
  Value value;
  When when;
  Where where;
  Source source;
  std::vector<Qualifier> qualifiers;  ///< in the order they were said
  FactId part_of;                     ///< the statement this one belongs to (a regrowth to its operation); 0 for none
  FactId supersedes;                  ///< the fact this one corrects; 0 for none
  Instant recorded_at;                ///< set by the ledger

  bool operator==(const Fact&) const = default;
};

template <>
inline constexpr bool is_patient_data<Fact> = true;
template <>
inline constexpr bool is_patient_data<Qualifier> = true;

/// Whether the fact can stand on its own: code id not empty, numbers finite, dates in range, publication with its id,
/// text valid UTF-8 and at most 1 MiB a field, at most 1,000 qualifiers, a record that is a JSON text. The error's place
/// names the field. Does not look at other facts.
[[nodiscard]] Result<void> check(const Fact& fact);

/// Whether two facts say the same, ids, participant, recorded_at and references to other facts aside.
[[nodiscard]] bool same_statement(const Fact& a, const Fact& b);

[[nodiscard]] std::string_view name_of(Kind kind) noexcept;
[[nodiscard]] std::string_view name_of(Status status) noexcept;
[[nodiscard]] std::string_view name_of(Side side) noexcept;
[[nodiscard]] std::string_view name_of(SourceKind kind) noexcept;
/// Errors: unknown_value.
[[nodiscard]] Result<Kind> parse_kind(std::string_view name);
[[nodiscard]] Result<Status> parse_status(std::string_view name);
[[nodiscard]] Result<Side> parse_side(std::string_view name);
[[nodiscard]] Result<SourceKind> parse_source_kind(std::string_view name);

}  // namespace skerry

// What cannot be right in the records, found without being told where to look: for a curator.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/patient_data.hpp"
#include "consent/view.hpp"
#include "pack/pack.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cohort {

enum class QualityKind : std::uint8_t {
  present_and_absent,  ///< one code, both
  ancestor_absent,     ///< `other` is absent though `code`, a kind of it, is present
  rule,                ///< a rule of the pack: `code` is present, `other` is absent
  blanket_exclusion,   ///< `code` excluded in nearly everyone of one source beside a related feature in many of them
  before_birth,        ///< dated before the birth year
  after_recording,     ///< dated after it was recorded
};

struct QualityFinding {
  QualityKind kind = QualityKind::rule;
  std::string rule;                         ///< id of the pack's rule, for kind rule
  Code code, other;                         ///< blanket_exclusion: `code` is the excluded feature, `other` the related one that is present
  std::string source;                       ///< blanket_exclusion: the source's reference
  std::vector<ParticipantId> participants;  ///< those concerned, ascending
  // blanket_exclusion, counted among the source's people that share the diagnosis `group`:
  Code group;               ///< empty: everyone of the source
  std::int64_t people = 0;  ///< of the source and group
  std::int64_t excluded = 0, related_present = 0;
};

struct QualityReport {
  std::int64_t people = 0, facts = 0;
  std::vector<QualityFinding> findings;  ///< by kind, then most people first
};

[[nodiscard]] std::string_view name_of(QualityKind kind) noexcept;  ///< "blanket_exclusion"
/// One English line with the counts: "HP:0001156 (Brachydactyly) is excluded in 79 of 80 people of PMID:25802881, ...".
[[nodiscard]] std::string describe(const QualityFinding& finding);

/// Reads the View once. For curators: it names participants and applies no floor.
[[nodiscard]] Result<QualityReport> quality_report(const consent::View& view, const vocabulary::Vocabulary& vocabulary,
                                                   std::span<const pack::QualityRule> rules);
/// The same over facts in order of participant.
[[nodiscard]] QualityReport quality_report(std::span<const Fact> facts, const vocabulary::Vocabulary& vocabulary,
                                           std::span<const pack::QualityRule> rules);

}  // namespace skerry::cohort

template <>
inline constexpr bool skerry::is_patient_data<skerry::cohort::QualityFinding> = true;
template <>
inline constexpr bool skerry::is_patient_data<skerry::cohort::QualityReport> = true;

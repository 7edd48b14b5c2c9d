// What was released before, and whether a new release could be subtracted from it. docs/disclosure.md states the rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "cohort/study.hpp"
#include "evidence/layout.hpp"
#include "evidence/meaning.hpp"

namespace skerry::disclosure {

/// People whose number a release told: those who add to any of these cells. Two sets are comparable when their measure is the
/// same or one of them counts people whatever is recorded of them ("").
struct OpenedSet {
  std::string measure;
  std::vector<std::uint32_t> cells;
  bool operator==(const OpenedSet&) const = default;
};

/// One row of the release ledger. Who was counted stays in the registry's own ledger.
struct Release {
  std::string study;
  Digest digest;  ///< of the study
  evidence::Snapshot snapshot;
  int floor = 0;
  Digest result;  ///< of what was told
  evidence::Contributions people;
  Digest people_digest;  ///< of the people in their packed order
  std::vector<OpenedSet> opened;
  /// Of a computed result: evidence::outcome_variables(), whose digests are each person's second and further cells; and what was told, as
  /// text, because it cannot be computed again from the cells.
  std::vector<std::string> variables;
  std::string computed;
  std::string packed{};  ///< of a row read but not unpacked: the people
  std::size_t packed_people_bytes = 0;
  /// What was released; how it is packed is no part of it.
  bool operator==(const Release& other) const {
    return study == other.study && digest == other.digest && snapshot == other.snapshot && floor == other.floor && result == other.result &&
           people == other.people && opened == other.opened && variables == other.variables && computed == other.computed;
  }
};

/// JSON on one line; the people are packed (differences as variable-length numbers, zlib, base64).
[[nodiscard]] std::string encode(const Release& release);
/// Errors: malformed (a row is damaged). Takes any bytes; never more than 256 MiB unpacked.
[[nodiscard]] Result<Release> decode_release(std::string_view row);
/// The same without the people, who are left packed: for finding out whether this was said before.
[[nodiscard]] Result<Release> decode_release_head(std::string_view row);
[[nodiscard]] Result<void> unpack_people(Release& release);
[[nodiscard]] Digest people_digest(const evidence::Contributions& people);

/// What was told of a computed result as text, and back: every number to the last bit. Errors of reading: malformed.
[[nodiscard]] std::string computed_text(const evidence::Told& told);
[[nodiscard]] Result<evidence::Told> read_computed(std::string_view text);

[[nodiscard]] std::vector<OpenedSet> opened_sets(const cohort::Study& study, const evidence::Layout& layout, const evidence::Told& told);
[[nodiscard]] Digest result_digest(const evidence::Told& told);

/// How many people were added, left, or add to other cells than before.
[[nodiscard]] std::size_t people_changed(const evidence::Contributions& a, const evidence::Contributions& b);

enum class Verdict : std::uint8_t {
  new_release,     ///< may be told
  same_as_before,  ///< exactly the people and cells of the last release of this study
  too_close,       ///< a few people could be singled out by subtracting an earlier release
};
/// Compares with every earlier release: of the same study by people changed (0 or at least the floor); of other studies by
/// cohort (both differences 0 or at least the floor) and by nested opened sets (difference 0 or at least the floor).
[[nodiscard]] Verdict compare(const Release& candidate, const std::vector<Release>& earlier);

}  // namespace skerry::disclosure

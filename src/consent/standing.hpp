// What follows from a list of decisions: who stands as having agreed to a purpose. Pure; no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitset.hpp"
#include "ledger/consent_record.hpp"

namespace skerry::consent {

/// One participant who is in, and why.
struct Standing {
  ParticipantId participant;
  Basis basis = Basis::consent;  ///< the strongest reason for which the grant stands
  bool operator==(const Standing&) const = default;
};

/// Those for whom `records` (in the order recorded, which decides; decided_at does not) grant the purpose, ascending by
/// participant. The latest decision holds, with three rules in favour of the person:
/// - a withdrawal always holds, whoever made it and whatever the basis of the grant, that of a published case included;
/// - once the participant has decided for themself, a guardian's later grant does not count;
/// - that a case is published does not bring back someone who was withdrawn.
[[nodiscard]] std::vector<Standing> standings(std::span<const ConsentRecord> records, Purpose purpose);

/// Whether `next` would have an effect after `records`: false only for a grant that one of the rules above passes over.
[[nodiscard]] bool counts_after(std::span<const ConsentRecord> records, const ConsentRecord& next);

/// The same of everyone at once, for registries of any size: decisions are taken in one after the other, in the order recorded.
class Decisions {
 public:
  void take(const ConsentRecord& record);
  /// Who stands: bit n stands for participant n.
  [[nodiscard]] Bitset granted(Purpose purpose) const;
  /// Those of them who stand because their case was published.
  [[nodiscard]] Bitset published(Purpose purpose) const;

  static constexpr std::size_t purposes = 6;
  /// A byte for each participant from number 0 on, for each purpose after the other; as it is kept in a file.
  [[nodiscard]] std::string bytes() const;
  /// False when they are no such bytes.
  [[nodiscard]] bool set_bytes(std::string_view bytes);

 private:
  [[nodiscard]] const std::vector<std::uint8_t>& of(Purpose purpose) const { return courses_.at(static_cast<std::size_t>(purpose) - 1); }
  std::array<std::vector<std::uint8_t>, purposes> courses_;  ///< all of one length
};

}  // namespace skerry::consent

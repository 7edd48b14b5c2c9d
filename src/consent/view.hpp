// The first door: facts are read only through a View, made here for an actor and a purpose, and every opening is audited.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fact/fact.hpp"
#include "ledger/ledger.hpp"

namespace skerry::consent {

enum class Role : std::uint8_t { participant, proxy, clinician, reviewer, curator, steward, researcher, operator_, system };

/// Who asks. `name` is an account or "command line"; it goes into the audit.
struct Actor {
  Role role = Role::system;
  std::string name;
};

/// What consent lets one actor read for one purpose at one snapshot. Cheap to copy; thread-safe; a reading sees the snapshot
/// also while new facts arrive. A withdrawal takes effect in the next View opened.
class View {
 public:
  [[nodiscard]] const Actor& actor() const noexcept;
  [[nodiscard]] Purpose purpose() const noexcept;
  [[nodiscard]] const ledger::Head& snapshot() const noexcept;
  /// Those whose consent (or published basis) covers the purpose, ascending.
  [[nodiscard]] std::span<const ParticipantId> participants() const noexcept;
  /// How many of them are here because their case was published, not because they consented.
  [[nodiscard]] std::size_t published_count() const noexcept;

  /// Current facts (no superseded, no retracted), by participant, then id. `visit` returns false to stop.
  Result<void> for_each(const std::function<bool(const Fact&)>& visit) const;
  Result<std::vector<Fact>> facts_of(ParticipantId participant) const;
  Result<std::vector<Fact>> history_of(ParticipantId participant) const;

  /// The vault's record of a participant of this View. Errors: consent_refused unless the purpose is own_care or the
  /// participant's basis is published. Audited as open_identity.
  Result<std::optional<ledger::Identity>> identity(ParticipantId participant) const;

 private:
  friend class Gate;
  struct State;
  explicit View(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

/// Makes Views. Keeps a reference to the ledger, which must outlive every View.
class Gate {
 public:
  explicit Gate(ledger::Ledger& ledger);

  /// Everyone whose consent covers the purpose, at the present head or at an earlier one (facts as of then; consent as of now:
  /// who has withdrawn since is left out of the past too). Errors: consent_refused when the role may not use the purpose.
  Result<View> open(const Actor& actor, Purpose purpose, std::optional<std::int64_t> sequence = std::nullopt) const;
  /// One participant. Errors: not_found, consent_refused.
  Result<View> open_one(const Actor& actor, Purpose purpose, ParticipantId participant) const;

  /// Grants and withdrawals, appended as dated records.
  Result<void> record(const Actor& actor, ParticipantId participant, ConsentRecord record) const;
  /// The whole history of one participant's decisions.
  Result<std::vector<ConsentRecord>> history(ParticipantId participant) const;

 private:
  ledger::Ledger& ledger_;
};

/// Errors: unknown_value.
Result<Purpose> parse_purpose(std::string_view name);
std::string_view name_of(Purpose purpose) noexcept;  ///< "registry_research"
std::string_view name_of(Role role) noexcept;

}  // namespace skerry::consent

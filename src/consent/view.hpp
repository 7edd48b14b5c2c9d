// The first door: facts are read only through a View, made here for an actor and a purpose, and every opening is audited.
//
// Who may open what; anything else is refused with consent_refused:
//   role                          everyone (open)                                        one participant (open_one)
//   participant, proxy, clinician -                                                      own_care
//   curator                       registry_research, public_figures, story_publication   the same
//   researcher                    registry_research, federated_studies, public_figures   the same
//   steward, system               all but own_care                                       all
//   reviewer, operator_           -                                                      -
// That an account belongs to a participant, a guardian or a treating clinician is checked before a Gate is asked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fact/fact.hpp"
#include "index/reading.hpp"
#include "ledger/ledger.hpp"

namespace skerry::index {
class Store;
}

namespace skerry::consent {

enum class Role : std::uint8_t { participant, proxy, clinician, reviewer, curator, steward, researcher, operator_, system };

class Coverage;

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
  /// The current facts as columns, of the View's participants alone.
  [[nodiscard]] Result<index::Reading> reading() const;

  /// The vault's record of a participant of this View. Errors: consent_refused unless the purpose is own_care or the
  /// participant's basis is published. Audited as open_identity.
  Result<std::optional<ledger::Identity>> identity(ParticipantId participant) const;
  /// The same for every participant of the View of whom identity() would tell, ascending, with one line in the audit: for an
  /// export. `visit` returns false to stop; participants without an identity are passed over.
  Result<void> for_each_identity(const std::function<bool(ParticipantId, const ledger::Identity&)>& visit) const;

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

  /// Everyone whose consent covers the purpose (consent/standing.hpp), at the present head or at an earlier one. At an earlier
  /// one: facts as of then, and those whose consent covered the purpose then and still does, so that recomputing a figure never
  /// brings in anyone new and whoever has withdrawn since is left out of the past too.
  /// Errors: consent_refused when the role may not use the purpose; not_found when there is no such sequence.
  Result<View> open(const Actor& actor, Purpose purpose, std::optional<std::int64_t> sequence = std::nullopt) const;
  /// One participant. Errors: consent_refused, not_found (no such participant; only told to roles that may use the purpose).
  Result<View> open_one(const Actor& actor, Purpose purpose, ParticipantId participant) const;

  /// Grants and withdrawals, appended as dated records; `decided_at` left unset means now. A participant records own consent, a
  /// proxy as guardian, a curator published cases; clinician, steward and system record any decision; nobody else.
  /// Errors: missing_field (text_version or given_by), out_of_range (decided in the future), not_found, consent_refused (the
  /// role may not, or the grant would not stand against an earlier decision, see consent/standing.hpp).
  Result<void> record(const Actor& actor, ParticipantId participant, ConsentRecord record) const;
  /// The whole history of one participant's decisions.
  Result<std::vector<ConsentRecord>> history(ParticipantId participant) const;

 private:
  ledger::Ledger& ledger_;
  std::shared_ptr<index::Store> store_;
  std::shared_ptr<Coverage> coverage_;
};

/// Errors: unknown_value.
Result<Purpose> parse_purpose(std::string_view name);
std::string_view name_of(Purpose purpose) noexcept;  ///< "registry_research"
std::string_view name_of(Role role) noexcept;

}  // namespace skerry::consent

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "consent/coverage.hpp"
#include "consent/standing.hpp"
#include "consent/view.hpp"
#include "consent/view_state.hpp"

namespace skerry::consent {
namespace {

// The table in view.hpp.
bool may_open(Role role, Purpose purpose, bool everyone) noexcept {
  const bool figures = purpose == Purpose::registry_research || purpose == Purpose::public_figures;
  switch (role) {
    case Role::participant:
    case Role::proxy:
    case Role::clinician: return !everyone && purpose == Purpose::own_care;
    case Role::curator: return figures || purpose == Purpose::story_publication;
    case Role::researcher: return figures || purpose == Purpose::federated_studies;
    case Role::steward:
    case Role::system: return !everyone || purpose != Purpose::own_care;
    case Role::reviewer:
    case Role::operator_: return false;
  }
  return false;
}

bool may_record(Role role, Basis basis) noexcept {
  switch (role) {
    case Role::participant: return basis == Basis::consent;
    case Role::proxy: return basis == Basis::guardian_consent;
    case Role::curator: return basis == Basis::published;
    case Role::clinician:
    case Role::steward:
    case Role::system: return true;
    case Role::reviewer:
    case Role::researcher:
    case Role::operator_: return false;
  }
  return false;
}

tl::unexpected<Error> role_refused(Role role, std::string_view what) {
  return fail(ErrorCode::consent_refused, fmt::format("a {} may not {}", name_of(role), what));
}

Place field(std::string name) { return Place{{}, 0, 0, std::move(name)}; }

Result<void> check(const ConsentRecord& record) {
  if (record.text_version.empty()) {
    return fail(ErrorCode::missing_field, "the version of the text agreed to is missing", field("text_version"));
  }
  if (record.given_by.empty()) return fail(ErrorCode::missing_field, "who decided is missing", field("given_by"));
  constexpr std::int64_t clock_difference_seconds_max = 86'400;
  if (record.decided_at.seconds > Instant::now().seconds + clock_difference_seconds_max) {
    return fail(ErrorCode::out_of_range, "the decision lies in the future", field("decided_at"));
  }
  return {};
}

}  // namespace

Gate::Gate(ledger::Ledger& ledger)
    : ledger_(ledger), store_(std::make_shared<index::Store>(ledger)), coverage_(std::make_shared<Coverage>(ledger)) {}

Result<View> Gate::open(const Actor& actor, Purpose purpose, std::optional<std::int64_t> sequence) const {
  if (!may_open(actor.role, purpose, true)) return role_refused(actor.role, fmt::format("open records for {}", name_of(purpose)));
  const auto found = coverage_->at(purpose, sequence);
  if (!found) return fail(found.error());
  const auto all = ledger_.participant_count(found->snapshot);
  if (!all) return fail(all.error());
  const auto& people = *found->people;
  const auto told = ledger_.audit(audit_name(actor), "open_view", audit_detail(purpose, people.count(), found->snapshot), people.digest());
  if (!told) return fail(told.error());
  const bool everyone = static_cast<std::int64_t>(people.count()) == *all;
  return View(std::make_shared<const View::State>(
      View::State{ledger_, ledger::ReadKey{}, store_, actor, purpose, found->snapshot, found->people, everyone}));
}

Result<View> Gate::open_one(const Actor& actor, Purpose purpose, ParticipantId participant) const {
  if (!may_open(actor.role, purpose, false)) return role_refused(actor.role, fmt::format("open a record for {}", name_of(purpose)));
  const auto found = coverage_->at(purpose, std::nullopt);
  if (!found) return fail(found.error());
  if (!found->people->contains(participant)) {
    const auto all = ledger_.participant_count(found->snapshot);
    if (!all) return fail(all.error());
    if (participant.number < 1 || participant.number > *all) return fail(ErrorCode::not_found, "there is no such participant");
    return fail(ErrorCode::consent_refused, fmt::format("the participant's consent does not cover {}", name_of(purpose)));
  }
  const auto number = static_cast<std::size_t>(participant.number);
  Bitset one(number + 1), published(number + 1);
  one.set(number);
  if (found->people->is_published(participant)) published.set(number);
  auto people = std::make_shared<const People>(std::move(one), std::move(published));
  const auto told = ledger_.audit(audit_name(actor), "open_view", audit_detail(purpose, 1, found->snapshot), people->digest());
  if (!told) return fail(told.error());
  return View(std::make_shared<const View::State>(
      View::State{ledger_, ledger::ReadKey{}, store_, actor, purpose, found->snapshot, std::move(people), false}));
}

Result<void> Gate::record(const Actor& actor, ParticipantId participant, ConsentRecord record) const {
  if (!may_record(actor.role, record.basis)) return role_refused(actor.role, "record this decision");
  if (!participant.set()) return fail(ErrorCode::not_found, "there is no such participant");
  if (record.decided_at == Instant{}) record.decided_at = Instant::now();
  if (auto sound = check(record); !sound) return sound;
  record.participant = participant;
  const auto before = history(participant);
  if (!before) return fail(before.error());
  if (!counts_after(*before, record)) {
    return fail(ErrorCode::consent_refused, "the grant does not stand against what the participant decided before");
  }
  ledger::Batch batch;
  batch.participant = participant;
  batch.consents.push_back(std::move(record));
  const auto stored = ledger_.append(audit_name(actor), std::span(&batch, 1));
  if (!stored) return fail(stored.error());
  return {};
}

Result<std::vector<ConsentRecord>> Gate::history(ParticipantId participant) const {
  const auto head = ledger_.head();
  if (!head) return fail(head.error());
  return ledger_.consents(*head, participant);
}

}  // namespace skerry::consent

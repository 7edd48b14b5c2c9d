#include "consent/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "consent/view_state.hpp"

namespace skerry::consent {
namespace {

tl::unexpected<Error> not_in_view() { return fail(ErrorCode::consent_refused, "the participant is not in this View"); }

}  // namespace

View::View(std::shared_ptr<const State> state) : state_(std::move(state)) {}

const Actor& View::actor() const noexcept { return state_->actor; }
Purpose View::purpose() const noexcept { return state_->purpose; }
const ledger::Head& View::snapshot() const noexcept { return state_->snapshot; }
std::span<const ParticipantId> View::participants() const noexcept { return state_->people->list(); }
std::size_t View::published_count() const noexcept { return state_->people->published_count(); }

Result<void> View::for_each(const std::function<bool(const Fact&)>& visit) const {
  if (state_->people->count() == 0) return {};
  std::optional<std::vector<ParticipantId>> only;
  if (!state_->everyone) only = state_->people->list();
  return state_->ledger.read(state_->key, state_->snapshot, only, visit);
}

Result<std::vector<Fact>> View::facts_of(ParticipantId participant) const {
  if (!state_->people->contains(participant)) return not_in_view();
  std::vector<Fact> facts;
  const auto keep = [&facts](const Fact& fact) {
    facts.push_back(fact);
    return true;
  };
  const auto done = state_->ledger.read(state_->key, state_->snapshot, std::vector{participant}, keep);
  if (!done) return fail(done.error());
  return facts;
}

Result<std::vector<Fact>> View::history_of(ParticipantId participant) const {
  if (!state_->people->contains(participant)) return not_in_view();
  std::vector<Fact> facts;
  const auto keep = [&facts](const Fact& fact) {
    facts.push_back(fact);
    return true;
  };
  const auto done = state_->ledger.read_history(state_->key, state_->snapshot, std::vector{participant}, keep);
  if (!done) return fail(done.error());
  return facts;
}

Result<index::Reading> View::reading() const { return state_->store->reading(state_->key, state_->snapshot, state_->people->numbers()); }

Result<std::optional<ledger::Identity>> View::identity(ParticipantId participant) const {
  if (!state_->people->contains(participant)) return not_in_view();
  if (state_->purpose != Purpose::own_care && !state_->people->is_published(participant)) {
    return fail(ErrorCode::consent_refused, "consent to this purpose does not cover who the participant is");
  }
  // The audit comes first: what cannot be written down is not opened.
  const auto told = state_->ledger.audit(audit_name(state_->actor), "open_identity", audit_detail(state_->purpose, 1, state_->snapshot),
                                         digest_of(std::vector{participant}));
  if (!told) return fail(told.error());
  return state_->ledger.identity(state_->key, participant);
}

Result<void> View::for_each_identity(const std::function<bool(ParticipantId, const ledger::Identity&)>& visit) const {
  const auto covered = state_->purpose == Purpose::own_care ? state_->people->list() : state_->people->published_list();
  if (covered.empty()) return {};
  const auto told = state_->ledger.audit(audit_name(state_->actor), "open_identity",
                                         audit_detail(state_->purpose, covered.size(), state_->snapshot), digest_of(covered));
  if (!told) return fail(told.error());
  for (const ParticipantId participant : covered) {
    const auto identity = state_->ledger.identity(state_->key, participant);
    if (!identity) return fail(identity.error());
    if (*identity && !visit(participant, **identity)) break;
  }
  return {};
}

std::string audit_name(const Actor& actor) { return fmt::format("{} {}", name_of(actor.role), actor.name); }

std::string audit_detail(Purpose purpose, std::size_t people, const ledger::Head& snapshot) {
  return fmt::format("purpose={} people={} sequence={}", name_of(purpose), people, snapshot.sequence);
}

Digest digest_of(std::span<const ParticipantId> participants) {
  Hasher hasher;
  for (const ParticipantId participant : participants) hasher.add_number(static_cast<std::uint64_t>(participant.number));
  return hasher.finish();
}

}  // namespace skerry::consent

// Appending: everything is checked and written in one transaction, the vault first and the ledger's commit last.
#include <fmt/format.h>

#include <utility>

#include "ledger/audit_chain.hpp"
#include "ledger/digest_thread.hpp"
#include "ledger/ledger_impl.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t text_bytes_max = 1 << 20;

Error at_path(Error error, std::size_t batch, std::string_view list, std::size_t index) {
  const auto field = error.place.path;
  error.place.path = fmt::format("/{}/{}/{}{}{}", batch, list, index, field.empty() ? "" : "/", field);
  return error;
}

Error reference_error(ErrorCode code, std::string_view field, std::string_view what) {
  return {code, std::string(field) + " " + std::string(what), Place{{}, 0, 0, std::string(field)}};
}

Result<void> check_consent(const ConsentRecord& record) {
  const auto between = [](auto value, auto first, auto last) { return value >= first && value <= last; };
  if (!between(record.purpose, Purpose::own_care, Purpose::story_publication) ||
      !between(record.decision, Decision::granted, Decision::withdrawn) || !between(record.basis, Basis::consent, Basis::published)) {
    return fail(ErrorCode::unknown_value, "a consent's purpose, decision or basis is unknown");
  }
  if (record.text_version.size() > text_bytes_max || record.given_by.size() > text_bytes_max) {
    return fail(ErrorCode::too_large, "a consent's text is longer than 1 MiB");
  }
  return {};
}

/// One call of append, inside the writer's transaction.
class Append {
 public:
  Append(Ledger::Impl& ledger, State state) : ledger_(ledger), next_(std::move(state)) {}

  Result<void> prepare();
  Result<void> store(std::span<const Batch> batches);
  Result<void> seal(std::string_view actor);

  [[nodiscard]] const State& state() const noexcept { return next_; }
  [[nodiscard]] std::vector<Receipt> take_receipts() { return std::move(receipts_); }

 private:
  Result<void> participant(const Batch& batch, std::size_t index);
  Result<void> facts(std::span<const Batch> batches);
  Result<void> facts(const Batch& batch, std::size_t index, DigestThread& digest);
  Result<void> consents(const Batch& batch, std::size_t index);
  Result<void> origin(const Batch& batch, std::size_t index);
  Result<void> identities(std::span<const Batch> batches);
  Result<FactId> resolve(FactId reference, std::size_t index, std::int64_t first, ParticipantId participant, std::string_view field);

  Ledger::Impl& ledger_;
  State next_;
  Instant at_ = Instant::now();
  AppendDigest digest_;
  std::vector<Receipt> receipts_;
  std::size_t consents_ = 0, origins_ = 0, identities_ = 0, participants_ = 0;
  std::int64_t facts_before_ = 0;
  Statement add_participant_, add_consent_, add_origin_, add_identity_, owner_;
};

Result<void> Append::prepare() {
  const std::pair<Statement*, std::string_view> statements[] = {
      {&add_participant_, "INSERT INTO participant (id, sequence) VALUES (?,?)"},
      {&add_consent_,
       "INSERT INTO consent (sequence, participant, purpose, decision, basis, text_version, given_by, decided_seconds, "
       "decided_nanoseconds) VALUES (?,?,?,?,?,?,?,?,?)"},
      {&add_origin_, "INSERT INTO origin (sequence, participant, format, key, name, digest) VALUES (?,?,?,?,?,?)"},
      {&add_identity_, "INSERT INTO identity (sequence, participant) VALUES (?,?)"},
      {&owner_, "SELECT participant FROM fact WHERE id = ?"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(ledger_.writer, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  facts_before_ = next_.head.facts;
  ++next_.head.sequence;
  return {};
}

Result<void> Append::store(std::span<const Batch> batches) {
  receipts_.reserve(batches.size());
  // By kind, not by batch: that is the order the digest is recomputed in.
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (auto done = participant(batches[i], i); !done) return done;
  }
  if (auto done = facts(batches); !done) return done;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (auto done = consents(batches[i], i); !done) return done;
  }
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (auto done = origin(batches[i], i); !done) return done;
  }
  return identities(batches);
}

Result<void> Append::participant(const Batch& batch, std::size_t index) {
  auto& receipt = receipts_.emplace_back();
  receipt.participant = batch.participant;
  if (batch.participant.set()) {
    if (batch.participant.number > 0 && batch.participant.number <= next_.participants) return {};
    return fail(at_path({ErrorCode::not_found, "there is no such participant", {}}, index, "participant", 0));
  }
  receipt.participant.number = ++next_.participants;
  ++participants_;
  digest_.participant(receipt.participant);
  add_participant_.bind(1, receipt.participant.number);
  add_participant_.bind(2, next_.head.sequence);
  return add_participant_.run();
}

Result<FactId> Append::resolve(FactId reference, std::size_t index, std::int64_t first, ParticipantId participant, std::string_view field) {
  if (!reference.set()) return reference;
  if (reference.number < 0) {
    if (-(reference.number + 1) >= static_cast<std::int64_t>(index)) {
      return fail(reference_error(ErrorCode::not_found, field, "must name a fact that stands before its own in the batch"));
    }
    return FactId{first - (reference.number + 1)};
  }
  if (auto done = ledger_.facts.flush(); !done) return fail(done.error());
  owner_.bind(1, reference.number);
  const auto row = owner_.step();
  if (!row) return fail(row.error());
  const auto owner = *row ? owner_.number(0) : 0;
  owner_.reset();
  if (owner == 0) return fail(reference_error(ErrorCode::not_found, field, "names a fact that does not exist"));
  if (owner != participant.number) return fail(reference_error(ErrorCode::conflict, field, "names another participant's fact"));
  return reference;
}

Result<void> Append::facts(std::span<const Batch> batches) {
  std::size_t count = 0;
  for (const auto& batch : batches) count += batch.facts.size();
  DigestThread digest(digest_, count);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (auto done = facts(batches[i], i, digest); !done) return done;
  }
  if (auto done = ledger_.facts.flush(); !done) return done;
  digest.finish();
  return {};
}

Result<void> Append::facts(const Batch& batch, std::size_t index, DigestThread& digest) {
  const auto first = next_.head.facts + 1;
  if (!batch.facts.empty()) receipts_[index].first_fact.number = first;
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    const auto& fact = batch.facts[i];
    if (auto sound = check(fact); !sound) return fail(at_path(sound.error(), index, "facts", i));
    Entered entered{FactId{++next_.head.facts}, receipts_[index].participant, fact.part_of, fact.supersedes, at_};
    for (const auto& [reference, field] : {std::pair{&entered.part_of, "part_of"}, std::pair{&entered.supersedes, "supersedes"}}) {
      auto resolved = resolve(*reference, i, first, entered.participant, field);
      if (!resolved) return fail(at_path(resolved.error(), index, "facts", i));
      *reference = *resolved;
    }
    digest.add(fact, entered);
    if (auto done = ledger_.facts.write(fact, entered, next_.head.sequence); !done) {
      if (done.error().code != ErrorCode::conflict) return done;
      return fail(at_path(reference_error(ErrorCode::conflict, "supersedes", "names a fact that is already corrected; correct the newest"),
                          index, "facts", i));
    }
  }
  return {};
}

Result<void> Append::consents(const Batch& batch, std::size_t index) {
  for (std::size_t i = 0; i < batch.consents.size(); ++i) {
    auto record = batch.consents[i];
    if (auto sound = check_consent(record); !sound) return fail(at_path(sound.error(), index, "consents", i));
    record.participant = receipts_[index].participant;
    record.recorded_at = at_;
    digest_.consent(record);
    add_consent_.bind(1, next_.head.sequence);
    add_consent_.bind(2, record.participant.number);
    add_consent_.bind(3, static_cast<std::int64_t>(record.purpose));
    add_consent_.bind(4, static_cast<std::int64_t>(record.decision));
    add_consent_.bind(5, static_cast<std::int64_t>(record.basis));
    add_consent_.bind_text(6, record.text_version);
    add_consent_.bind_text(7, record.given_by);
    add_consent_.bind(8, record.decided_at.seconds);
    add_consent_.bind(9, record.decided_at.nanoseconds);
    if (auto done = add_consent_.run(); !done) return done;
    ++consents_;
  }
  return {};
}

Result<void> Append::origin(const Batch& batch, std::size_t index) {
  if (!batch.origin) return {};
  const auto& origin = *batch.origin;
  for (const auto* part : {&origin.format, &origin.key, &origin.name}) {
    if (part->size() > text_bytes_max) {
      return fail(at_path({ErrorCode::too_large, "an origin's text is longer than 1 MiB", {}}, index, "origin", 0));
    }
  }
  digest_.origin(receipts_[index].participant, origin);
  add_origin_.bind(1, next_.head.sequence);
  add_origin_.bind(2, receipts_[index].participant.number);
  add_origin_.bind_text(3, origin.format);
  add_origin_.bind_text(4, origin.key);
  add_origin_.bind_text(5, origin.name);
  add_origin_.bind_blob(6, std::string_view(reinterpret_cast<const char*>(origin.digest.bytes.data()), origin.digest.bytes.size()));
  ++origins_;
  return add_origin_.run();
}

Result<void> Append::identities(std::span<const Batch> batches) {
  std::vector<Vault::Entry> entries;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!batches[i].identity) continue;
    if (batches[i].identity->json.size() > text_bytes_max) {
      return fail(at_path({ErrorCode::too_large, "an identity is longer than 1 MiB", {}}, i, "identity", 0));
    }
    const auto participant = receipts_[i].participant;
    digest_.identity(participant);
    add_identity_.bind(1, next_.head.sequence);
    add_identity_.bind(2, participant.number);
    if (auto done = add_identity_.run(); !done) return done;
    entries.push_back({participant, batches[i].identity->json});
  }
  identities_ = entries.size();
  if (entries.empty()) return {};
  if (auto done = ledger_.settle_vault(); !done) return done;
  ledger_.vault_unsettled = true;  // until the ledger's own commit
  return ledger_.vault->put(next_.head.sequence, entries);
}

Result<void> Append::seal(std::string_view actor) {
  AuditEntry entry;
  entry.at = at_;
  entry.actor = actor;
  entry.action = "append";
  entry.detail = fmt::format("{} participants new, {} facts, {} consents, {} documents, {} identities", participants_,
                             next_.head.facts - facts_before_, consents_, origins_, identities_);
  entry.content = digest_.finish();
  return ledger_.add_audit(next_, std::move(entry), true);
}

}  // namespace

Result<std::vector<Receipt>> Ledger::append(std::string_view actor, std::span<const Batch> batches) {
  if (batches.empty()) return std::vector<Receipt>{};
  const std::lock_guard writing(impl_->writing);
  // A failed write to the vault must not be taken for the next write's, which will have the same number.
  if (auto done = impl_->settle_vault(); !done) return fail(done.error());
  const auto mark = impl_->facts.mark();
  const auto stored = [&]() -> Result<std::vector<Receipt>> {
    auto transaction = Transaction::begin(impl_->writer, Transaction::Kind::write);
    if (!transaction) return fail(transaction.error());
    Append append(*impl_, impl_->state());
    auto done = append.prepare();
    if (done) done = append.store(batches);
    if (done) done = append.seal(actor);
    if (done) done = transaction->commit();
    if (!done) return fail(done.error());
    impl_->vault_unsettled = false;
    impl_->publish(append.state());
    return append.take_receipts();
  }();
  if (!stored) impl_->facts.forget_after(mark);
  return stored;
}

}  // namespace skerry::ledger

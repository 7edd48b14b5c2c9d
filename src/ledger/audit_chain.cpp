#include "ledger/audit_chain.hpp"

#include "fact/bytes.hpp"

namespace skerry::ledger {
namespace {

constexpr std::size_t pending_bytes_max = 1U << 15;

std::string_view bytes_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()}; }

}  // namespace

Digest chain_of(const Digest& previous, const AuditEntry& entry) {
  Hasher hasher;
  hasher.add_field(bytes_of(previous))
      .add_number(static_cast<std::uint64_t>(entry.number))
      .add_number(static_cast<std::uint64_t>(entry.at.seconds))
      .add_number(static_cast<std::uint64_t>(entry.at.nanoseconds))
      .add_field(entry.actor)
      .add_field(entry.action)
      .add_field(entry.detail)
      .add_field(bytes_of(entry.content));
  return hasher.finish();
}

void AppendDigest::piece(char tag) {
  pending_.push_back(tag);
  ByteWriter(pending_).text(piece_);
  piece_.clear();
  if (pending_.size() >= pending_bytes_max) {
    hasher_.add(pending_);
    pending_.clear();
  }
}

void AppendDigest::participant(ParticipantId id) {
  ByteWriter(piece_).signed_number(id.number);
  piece('P');
}

void AppendDigest::fact(const Fact& fact) {
  encode(fact, piece_);
  piece('F');
}

void AppendDigest::fact(const Fact& fact, const Entered& entered) {
  encode(fact, entered, piece_);
  piece('F');
}

void AppendDigest::consent(const ConsentRecord& record) {
  ByteWriter out(piece_);
  out.signed_number(record.participant.number);
  out.byte(static_cast<std::uint8_t>(record.purpose));
  out.byte(static_cast<std::uint8_t>(record.decision));
  out.byte(static_cast<std::uint8_t>(record.basis));
  out.text(record.text_version);
  out.text(record.given_by);
  for (const auto at : {record.decided_at, record.recorded_at}) {
    out.signed_number(at.seconds);
    out.signed_number(at.nanoseconds);
  }
  piece('C');
}

void AppendDigest::origin(ParticipantId participant, const Origin& origin) {
  ByteWriter out(piece_);
  out.signed_number(participant.number);
  for (const auto* part : {&origin.format, &origin.key, &origin.name}) out.text(*part);
  out.text(bytes_of(origin.digest));
  piece('O');
}

void AppendDigest::identity(ParticipantId participant) {
  ByteWriter(piece_).signed_number(participant.number);
  piece('I');
}

Digest AppendDigest::finish() {
  hasher_.add(pending_);
  return hasher_.finish();
}

Digest release_digest(std::int64_t id, std::string_view study, std::string_view row) {
  return Hasher().add_number(static_cast<std::uint64_t>(id)).add_field(study).add_field(row).finish();
}

Digest erasure_digest(std::int64_t id, ParticipantId participant, std::int64_t up_to_sequence) {
  Hasher hasher;
  for (const auto number : {id, participant.number, up_to_sequence}) hasher.add_number(static_cast<std::uint64_t>(number));
  return hasher.finish();
}

}  // namespace skerry::ledger

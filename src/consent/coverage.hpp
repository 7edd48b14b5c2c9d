// Whom consent covers at a head, worked out once and shared by all Views. Private to the room.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/bitset.hpp"
#include "base/digest.hpp"
#include "consent/standing.hpp"
#include "ledger/ledger.hpp"

namespace skerry::consent {

/// Some participants and those of them who are there because their case was published. Thread-safe.
class People {
 public:
  People(Bitset people, Bitset published);

  [[nodiscard]] const Bitset& numbers() const noexcept { return people_; }  ///< bit n stands for participant n
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::size_t published_count() const noexcept { return published_count_; }
  [[nodiscard]] bool contains(ParticipantId participant) const noexcept { return has(people_, participant); }
  [[nodiscard]] bool is_published(ParticipantId participant) const noexcept { return has(published_, participant); }
  /// Ascending; made when it is first asked for.
  [[nodiscard]] const std::vector<ParticipantId>& list() const;
  [[nodiscard]] std::vector<ParticipantId> published_list() const;
  /// Tells in the audit's content who was opened, for whoever may ask "was my record?", without writing it down: BLAKE2b-256 of the set's
  /// 64-bit words, low first, up to the last that is not 0.
  [[nodiscard]] const Digest& digest() const noexcept { return digest_; }

 private:
  static bool has(const Bitset& set, ParticipantId participant) noexcept {
    const auto number = static_cast<std::size_t>(participant.number);
    return number < set.size() && set.test(number);
  }
  Bitset people_, published_;
  std::size_t count_, published_count_;
  Digest digest_;
  mutable std::once_flag listed_;
  mutable std::vector<ParticipantId> list_;
};

/// Follows a ledger's consent records. Keeps what they come to in `index/consents`, which is only a saving of time: it is used when it is
/// sound and of this very ledger. Thread-safe.
class Coverage {
 public:
  explicit Coverage(const ledger::Ledger& ledger) : ledger_(ledger) {}

  struct Found {
    ledger::Head snapshot;
    std::shared_ptr<const People> people;
  };
  /// See Gate::open. Errors: not_found.
  Result<Found> at(Purpose purpose, std::optional<std::int64_t> sequence);

 private:
  struct Standing {
    Decisions decisions;
    std::int64_t last = 0;  ///< the last record taken in
  };
  /// Recomputed figures ask for the same past again and again.
  struct Past {
    Purpose purpose;
    std::int64_t sequence, last;
    std::shared_ptr<const People> people;
  };
  Result<void> follow(const ledger::Head& now);
  Result<std::shared_ptr<const People>> then(Purpose purpose, const ledger::Head& head);
  const std::shared_ptr<const People>& now(Purpose purpose);
  [[nodiscard]] std::filesystem::path file() const { return ledger_.directory() / "index" / "consents"; }
  void load();
  void save(const ledger::Head& now) const;

  const ledger::Ledger& ledger_;
  std::mutex mutex_;
  bool loaded_ = false;
  Standing standing_;
  std::array<std::shared_ptr<const People>, Decisions::purposes> now_;
  std::deque<Past> past_;
};

}  // namespace skerry::consent

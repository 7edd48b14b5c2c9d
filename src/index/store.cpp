#include "index/store.hpp"

#include <deque>
#include <mutex>
#include <utility>

#include "index/builder.hpp"

namespace skerry::index {
class Store::Impl {
 public:
  explicit Impl(const ledger::Ledger& ledger) : ledger_(ledger) {}

  Result<std::shared_ptr<const Segment>> segment_at(ledger::ReadKey key, const ledger::Head& head) {
    const std::lock_guard lock(mutex_);
    for (const auto& [sequence, segment] : kept_) {
      if (sequence == head.sequence) return segment;
    }
    const auto people = ledger_.participants(key, head);
    if (!people) return fail(people.error());
    Builder builder;
    auto person = people->begin();
    const auto read = ledger_.read(key, head, std::nullopt, [&](const Fact& fact) {
      for (; person != people->end() && *person <= fact.participant; ++person) builder.add_person(*person);
      builder.add(fact);
      return true;
    });
    if (!read) return fail(read.error());
    for (; person != people->end(); ++person) builder.add_person(*person);
    auto bytes = builder.finish({head.sequence, head.facts, head.chain});
    if (!bytes) return fail(bytes.error());
    auto segment = Segment::of_memory(std::move(*bytes));
    if (!segment) return fail(segment.error());
    kept_.emplace_front(head.sequence, std::move(*segment));
    if (kept_.size() > kept_max) kept_.pop_back();
    return kept_.front().second;
  }

 private:
  static constexpr std::size_t kept_max = 4;
  const ledger::Ledger& ledger_;
  std::mutex mutex_;
  std::deque<std::pair<std::int64_t, std::shared_ptr<const Segment>>> kept_;  ///< by sequence
};

Store::Store(const ledger::Ledger& ledger) : impl_(std::make_unique<Impl>(ledger)) {}
Store::~Store() = default;

Result<Reading> Store::reading(ledger::ReadKey key, const ledger::Head& head, const Bitset& participants) {
  auto segment = impl_->segment_at(key, head);
  if (!segment) return fail(segment.error());
  auto covered = std::make_shared<const Bitset>((*segment)->people_among(participants));
  return Reading({{std::move(*segment), std::move(covered)}});
}

}  // namespace skerry::index

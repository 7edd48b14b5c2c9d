#include "index/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "index/builder.hpp"

namespace skerry::index {
namespace {

Stamp stamp_of(const ledger::Head& head) { return {head.sequence, head.facts, head.chain}; }

Snapshot::Part part_of(std::shared_ptr<const Segment> segment) {
  auto everyone = std::make_shared<const Bitset>(segment->people(), true);
  return {std::move(segment), std::move(everyone)};
}

/// The participants as places in the segment.
Bitset places_of(const Segment& segment, const std::vector<ParticipantId>& people) {
  Bitset out(segment.people());
  for (const auto participant : people) {
    if (const auto person = segment.person(participant)) out.set(*person);
  }
  return out;
}

}  // namespace

bool Snapshot::damaged() const noexcept {
  return std::ranges::any_of(parts, [](const Part& part) { return part.segment->damaged(); });
}

Result<std::string> SnapshotMaker::bytes_of_range(const ledger::Head& head, std::int64_t first, std::int64_t last,
                                                  std::stop_token stop) const {
  Builder builder;
  auto next = first;
  const auto read = ledger_.read_range(key_, head, ParticipantId{first}, ParticipantId{last}, [&](const Fact& fact) {
    for (; next <= fact.participant.number; ++next) builder.add_person(ParticipantId{next});
    builder.add(fact);
    return !stop.stop_requested();
  });
  if (!read) return fail(read.error());
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "the index was not finished");
  for (; next <= last; ++next) builder.add_person(ParticipantId{next});
  return builder.finish(stamp_of(head));
}

Result<std::shared_ptr<const Segment>> SnapshotMaker::segment_of(const std::vector<ParticipantId>& people, const ledger::Head& head) const {
  Builder builder;
  auto next = people.begin();
  const auto read = ledger_.read(key_, head, people, [&](const Fact& fact) {
    for (; next != people.end() && *next <= fact.participant; ++next) builder.add_person(*next);
    builder.add(fact);
    return true;
  });
  if (!read) return fail(read.error());
  for (; next != people.end(); ++next) builder.add_person(*next);
  auto bytes = builder.finish(stamp_of(head));
  if (!bytes) return fail(bytes.error());
  return Segment::of_memory(std::move(*bytes));
}

Segment::Rebuild SnapshotMaker::rebuild_of(const ledger::Head& head, std::int64_t first, std::int64_t last) const {
  return [maker = *this, head, first, last]() -> Result<std::shared_ptr<const Segment>> {
    auto bytes = maker.bytes_of_range(head, first, last, {});
    if (!bytes) return fail(bytes.error());
    return Segment::of_memory(std::move(*bytes));
  };
}

Result<std::shared_ptr<const Segment>> SnapshotMaker::kept_in(const IndexFolder& folder, const CurrentList::Entry& entry,
                                                              const ledger::Head& head, std::int64_t first, std::int64_t last) const {
  auto bytes = folder.map(entry.name);
  if (!bytes) return fail(bytes.error());
  auto segment = Segment::open(std::move(*bytes), rebuild_of(head, first, last));
  if (!segment) return fail(segment.error());
  const auto& found = **segment;
  const auto people = static_cast<std::size_t>(last - first + 1);
  if (found.header_check() != entry.header_check || found.stamp() != stamp_of(head) || found.people() != people ||
      found.participant(0).number != first || found.participant(static_cast<Person>(people - 1)).number != last) {
    return fail(ErrorCode::storage_failed, fmt::format("{} is not the file that was written", entry.name));
  }
  return segment;
}

/// One segment after the other, by as many threads as there are processors.
class SnapshotMaker::Whole {
 public:
  Whole(const SnapshotMaker& maker, const ledger::Head& head, std::int64_t participants, const IndexFolder* folder, std::stop_token stop)
      : maker_(maker), folder_(folder), stop_(std::move(stop)), share_(maker.limits_.people_a_segment) {
    const auto count = static_cast<std::size_t>((participants + share_ - 1) / share_);
    out_ = std::make_shared<Snapshot>(Snapshot{head, head, participants, {}, count, 0, 0});
    out_->parts.resize(count);
    list_ = {stamp_of(head), participants, std::vector<CurrentList::Entry>(count)};
  }

  Result<std::shared_ptr<const Snapshot>> make() {
    {
      std::vector<std::jthread> threads;
      const auto wanted = std::min<std::size_t>(out_->parts.size(), std::max(1U, std::thread::hardware_concurrency()));
      for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back([this] { work(); });
      work();
    }
    if (failure_) return fail(*failure_);
    if (folder_ != nullptr && !unwritten_) {
      if (const auto done = folder_->write_current(list_); done)
        folder_->remove_others(list_);
      else
        unwritten_ = done.error();
    }
    if (unwritten_) log::warning("the index could not be written and stays in memory: {}", unwritten_->text());
    return out_;
  }

 private:
  void work() {
    for (auto at = next_++; at < out_->parts.size() && !stopped_; at = next_++) {
      if (auto made = segment(at); made) {
        out_->parts[at] = part_of(std::move(*made));
      } else {
        const std::lock_guard lock(mutex_);
        failure_ = made.error();
        stopped_ = true;
      }
    }
  }

  Result<std::shared_ptr<const Segment>> segment(std::size_t at) {
    const auto first = static_cast<std::int64_t>(at) * share_ + 1;
    const auto last = std::min(out_->participants, first + share_ - 1);
    auto bytes = maker_.bytes_of_range(out_->head, first, last, stop_);
    if (!bytes) return fail(bytes.error());
    if (folder_ != nullptr) {
      auto& entry = list_.segments[at];
      entry = {fmt::format("{}-{}.segment", out_->head.sequence, at), bytes->size(), Segment::header_check_of(*bytes)};
      auto written = folder_->write(entry.name, *bytes);
      if (written) {
        auto mapped = maker_.kept_in(*folder_, entry, out_->head, first, last);
        if (mapped) return mapped;
        written = fail(mapped.error());
      }
      const std::lock_guard lock(mutex_);
      unwritten_ = written.error();
    }
    return Segment::of_memory(std::move(*bytes));
  }

  const SnapshotMaker& maker_;
  const IndexFolder* folder_;
  std::stop_token stop_;
  std::int64_t share_;
  std::shared_ptr<Snapshot> out_;
  CurrentList list_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::optional<Error> failure_, unwritten_;
};

Result<std::shared_ptr<const Snapshot>> SnapshotMaker::whole(const ledger::Head& head, const IndexFolder* folder,
                                                             std::stop_token stop) const {
  const auto participants = ledger_.participant_count(head);
  if (!participants) return fail(participants.error());
  return Whole(*this, head, *participants, *participants > 0 ? folder : nullptr, std::move(stop)).make();
}

Result<std::shared_ptr<const Snapshot>> SnapshotMaker::stored(const IndexFolder& folder) const {
  const auto list = folder.read_current();
  if (!list) return fail(list.error());
  const auto head = ledger_.head_at(list->stamp.sequence);
  const auto participants = head ? ledger_.participant_count(*head) : fail(head.error());
  if (!participants || stamp_of(*head) != list->stamp || *participants != list->participants) {
    return fail(ErrorCode::storage_failed, "the index belongs to another ledger");
  }
  auto out = std::make_shared<Snapshot>(Snapshot{*head, *head, *participants, {}, list->segments.size(), 0, 0});
  std::int64_t first = 1;
  for (const auto& entry : list->segments) {
    const auto last = std::min(*participants, first + limits_.people_a_segment - 1);
    auto segment = kept_in(folder, entry, *head, first, last);
    if (!segment) return fail(segment.error());
    out->parts.push_back(part_of(std::move(*segment)));
    first = last + 1;
  }
  if (first != *participants + 1) return fail(ErrorCode::storage_failed, "the index does not hold everyone");
  return out;
}

Result<std::shared_ptr<const Snapshot>> SnapshotMaker::later(const Snapshot& before, const ledger::Head& head) const {
  auto touched = ledger_.touched(key_, before.head, head);
  if (!touched) return fail(touched.error());
  const auto participants = ledger_.participant_count(head);
  if (!participants) return fail(participants.error());
  auto out = std::make_shared<Snapshot>(before);
  out->head = head;
  out->participants = *participants;
  if (touched->empty()) return out;
  if (out->parts.size() - out->base_parts >= limits_.parts_since_base) {
    touched = ledger_.touched(key_, before.base_head, head);
    if (!touched) return fail(touched.error());
    out->parts.resize(out->base_parts);
    for (auto& part : out->parts) part = part_of(part.segment);
    out->later_rows = out->later_people = 0;
  }
  for (auto& part : out->parts) {
    const auto stale = places_of(*part.segment, *touched);
    if (!stale.any()) continue;
    auto current = std::make_shared<Bitset>(*part.current);
    *current -= stale;
    part.current = std::move(current);
  }
  auto segment = segment_of(*touched, head);
  if (!segment) return fail(segment.error());
  out->later_people += touched->size();
  out->later_rows += (*segment)->rows();
  out->parts.push_back(part_of(std::move(*segment)));
  return out;
}

}  // namespace skerry::index

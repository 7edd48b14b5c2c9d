#include "cohort/follow_scan.hpp"

#include <algorithm>
#include <limits>

namespace skerry::cohort {
namespace {

constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t before_all = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t undecided_step = -1;

/// A code, kind and status alone, whatever its relations in time.
bool plain_but_for_time(const Leaf& leaf) {
  auto plain = leaf;
  plain.condition.time.clear();
  return plain.plain() && leaf.role() == Status::present;
}

bool share_a_stream(const LeafPlan& a, const LeafPlan& b) {
  return std::ranges::any_of(a.present, [&](auto stream) { return std::ranges::find(b.present, stream) != b.present.end(); });
}

}  // namespace

bool FollowUpScan::applies(const SegmentStudy& study) {
  const auto& plan = study.plan();
  const auto& time = plan.study->time;
  if (!plan.follows || plan.index == no_leaf || time.of_index || time.entry || time.until || !time.competing.empty()) return false;
  if (time.censoring == Censoring::death || !plan.leaves[plan.index].plain() || plan.leaves[plan.index].role() != Status::present)
    return false;
  const auto& event = plan.leaves[plan.event];
  if (!plain_but_for_time(event)) return false;
  for (const auto& relation : event.condition.time) {
    if (!relation.other.empty() || relation.relation != TimeRelation::Relation::after) return false;
  }
  // A fact does not lie in time to itself.
  return event.condition.time.empty() || !share_a_stream(study.leaf(plan.index), study.leaf(plan.event));
}

FollowUpScan::FollowUpScan(const SegmentStudy& study, PersonRange people, Stop& stop)
    : study_(study),
      time_(study.plan().study->time),
      people_(people),
      stop_(stop),
      block_(std::make_unique<index::Block>()),
      odd_(people.size()),
      step_ticks_(static_cast<std::int64_t>(time_.step * days_in(time_.unit) * index::ticks_per_day)),
      steps_a_tick_(1 / static_cast<double>(2 * step_ticks_)),
      last_step_(time_.horizon / time_.step) {
  for (auto* first : {&index_, &event_}) {
    first->low.assign(people.size(), never);
    first->high.assign(people.size(), never);
  }
  end_low_.assign(people.size(), before_all);
  end_high_.assign(people.size(), before_all);
  index();
  event();
  ending();
}

/// visit(person of the range, low, high, row) for each row with a calendar date; people with any other are odd.
template <class Visit>
void FollowUpScan::scan(index::StreamId stream, Visit&& visit) {
  const auto& segment = study_.segment();
  const auto& info = segment.streams()[stream];
  const unsigned columns = index::column_when | (info.has_place && info.status == Status::absent ? index::column_place : 0U);
  const auto blocks = segment.blocks(stream);
  const auto from = people_.from;
  const auto size = static_cast<std::uint32_t>(people_.size());
  for (auto b = first_block(segment, stream, from); b < blocks && !stop_.now(); ++b) {
    if (segment.first_person(stream, b) >= people_.to) break;
    segment.decode(stream, b, columns, *block_);
    const auto* person = block_->person.data();
    const auto* axis = block_->axis.data();
    const auto* low = block_->low.data();
    const auto* high = block_->high.data();
    for (std::size_t i = 0; i < block_->size; ++i) {
      const auto p = person[i] - from;
      if (p >= size) continue;
      if (axis[i] == Span::Axis::calendar)
        visit(p, low[i], high[i], i);
      else
        odd_.set(p);
    }
  }
}

void FollowUpScan::index() {
  auto* first_low = index_.low.data();
  auto* first_high = index_.high.data();
  for (const auto stream : study_.leaf(study_.plan().index).present) {
    scan(stream, [=](std::uint32_t p, std::int32_t low, std::int32_t high, std::size_t) {
      first_low[p] = std::min(first_low[p], low);
      first_high[p] = std::min(first_high[p], high);
    });
  }
}

void FollowUpScan::event() {
  const auto& plan = study_.leaf(study_.plan().event);
  const auto& relations = plan.leaf->condition.time;
  auto* first_low = event_.low.data();
  auto* first_high = event_.high.data();
  const auto* index_low = index_.low.data();
  const auto* index_high = index_.high.data();
  for (const auto stream : plan.present) {
    scan(stream, [&](std::uint32_t p, std::int32_t low, std::int32_t high, std::size_t) {
      if (!relations.empty()) {
        if (index_low[p] == never) return;
        const auto nearest = static_cast<double>(std::int64_t{low} - index_high[p]);
        const auto farthest = static_cast<double>(std::int64_t{high} - index_low[p]);
        for (const auto& relation : relations) {
          const double least = relation.least_days * index::ticks_per_day;
          const double most = relation.most_days ? *relation.most_days * index::ticks_per_day : std::numeric_limits<double>::infinity();
          if (farthest < least || nearest > most) return;
          if (nearest < least || farthest > most) return odd_.set(p);
        }
      }
      first_low[p] = std::min(first_low[p], low);
      first_high[p] = std::min(first_high[p], high);
    });
  }
}

/// The last absence of the event, or the last encounter.
void FollowUpScan::ending() {
  const bool absences = time_.censoring == Censoring::absent;
  const auto& plan = study_.leaf(absences ? study_.plan().event : study_.plan().last_encounter);
  auto* last_low = end_low_.data();
  auto* last_high = end_high_.data();
  for (const auto stream : absences ? plan.absent : plan.present) {
    const bool place = absences && study_.segment().streams()[stream].has_place;
    const bool related = absences && !plan.leaf->condition.time.empty();
    scan(stream, [&](std::uint32_t p, std::int32_t low, std::int32_t high, std::size_t i) {
      if (related) return odd_.set(p);
      if (place) {
        const auto side = block_->side.data()[i];
        if (block_->site.data()[i] != 0 || (side != Side::unknown && side != Side::both)) return;
      }
      last_low[p] = std::max(last_low[p], low);
      last_high[p] = std::max(last_high[p], high);
    });
  }
}

/// As step_of() in timing.hpp, without its division.
std::int32_t FollowUpScan::step_at(std::int64_t low, std::int64_t high) const noexcept {
  if (high < 0 || high - low > step_ticks_) return undecided_step;
  const auto middle = std::max<std::int64_t>(0, low + high);
  auto steps = static_cast<std::int64_t>(static_cast<double>(middle) * steps_a_tick_);
  while (steps * 2 * step_ticks_ < middle) ++steps;
  while (steps > 0 && (steps - 1) * 2 * step_ticks_ >= middle) --steps;
  return static_cast<std::int32_t>(std::min<std::int64_t>(steps, 1'000'000'000));
}

FollowUp FollowUpScan::of(std::size_t i) const noexcept {
  const std::int64_t start_low = index_.low.data()[i], start_high = index_.high.data()[i];
  if (start_low == never) return {};
  if (event_.low.data()[i] != never) {
    const auto step = step_at(event_.low.data()[i] - start_high, event_.high.data()[i] - start_low);
    if (step == undecided_step) return {Follow::undecidable, 0, 0, 0};
    if (step > last_step_) return {Follow::censored, last_step_, 0, 0};
    return {Follow::event, step, 0, 1};
  }
  if (end_low_.data()[i] == before_all) return {Follow::not_recorded, 0, 0, 0};
  const auto step = step_at(end_low_.data()[i] - start_high, end_high_.data()[i] - start_low);
  if (step == undecided_step) return {Follow::undecidable, 0, 0, 0};
  return {Follow::censored, std::min(step, last_step_), 0, 0};
}

}  // namespace skerry::cohort

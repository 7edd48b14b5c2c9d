#include "evidence/mean_cumulative.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "evidence/interval.hpp"

namespace skerry::evidence {
namespace {

/// Kinds of cells of the first round; the second has the three sums of squares.
enum : std::size_t { entering, having, leaving, kinds };

struct Row {
  std::int32_t entry = 0, exit = 0;
  std::size_t group = 0;
  bool event = false, followed = false;
  double weight = 1;
};

bool same_person(const Episodes& part, std::size_t a, std::size_t b) { return !part.person.empty() && part.person[a] == part.person[b]; }

/// A further event of the same person in the step in which their last row ended.
bool once_more(const Episodes& part, std::size_t i) {
  return i > 0 && same_person(part, i - 1, i) && part.cause[i] == 1 && !part.entry.empty() && part.entry[i] == part.exit[i] &&
         part.exit[i - 1] == part.exit[i];
}

Row row_of(const Episodes& part, const MeanCumulativeQuestion& question, std::size_t i) {
  Row row;
  row.entry = part.entry.empty() ? 0 : std::max(0, part.entry[i]);
  row.group = part.group.empty() ? 0 : part.group[i];
  const bool over_time = part.exit[i] > row.entry && row.entry < question.steps;
  row.followed = (over_time || (once_more(part, i) && row.entry <= question.steps)) && row.group < question.groups;
  const bool stays = part.exit[i] > question.steps;
  row.exit = stays ? question.steps + 1 : part.exit[i];
  row.event = !stays && part.cause[i] == 1;
  if (!part.weight.empty()) row.weight = part.weight[i];
  return row;
}

}  // namespace

MeanCumulative::MeanCumulative(MeanCumulativeQuestion question) : question_(question) {
  question_.steps = std::max(1, question_.steps);
  question_.groups = std::max<std::uint16_t>(1, question_.groups);
  too_large_ = (static_cast<std::size_t>(question_.steps) + 2) * question_.groups > 8'000'000;
}

Totals MeanCumulative::shape() const {
  if (too_large_) return {};
  const auto cells = kinds * (static_cast<std::size_t>(question_.steps) + 2) * question_.groups;
  return {second_ ? 0 : cells + question_.groups, cells};
}

void MeanCumulative::add_local(const Episodes& part, Totals& out) const {
  if (too_large_) return;
  if (second_) {
    sum_people(part, out);
  } else {
    sum_steps(part, out);
  }
}

void MeanCumulative::sum_steps(const Episodes& part, Totals& out) const {
  const auto width = static_cast<std::size_t>(question_.steps) + 2;
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const auto row = row_of(part, question_, i);
    if (!row.followed) continue;
    const auto add = [&](std::size_t kind, std::int32_t step) {
      const auto cell = (row.group * kinds + kind) * width + static_cast<std::size_t>(step);
      ++out.counts[cell];
      out.reals[cell].add(row.weight);
    };
    add(entering, row.entry);
    add(row.event ? having : leaving, row.exit);
    if (i == 0 || !same_person(part, i - 1, i)) ++out.counts[kinds * width * question_.groups + row.group];
  }
}

/// A person's part of the error at t is c + a B(t), B the group's `hazard`: a is minus their weight while followed. Each change
/// of it adds to the sums of c^2, a c and a^2 from its step on.
void MeanCumulative::sum_people(const Episodes& part, Totals& out) const {
  const auto width = static_cast<std::size_t>(question_.steps) + 2;
  double c = 0;
  for (std::size_t i = 0; i < part.rows(); ++i) {
    const auto row = row_of(part, question_, i);
    if (i == 0 || !same_person(part, i - 1, i)) c = 0;
    if (!row.followed) continue;
    const auto& group = groups_[row.group];
    Exact* sums = out.reals.data() + row.group * kinds * width;
    const auto change = [&](std::int32_t step, double old_c, double old_a, double new_c, double new_a) {
      const auto at = static_cast<std::size_t>(step);
      const std::array<std::pair<double, double>, kinds> terms{
          {{old_c * old_c, new_c * new_c}, {old_a * old_c, new_a * new_c}, {old_a * old_a, new_a * new_a}}};
      for (std::size_t k = 0; k < kinds; ++k) {
        sums[k * width + at].add(-terms[k].first);
        sums[k * width + at].add(terms[k].second);
      }
    };
    const double inside = c + row.weight * group.hazard[static_cast<std::size_t>(row.entry)];
    change(row.entry, c, 0, inside, -row.weight);
    c = inside - row.weight * group.hazard[static_cast<std::size_t>(row.exit)];
    if (row.event) c += row.weight / group.at_risk[static_cast<std::size_t>(row.exit)];
    change(row.exit, inside, -row.weight, c, 0);
  }
}

Result<bool> MeanCumulative::take(const Totals& total) {
  if (too_large_) return fail(ErrorCode::too_large, "the time grid is too fine for so many groups; take longer steps or a nearer horizon");
  if (!second_) return take_steps(total);
  take_people(total);
  return false;
}

Result<bool> MeanCumulative::take_steps(const Totals& total) {
  const auto width = static_cast<std::size_t>(question_.steps) + 2;
  std::int64_t everyone = 0;
  for (const auto& sum : total.reals) {
    if (!sum.sound()) return fail(ErrorCode::not_computable, "a weight is too large or not a number");
  }
  for (std::uint16_t g = 0; g < question_.groups; ++g) {
    const std::int64_t* counts = total.counts.data() + g * kinds * width;
    const Exact* reals = total.reals.data() + g * kinds * width;
    Group group{std::vector<double>(width), std::vector<double>(width), std::vector<double>(width)};
    MeanCumulativeCurve curve{g, total.counts[kinds * width * question_.groups + g], 0, {}, {}};
    std::vector<std::int64_t> people(width);
    Exact risk;
    std::int64_t at_risk = 0;
    for (std::size_t t = width; t-- > 0;) {
      risk += reals[having * width + t];
      risk += reals[leaving * width + t];
      risk -= reals[entering * width + t];
      at_risk += counts[having * width + t] + counts[leaving * width + t] - counts[entering * width + t];
      group.at_risk[t] = risk.to_double();
      people[t] = at_risk;
    }
    double mean = 0, hazard = 0;
    for (std::size_t t = 0; t < width; ++t) {
      const auto events = counts[having * width + t];
      group.events[t] = reals[having * width + t].to_double();
      if (events > 0) {
        mean += group.events[t] / group.at_risk[t];
        hazard += group.events[t] / group.at_risk[t] / group.at_risk[t];
        curve.events += events;
        curve.points.push_back({static_cast<std::int32_t>(t), people[t], events, counts[leaving * width + t], mean, 0, 0, 0});
      }
      group.hazard[t] = hazard;
    }
    if (curve.events == 0) {
      curve.cautions.push_back({"mean_cumulative.no_events",
                                "Nobody in this group had the event while followed: the mean number stays at 0, which "
                                "does not mean that it cannot happen."});
    }
    everyone += curve.people;
    groups_.push_back(std::move(group));
    curves_.push_back(std::move(curve));
  }
  if (everyone == 0) return fail(ErrorCode::not_computable, "nobody is followed from the index, so there is nothing to show over time");
  second_ = true;
  return true;
}

void MeanCumulative::take_people(const Totals& total) {
  const auto width = static_cast<std::size_t>(question_.steps) + 2;
  const double z = normal_quantile(question_.level);
  for (std::size_t g = 0; g < curves_.size(); ++g) {
    const Exact* reals = total.reals.data() + g * kinds * width;
    std::array<Exact, kinds> sums;
    std::size_t t = 0;
    for (auto& point : curves_[g].points) {
      for (; t <= static_cast<std::size_t>(point.step); ++t) {
        for (std::size_t k = 0; k < kinds; ++k) sums[k] += reals[k * width + t];
      }
      const double b = groups_[g].hazard[static_cast<std::size_t>(point.step)];
      const double variance = sums[0].to_double() + 2 * b * sums[1].to_double() + b * b * sums[2].to_double();
      point.standard_error = std::sqrt(std::max(0.0, variance));
      const double spread = std::exp(z * point.standard_error / point.mean);
      point.low = point.mean / spread;
      point.high = point.mean * spread;
    }
  }
}

}  // namespace skerry::evidence

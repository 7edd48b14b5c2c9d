#include "evidence/cox.hpp"

#include <cmath>
#include <thread>
#include <utility>

#include "evidence/cox_state.hpp"
#include "evidence/cox_terms.hpp"

namespace skerry::evidence {
namespace {

/// Kinds of the counting round's cells.
enum : std::size_t { leaving_without, leaving_with, entering, count_kinds };

void count_runs(const Cox::State& state, const std::vector<CoxRows::Run>& runs, bool enter, Totals& out) {
  const auto width = state.width();
  for (const auto& run : runs) {
    const std::size_t kind = enter ? entering : run.event ? leaving_with : leaving_without;
    out.counts[(run.stratum * count_kinds + kind) * width + static_cast<std::size_t>(run.step)] +=
        static_cast<std::int64_t>(run.end - run.begin);
  }
}

/// Sums of w, w x and w x^2: where the covariates lie and how far they spread.
void sum_covariates(const CoxRows::Sorted& rows, std::size_t count, bool weighted, Totals& out) {
  std::vector<double> terms(cox_block_rows), squares(cox_block_rows);
  const double* weight = rows.weight.empty() || !weighted ? nullptr : rows.weight.data();
  for (std::size_t from = 0; from < count; from += cox_block_rows) {
    const auto length = std::min(cox_block_rows, count - from);
    for (std::size_t i = 0; i < length; ++i) terms[i] = weight == nullptr ? 1 : weight[from + i];
    add_all({terms.data(), length}, out.reals[0]);
    for (std::size_t j = 0; j < rows.x.size(); ++j) {
      const double* x = rows.x[j].data() + from;
      for (std::size_t i = 0; i < length; ++i) {
        terms[i] = weight == nullptr ? x[i] : weight[from + i] * x[i];
        squares[i] = terms[i] * x[i];
      }
      add_all({terms.data(), length}, out.reals[1 + 2 * j]);
      add_all({squares.data(), length}, out.reals[2 + 2 * j]);
    }
  }
}

/// The part of a run that lies in a block of rows.
struct Segment {
  std::size_t cell = 0, from = 0, length = 0;  ///< from: in the block
  bool event = false;
};

template <class Visit>
void for_segments(const Cox::State& state, const CoxRows::Sorted& rows, std::size_t& run, std::size_t begin, std::size_t end,
                  const Visit& visit) {
  for (; run < rows.runs.size(); ++run) {
    const auto& now = rows.runs[run];
    if (now.begin >= end) return;
    const auto cell = state.cell_of(now.stratum, now.step);
    const auto from = std::max(now.begin, begin);
    const auto to = std::min(now.end, end);
    if (cell >= 0 && to > from) visit(Segment{static_cast<std::size_t>(cell), from - begin, to - from, now.event});
    if (now.end > end) return;  // goes on in the next block
  }
}

class Climber {
 public:
  Climber(const Cox::State& state, Totals& out)
      : state_(state), out_(out), centred_(state.p * cox_block_rows), terms_(state.components * cox_block_rows), extra_(cox_block_rows) {}

  void add(const CoxRows::Sorted& rows, bool enter) {
    if (rows.runs.empty()) return;
    const auto count = rows.runs.back().end;
    const double* weight = rows.weight.empty() || !state_.question.weighted ? nullptr : rows.weight.data();
    const double* offset = rows.offset.empty() || !state_.question.offset ? nullptr : rows.offset.data();
    std::vector<const double*> x(state_.p);
    std::size_t run = 0;
    for (std::size_t begin = 0; begin < count; begin += cox_block_rows) {
      const auto end = std::min(begin + cox_block_rows, count);
      for (std::size_t j = 0; j < state_.p; ++j) x[j] = rows.x[j].data() + begin;
      const double* weights = weight == nullptr ? nullptr : weight + begin;
      const double* offsets = offset == nullptr ? nullptr : offset + begin;
      const CoxTerms terms{state_.p,          state_.question.firth, x.data(), weights, offsets, state_.centre.data(), state_.scale.data(),
                           state_.beta.data()};
      cox_terms(terms, end - begin, centred_.data(), terms_.data());
      for_segments(state_, rows, run, begin, end, [&](const Segment& segment) {
        const std::size_t block = enter ? state_.blocks() - 1 : segment.event && state_.efron() ? 1 : 0;
        Exact* sums = out_.reals.data() + block * state_.block_length() + segment.cell * state_.components;
        for (std::size_t c = 0; c < state_.components; ++c) {
          add_all({terms_.data() + c * cox_block_rows + segment.from, segment.length}, sums[c]);
        }
        if (!enter && segment.event && state_.first_climb) add_event(segment, weights, offsets);
      });
    }
  }

 private:
  /// What of the events does not depend on the coefficients: once is enough.
  void add_event(const Segment& segment, const double* weight, const double* offset) {
    Exact* sums = out_.reals.data() + state_.blocks() * state_.block_length() + segment.cell * (1 + state_.p);
    const auto add_times = [&](const double* values, Exact& sum) {
      for (std::size_t i = 0; i < segment.length; ++i) {
        const auto row = segment.from + i;
        extra_[i] = (values == nullptr ? 1 : values[row]) * (weight == nullptr ? 1 : weight[row]);
      }
      add_all({extra_.data(), segment.length}, sum);
    };
    add_times(nullptr, sums[0]);
    for (std::size_t j = 0; j < state_.p; ++j) add_times(centred_.data() + j * cox_block_rows, sums[1 + j]);
    if (offset != nullptr) add_times(offset, out_.reals.back());
  }

  const Cox::State& state_;
  Totals& out_;
  std::vector<double> centred_, terms_, extra_;
};

Result<void> take_counts(Cox::State& state, const Totals& total) {
  const auto width = state.width();
  auto& result = state.result;
  state.cell_at.assign(state.question.strata * width, -1);
  state.events.assign(width, 0);
  state.left.assign(width, 0);
  state.at_risk.assign(width, 0);
  for (std::uint16_t s = 0; s < state.question.strata; ++s) {
    const std::int64_t* kinds = total.counts.data() + s * count_kinds * width;
    std::int64_t at_risk = 0;
    for (std::size_t t = width; t-- > 0;) at_risk += kinds[t] + kinds[width + t] - kinds[2 * width + t];
    result.rows += at_risk;
    for (std::size_t t = 0; t < width; ++t) result.rows += kinds[2 * width + t];
    std::int32_t cell = -1;
    for (std::size_t t = 0; t < width; ++t) {
      const auto events = kinds[width + t];
      if (events > 0) {
        cell = static_cast<std::int32_t>(state.cells.size());
        state.cells.push_back({s, static_cast<std::int32_t>(t), events, at_risk, static_cast<double>(events), {}});
        result.events += events;
        state.events[t] += events;
      }
      state.at_risk[t] += at_risk;
      state.left[t] += kinds[t] + events;
      state.cell_at[s * width + t] = cell;
      at_risk -= kinds[t] + events - kinds[2 * width + t];
    }
  }
  result.people = total.counts.back();
  if (result.rows == 0) return fail(ErrorCode::not_computable, "nobody is followed from the index, so there is nothing to model");
  if (result.events == 0) return fail(ErrorCode::not_computable, "nobody had the event while followed, so hazards cannot be compared");
  if (state.p == 0) return fail(ErrorCode::not_computable, "the model has no covariates");
  if (static_cast<std::int64_t>(state.p) > result.events) {
    return fail(ErrorCode::not_computable, "there are more covariates than events, so their effects cannot be told apart");
  }
  return {};
}

Result<void> take_covariates(Cox::State& state, const Totals& total) {
  for (const auto& sum : total.reals) {
    if (!sum.sound()) return fail(ErrorCode::not_computable, "a covariate or weight is too large or not a number");
  }
  const double weight = total.reals[0].to_double();
  if (!(weight > 0)) return fail(ErrorCode::not_computable, "the weights are all 0");
  for (std::size_t j = 0; j < state.p; ++j) {
    const auto i = static_cast<Eigen::Index>(j);
    const double mean = total.reals[1 + 2 * j].to_double() / weight;
    const double square = total.reals[2 + 2 * j].to_double() / weight;
    const double variance = square - mean * mean;
    state.centre[i] = mean;
    const double spread = variance > 1e-24 * square ? std::sqrt(variance) : std::sqrt(square);
    state.scale[i] = spread > 0 ? std::ldexp(1.0, -std::ilogb(spread)) : 1;
  }
  return {};
}

void take_events(Cox::State& state, const Totals& total) {
  const Exact* sums = total.reals.data() + state.blocks() * state.block_length();
  for (auto& cell : state.cells) {
    cell.weight = (sums++)->to_double();
    cell.event_x.resize(static_cast<Eigen::Index>(state.p));
    for (Eigen::Index j = 0; j < cell.event_x.size(); ++j) cell.event_x[j] = (sums++)->to_double();
  }
  state.event_offset = sums->to_double();
}

/// Whether the step is so small that taking it is the end; then `accepted` is final.
bool settled(Cox::State& state, const Eigen::VectorXd& next) {
  const double size = next.cwiseAbs().maxCoeff();
  const double gain = next.dot(state.best.score);
  double weight = 0, least = HUGE_VAL;
  for (const auto& cell : state.cells) {
    weight += cell.weight;
    least = std::min(least, cell.weight);
  }
  // A likelihood that hardly rises along a long step: it would rise for ever.
  if (!state.question.firth && size > 0.01 && gain < std::max(1e-10 * least, 1e-14 * weight)) {
    for (Eigen::Index j = 0; j < next.size(); ++j) {
      state.infinite[static_cast<std::size_t>(j)] = std::fabs(next[j]) > 1e-3 * size;
      if (!state.infinite[static_cast<std::size_t>(j)]) state.accepted[j] += next[j];
    }
    return true;
  }
  // Newton's steps square; one that does not get much smaller is rounding. Firth's (by the unpenalised information) shrink evenly.
  const bool noise = state.question.firth ? size < 1e-12 && size > 0.9 * state.last_size : size < 1e-8 && size > 0.1 * state.last_size;
  state.last_size = size;
  if (size > 2e-14 && !noise) return false;
  state.accepted += next;
  return true;
}

/// True when another round is needed.
Result<bool> climb(Cox::State& state, const Totals& total) {
  auto surface = cox_surface(state, total);
  const bool small = !state.first_climb && (state.step * state.step_share).cwiseAbs().maxCoeff() < 1e-6;
  if (state.first_climb) {
    if (!surface.sound) return fail(ErrorCode::not_computable, "the weights or offsets are too large to be added up");
    if (auto fine = cox_check_information(state, surface.information); !fine) return fail(fine.error());
    state.null = surface;
  } else if (!surface.sound ||
             (!small && surface.log_likelihood < state.best.log_likelihood - 1e-9 * (std::fabs(state.best.log_likelihood) + 1e-3))) {
    state.step_share /= 2;
    if (state.step_share < 1e-12) return fail(ErrorCode::not_computable, "the model's likelihood has no maximum that can be found");
    state.beta = state.accepted + state.step_share * state.step;
    return true;
  }
  state.first_climb = false;
  state.accepted = state.beta;
  state.best = std::move(surface);
  const Eigen::LDLT<Eigen::MatrixXd> root(state.best.information);
  const Eigen::VectorXd next = root.solve(state.best.score);
  if (!next.allFinite()) return fail(ErrorCode::not_computable, "the model's likelihood has no maximum that can be found");
  if (!settled(state, next)) {
    state.step = next;
    state.step_share = 1;
    state.beta = state.accepted + next;
    return true;
  }
  state.inverse = root.solve(Eigen::MatrixXd::Identity(next.size(), next.size()));
  cox_keep_cells(state, total);
  return false;
}

}  // namespace

Cox::Cox(CoxQuestion question) : state_(std::make_unique<State>()) {
  auto& state = *state_;
  state.question = std::move(question);
  state.question.steps = std::max(1, state.question.steps);
  state.question.strata = std::max<std::uint16_t>(1, state.question.strata);
  state.p = state.question.covariates.size();
  state.components = CoxTerms{state.p, state.question.firth}.components();
  const auto size = static_cast<Eigen::Index>(state.p);
  state.centre = state.beta = state.accepted = state.step = Eigen::VectorXd::Zero(size);
  state.scale = Eigen::VectorXd::Ones(size);
  state.infinite.assign(state.p, false);
}

Cox::~Cox() = default;

const CoxResult& Cox::result() const noexcept { return state_->result; }

Totals Cox::shape() const {
  const auto& state = *state_;
  switch (state.phase) {
    case State::Phase::count: return {state.question.strata * count_kinds * state.width() + 1, 1 + 2 * state.p};
    case State::Phase::climb:
      return {0, state.blocks() * state.block_length() + (state.first_climb ? state.cells.size() * (1 + state.p) + 1 : 0)};
    default: return {0, state.p * (state.p + 1) / 2};
  }
}

void Cox::add_local(const CoxRows& part, Totals& out) const {
  const auto& state = *state_;
  if (part.rows == 0) return;
  if (state.phase == State::Phase::count) {
    count_runs(state, part.leaving.runs, false, out);
    count_runs(state, part.entering.runs, true, out);
    out.counts.back() += part.people;
    sum_covariates(part.leaving, static_cast<std::size_t>(part.rows), state.question.weighted, out);
  } else if (state.phase == State::Phase::climb) {
    Climber climber(state, out);
    climber.add(part.leaving, false);
    climber.add(part.entering, true);
  } else {
    cox_add_people(state, part, out);
  }
}

Result<bool> Cox::take(const Totals& total) {
  auto& state = *state_;
  ++state.result.rounds;
  if (state.phase == State::Phase::count) {
    if (auto fine = take_counts(state, total); !fine) return fail(fine.error());
    if (auto fine = take_covariates(state, total); !fine) return fail(fine.error());
    state.phase = State::Phase::climb;
    return true;
  }
  if (state.phase == State::Phase::climb) {
    if (state.first_climb) take_events(state, total);
    auto more = climb(state, total);
    if (!more || *more) return more;
    state.phase = state.question.robust ? State::Phase::people : State::Phase::done;
    if (state.question.robust) return true;
  } else {
    cox_take_people(state, total);
    state.phase = State::Phase::done;
  }
  cox_finish(state);
  return false;
}

Result<CoxResult> cox(std::span<const Episodes> parts, const CoxQuestion& question, unsigned threads, const Limits& limits) {
  threads = std::max(1U, threads);
  if ((static_cast<std::size_t>(std::max(1, question.steps)) + 2) * std::max<std::size_t>(1, question.strata) > 10'000'000) {
    return fail(ErrorCode::too_large, "the time grid is too fine for so many strata; take longer steps or a nearer horizon");
  }
  struct Slice {
    const Episodes* part;
    std::size_t first, last;
  };
  std::vector<Slice> slices;
  for (const auto& part : parts) {
    if (part.x.size() != question.covariates.size()) {
      return fail(ErrorCode::invalid_study, "the data do not have the covariates of the model");
    }
    const auto wanted = std::max<std::size_t>(1, std::min<std::size_t>(threads, part.rows() / 10'000));
    std::size_t first = 0;
    for (std::size_t i = 1; i <= wanted; ++i) {
      auto last = part.rows() * i / wanted;
      while (!part.person.empty() && last > first && last < part.rows() && part.person[last] == part.person[last - 1]) ++last;
      if (last > first) slices.push_back({&part, first, last});
      first = std::max(first, last);
    }
  }
  std::vector<CoxRows> rows(slices.size());
  std::atomic<std::size_t> next = 0;
  const auto sort_some = [&] {
    for (auto i = next++; i < slices.size(); i = next++) {
      rows[i] = sort_rows(*slices[i].part, slices[i].first, slices[i].last, question.steps, question.strata, question.entries);
    }
  };
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < std::min<std::size_t>(threads, slices.size()); ++i) pool.emplace_back(sort_some);
  sort_some();
  for (auto& thread : pool) thread.join();
  Cox model(question);
  if (auto done = run(static_cast<Statistic<CoxRows>&>(model), std::span<const CoxRows>(rows), threads, limits); !done)
    return fail(done.error());
  return model.result();
}

}  // namespace skerry::evidence

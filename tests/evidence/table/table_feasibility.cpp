// What a trial could show: no table is read, all is in the options.
#include "evidence/feasibility.hpp"
#include "table.hpp"

namespace skerry::evidence::table {
namespace {

Result<void> feasibility(const Table&, const Options& options, Answer& answer) {
  TrialQuestion question;
  const auto design = options.text("design");
  question.design = design == "two_arms"                ? TrialDesign::two_arms
                    : design == "randomised_withdrawal" ? TrialDesign::randomised_withdrawal
                    : design == "n_of_1"                ? TrialDesign::n_of_1
                                                        : TrialDesign::single_arm;
  question.control = options.number("control", 0.3);
  question.power = options.number("power", 0.8);
  question.alpha = options.number("alpha", 0.05);
  question.cycles = static_cast<int>(options.size("cycles", 6));
  question.drop_out = options.number("drop_out", 0);
  question.responders = options.number("responders", 1);
  const auto people = static_cast<std::int64_t>(options.size("people", 20));
  const auto power = power_of(question, people, options.number("expected", 0.6));
  if (!power) return fail(power.error());
  answer.add("analysed", power->analysed);
  answer.add("power", power->power);
  answer.add("alpha", power->alpha);
  const auto found = detectable(question, people);
  if (!found) return fail(found.error());
  answer.add("above", found->above);
  answer.add("below", found->below);
  if (options.flag("needed")) {
    const auto needed = people_needed(question, options.number("expected", 0.6), 120);
    if (!needed) return fail(needed.error());
    answer.add("needed", *needed ? std::optional<double>(static_cast<double>(**needed)) : std::nullopt);
  }
  RecruitmentQuestion recruiting{people, static_cast<std::int64_t>(options.size("enrolled", 5)), options.number("years", 3),
                                 options.number("a_year"), options.number("level", 0.9)};
  const auto time = recruitment(recruiting);
  if (!time) return fail(time.error());
  answer.add("time.median", time->median);
  answer.add("time.low", time->low);
  answer.add("time.high", time->high);
  return {};
}

const Registration registration{"feasibility", feasibility};

}  // namespace
}  // namespace skerry::evidence::table

#include "exchange/synthetic_course.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "fact/concepts.hpp"

namespace skerry::exchange {
namespace {

constexpr double month_days = 30.4375;

class Years {
 public:
  Years(ledger::Batch& batch, const SyntheticModel& model, const SyntheticLife& life, Dice& dice)
      : batch_(batch), model_(model), life_(life), dice_(dice) {}

  void add() {
    add_enrolment();
    for (const auto& feature : model_.features) {
      const auto index = find(Kind::feature, feature.code);
      if (feature.after_onset && index < batch_.facts.size()) date(batch_.facts[index], *feature.after_onset);
    }
    for (const auto& treatment : model_.treatments) {
      const auto index = find(Kind::treatment, treatment.code);
      if (treatment.course && index < batch_.facts.size()) treat(index, *treatment.course);
    }
    operate();
    for (const auto& repeated : model_.measurements) measure(repeated);
  }

 private:
  [[nodiscard]] std::size_t find(Kind kind, const Code& code) const {
    const auto found =
        std::ranges::find_if(batch_.facts, [&](const Fact& fact) { return fact.kind == kind && same_concept(fact.code, code); });
    return static_cast<std::size_t>(found - batch_.facts.begin());
  }

  Fact& append(Kind kind, Code code, SourceKind source) {
    Fact fact;
    fact.kind = kind;
    fact.code = std::move(code);
    fact.source = {source, "demonstration"};
    batch_.facts.push_back(std::move(fact));
    return batch_.facts.back();
  }

  [[nodiscard]] std::int64_t months_seen() const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>((life_.last_seen_day - life_.birth_day) / month_days));
  }
  [[nodiscard]] When day(std::int32_t day) const { return When::at(date_of_day(day)); }

  void add_enrolment() {
    const auto first = std::max(life_.birth_day + 200, reference_day - 3'650);
    const auto enrolled = static_cast<std::int32_t>(dice_.between(std::min(first, life_.last_seen_day), life_.last_seen_day));
    append(Kind::person, {std::string(concepts::enrolment), "enrolment"}, SourceKind::clinician).when = day(enrolled);
    if (!dice_.chance(model_.contact_asked)) return;
    bool agreed = false;
    for (const auto& consent : batch_.consents) {
      if (consent.purpose == Purpose::recontact) agreed = consent.decision == Decision::granted;
    }
    append(Kind::person, {std::string(concepts::contact), "may be contacted for research"}, SourceKind::participant).status =
        agreed ? Status::present : Status::absent;
  }

  /// What has not come by the last visit is absent then.
  void date(Fact& fact, const Waiting& waiting) {
    const auto later = static_cast<std::int64_t>(std::lround(waiting.median_months * std::exp(waiting.spread * dice_.normal())));
    const auto came = life_.onset_months + later;
    const auto seen = months_seen();
    if (fact.status == Status::present && came > seen) fact.status = Status::absent;
    fact.when = When::at(age_in_months(fact.status == Status::present ? came : seen));
  }

  void treat(std::size_t index, const Course& course) {
    if (batch_.facts[index].status != Status::present) return;
    const auto earliest = std::min(life_.birth_day + 365, life_.last_seen_day - 60);
    const auto start = static_cast<std::int32_t>(dice_.between(earliest, life_.last_seen_day - 30));
    const auto stop = start + 1 + static_cast<std::int32_t>(dice_.waiting(course.median_months) * month_days);
    const bool stopped = dice_.chance(course.stopped) && stop <= life_.last_seen_day;
    const Code reason = dice_.pick(course.reasons).code;
    const Code code = batch_.facts[index].code;
    batch_.facts[index].when = day(start);
    if (stopped) batch_.facts[index].qualifiers.push_back({{std::string(concepts::termination_reason), "reason for stopping"}, reason});
    Fact& end = append(Kind::feature, {std::string(concepts::treatment_stopped), "treatment stopped"}, SourceKind::participant);
    end.part_of = FactId{-(static_cast<std::int64_t>(index) + 1)};
    end.status = stopped ? Status::present : Status::absent;
    end.when = day(stopped ? stop : life_.last_seen_day);
    end.qualifiers.push_back({{std::string(concepts::stopped_treatment), "treatment"}, code});
    if (stopped) end.value = reason;
  }

  /// Complete or partial, what was given with it, and bone that comes back sooner where some was left.
  void operate() {
    const auto index = find(Kind::procedure, model_.operation.code);
    if (index >= batch_.facts.size() || batch_.facts[index].status != Status::present) return;
    const bool partial = dice_.chance(model_.operation.partial);
    auto& operation = batch_.facts[index];
    operation.qualifiers = {{{std::string(concepts::completeness), "completeness"},
                             partial ? Code{"skerry:partial-excision", "partial"} : Code{"skerry:complete-excision", "complete"}},
                            {{std::string(concepts::adjuvant), "given with it"}, dice_.pick(model_.operation.adjuvants).code}};
    if (!partial) return;
    const auto regrown = find(Kind::feature, {std::string(concepts::regrowth), {}});
    const auto* operated = std::get_if<PartialDate>(&operation.when.first);
    if (regrown >= batch_.facts.size() || operated == nullptr) return;
    auto& regrowth = batch_.facts[regrown];
    const auto from = days_of(*operated).first;
    const auto again = from + 1 +
                       static_cast<std::int32_t>(
                           dice_.waiting(model_.operation.regrowth_median_months / model_.operation.partial_regrows_faster) * month_days);
    const auto* told = std::get_if<PartialDate>(&regrowth.when.first);
    if (told == nullptr || again >= days_of(*told).first) return;
    regrowth.status = Status::present;
    regrowth.when = day(again);
  }

  [[nodiscard]] bool from_father() const {
    return std::ranges::any_of(batch_.facts, [](const Fact& fact) {
      const auto* variant = std::get_if<Variant>(&fact.value);
      return variant != nullptr && variant->origin.id == "skerry:paternal";
    });
  }

  void measure(const Repeated& repeated) {
    if (!dice_.chance(repeated.recorded)) return;
    const double own = repeated.between_people * dice_.normal() + (from_father() ? repeated.paternal : 0);
    const auto visits = dice_.between(repeated.visits_low, repeated.visits_high);
    auto months = months_seen();
    for (std::int64_t visit = 0; visit < visits && months >= 12; ++visit) {
      const double years = static_cast<double>(months) / 12;
      double number = repeated.start + repeated.per_year * years + own + repeated.within_person * dice_.normal();
      number = std::clamp(number, repeated.low, repeated.high);
      Fact& fact = append(Kind::measurement, repeated.code, SourceKind::clinician);
      fact.when = When::at(age_in_months(months));
      if (repeated.whole) {
        fact.value = static_cast<std::int64_t>(std::lround(number));
      } else {
        fact.value = Quantity{std::round(number * 10) / 10, {"UCUM:1", "1"}, {}};
      }
      months -= dice_.between(8, 16);
    }
  }

  ledger::Batch& batch_;
  const SyntheticModel& model_;
  const SyntheticLife& life_;
  Dice& dice_;
};

}  // namespace

void add_course(ledger::Batch& batch, const SyntheticModel& model, const SyntheticLife& life, Dice& dice) {
  Years(batch, model, life, dice).add();
}

}  // namespace skerry::exchange

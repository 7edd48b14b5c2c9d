#include "exchange/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "exchange/synthetic_course.hpp"
#include "exchange/synthetic_dice.hpp"
#include "exchange/synthetic_model.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange {
namespace {

constexpr std::int64_t chunk_participants = 500;

Instant instant_of(std::int32_t day) { return {std::int64_t{day} * 86'400, 0}; }

/// Everything about one example participant, fact by fact.
class Participant {
 public:
  Participant(const SyntheticModel& model, Dice& dice, Dice& later) : model_(model), dice_(dice), later_(later) {
    birth_day_ = reference_day - static_cast<std::int32_t>(dice_.between(700, 16'000));
  }

  ledger::Batch make() && {
    add_person();
    add_diagnosis();
    for (const auto& feature : model_.features) add_asked(Kind::feature, feature, {});
    for (const auto& treatment : model_.treatments) add_asked(Kind::treatment, treatment, {});
    add_operation();
    add_variant();
    add_consents();
    add_course(batch_, model_, {birth_day_, last_seen_day_, onset_months_}, later_);
    return std::move(batch_);
  }

 private:
  Fact& add(Kind kind, Code code, SourceKind source) {
    Fact fact;
    fact.kind = kind;
    fact.code = std::move(code);
    fact.source = {source, "demonstration"};
    batch_.facts.push_back(std::move(fact));
    return batch_.facts.back();
  }

  void add_person() {
    const bool female = dice_.chance(model_.female);
    add(Kind::person, {std::string(concepts::sex), "sex"}, SourceKind::participant).value =
        female ? Code{std::string(concepts::female), "female"} : Code{std::string(concepts::male), "male"};
    const auto birth = date_of_day(birth_day_);
    add(Kind::person, {std::string(concepts::birth_year), "year of birth"}, SourceKind::participant).value = std::int64_t{birth.year};
    const auto& country = dice_.pick(model_.countries);
    add(Kind::person, {std::string(concepts::country), "country"}, SourceKind::participant).value = country.code;
    last_seen_day_ = std::max(birth_day_ + 365, reference_day - static_cast<std::int32_t>(dice_.between(0, 900)));
    add(Kind::person, {std::string(concepts::last_encounter), "last encounter"}, SourceKind::clinician).when =
        When::at(date_of_day(last_seen_day_));
    batch_.identity = ledger::Identity{"{\"dateOfBirth\":\"" + to_text(birth) + "\"}"};
  }

  void add_diagnosis() {
    const double months = model_.onset_median_months * std::exp(model_.onset_spread * dice_.normal());
    const auto whole = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::lround(months)), 0, 216);
    add(Kind::diagnosis, model_.diagnosis, SourceKind::clinician).when = When::at(age_in_months(whole));
    onset_months_ = whole;
  }

  void add_asked(Kind kind, const AskedCode& asked, When when) {
    if (!dice_.chance(asked.recorded)) return;
    Fact& fact = add(kind, asked.code, SourceKind::participant);
    fact.status = dice_.chance(asked.present) ? Status::present : Status::absent;
    fact.when = std::move(when);
  }

  void add_operation() {
    const auto& operation = model_.operation;
    if (!dice_.chance(operation.present)) {
      add(Kind::procedure, operation.code, SourceKind::clinician).status = Status::absent;
      return;
    }
    const auto earliest = birth_day_ + 360;
    const auto day = static_cast<std::int32_t>(dice_.between(earliest, std::max(earliest, last_seen_day_ - 30)));
    const auto index = static_cast<std::int64_t>(batch_.facts.size());
    Fact& excision = add(Kind::procedure, operation.code, SourceKind::clinician);
    excision.when = When::at(date_of_day(day));
    excision.where = {dice_.pick(operation.sites).code, dice_.chance(0.5) ? Side::left : Side::right};
    if (!dice_.chance(operation.regrowth_recorded)) return;
    const bool ever = dice_.chance(operation.regrowth_within_horizon);
    const auto regrowth_day = day + static_cast<std::int32_t>(1 + dice_.waiting(operation.regrowth_median_months) * 30.4375);
    const bool seen = ever && regrowth_day <= last_seen_day_;
    Fact& regrowth = add(Kind::feature, {std::string(concepts::regrowth), "regrowth after excision"}, SourceKind::clinician);
    regrowth.part_of = FactId{-(index + 1)};
    regrowth.status = seen ? Status::present : Status::absent;
    regrowth.when = When::at(date_of_day(seen ? regrowth_day : std::max(day, last_seen_day_)));
  }

  void add_variant() {
    const auto& model = model_.variant;
    if (!dice_.chance(model.recorded)) return;
    Fact& fact = add(Kind::variant, model.gene, SourceKind::clinician);
    if (!dice_.chance(model.found)) {
      fact.status = Status::absent;
      return;
    }
    Variant variant;
    variant.gene = model.gene;
    variant.expressions = {{"hgvs.c", model.hgvs, ""}, {"hgvs.p", model.hgvs_protein, ""}};
    variant.allelic_state = {"GENO:0000135", "heterozygous"};
    variant.acmg = "PATHOGENIC";
    variant.interpretation = "CAUSATIVE";
    variant.origin = dice_.chance(model.paternal) ? Code{"skerry:paternal", "paternal"} : Code{"skerry:unknown-origin", "origin not known"};
    fact.value = std::move(variant);
  }

  void decide(Purpose purpose, Decision decision, std::int32_t day) {
    const bool child = reference_day - birth_day_ < 18 * 365;
    ConsentRecord record;
    record.purpose = purpose;
    record.decision = decision;
    record.basis = child ? Basis::guardian_consent : Basis::consent;
    record.text_version = "poh-consent-1.0/en";
    record.given_by = child ? "guardian" : "participant";
    record.decided_at = instant_of(day);
    batch_.consents.push_back(std::move(record));
  }

  void add_consents() {
    const auto day = last_seen_day_;
    decide(Purpose::own_care, Decision::granted, day);
    for (const auto& [purpose, probability] : model_.consents) {
      if (dice_.chance(probability)) decide(purpose, Decision::granted, day);
    }
    if (dice_.chance(model_.withdrawn)) {
      for (const auto& [purpose, probability] : model_.consents) decide(purpose, Decision::withdrawn, day + 30);
    }
  }

  const SyntheticModel& model_;
  Dice& dice_;
  Dice& later_;
  std::int32_t birth_day_ = 0;
  std::int32_t last_seen_day_ = 0;
  std::int64_t onset_months_ = 0;
  ledger::Batch batch_;
};

/// The example experiences go to the first participants, one each, so that the count is a count of people.
void add_experience(ledger::Batch& batch, const ExperienceText& experience) {
  Fact fact;
  fact.kind = Kind::experience;
  fact.code = {std::string(concepts::question_prefix) + experience.question, ""};
  fact.value = Text{experience.text};
  fact.source = {SourceKind::participant, "demonstration"};
  fact.qualifiers = {{{"skerry:language", "language"}, Text{experience.language}},
                     {{"skerry:moderation", "moderation"}, Code{"skerry:approved", "approved"}}};
  batch.facts.push_back(std::move(fact));
  ConsentRecord record;
  record.purpose = Purpose::story_publication;
  record.text_version = "poh-consent-1.0/" + experience.language;
  record.given_by = "participant";
  record.decided_at = instant_of(reference_day);
  batch.consents.push_back(std::move(record));
}

}  // namespace

Result<SyntheticReport> generate_participants(ledger::Ledger& ledger, const std::filesystem::path& pack_folder,
                                              const SyntheticOptions& options) {
  if (options.participants < 1 || options.participants > 10'000'000) {
    return fail(ErrorCode::out_of_range, "expected 1 to 10,000,000 participants");
  }
  const auto model = read_synthetic_model(pack_folder);
  if (!model) return fail(model.error());
  Dice dice(options.seed);
  Dice later(~options.seed);
  SyntheticReport report;
  while (report.participants < options.participants) {
    std::vector<ledger::Batch> batches;
    const auto count = std::min(chunk_participants, options.participants - report.participants);
    for (std::int64_t i = 0; i < count; ++i) {
      batches.push_back(Participant(*model, dice, later).make());
      const auto number = static_cast<std::size_t>(report.participants + i);
      if (number < model->experiences.size()) add_experience(batches.back(), model->experiences[number]);
      report.facts += static_cast<std::int64_t>(batches.back().facts.size());
    }
    const auto receipts = ledger.append(options.actor, batches);
    if (!receipts) return fail(receipts.error());
    report.participants += count;
    if (options.progress) options.progress(report.participants);
  }
  return report;
}

}  // namespace skerry::exchange

#include "big_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "fact/concepts.hpp"

namespace skerry::bench {
namespace {

/// SplitMix64 (Steele, Lea and Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  std::int32_t between(std::int32_t low, std::int32_t high) { return low + static_cast<std::int32_t>(unit() * (high - low + 1)); }

 private:
  std::uint64_t state_;
};

constexpr std::int32_t today = 20'454;  // 2026-01-01
constexpr std::array<std::string_view, 30> country_codes{"DE", "FR", "IT", "ES", "GB", "US", "NL", "BE", "PL", "SE",
                                                         "NO", "DK", "FI", "IE", "PT", "AT", "CH", "CZ", "GR", "HU",
                                                         "RO", "BG", "CA", "AU", "NZ", "JP", "BR", "MX", "IN", "ZA"};

Purpose asked_for(int i) { return i == 0 ? Purpose::registry_research : Purpose::public_figures; }

}  // namespace

const std::vector<std::string>& BigRegistry::units() {
  static const std::vector<std::string> all{"UCUM:mm", "UCUM:kg", "UCUM:mg/dL", "UCUM:pg/mL"};
  return all;
}

BigRegistry::BigRegistry(std::uint64_t seed, double facts_a_participant) : seed_(seed) {
  add("", -1);
  for (const auto code :
       {concepts::sex, concepts::female, concepts::male, concepts::birth_year, concepts::last_encounter, concepts::country}) {
    add(std::string(code), -1);
  }
  for (const auto code : country_codes) add(fmt::format("ISO3166:{}", code), -1);
  const double rest = std::max(1.0, facts_a_participant - 5);
  plant(Kind::diagnosis, "MONDO", {6, 5}, rest * 0.03);
  plant(Kind::procedure, "SNOMED", {5, 4, 3}, rest * 0.12);
  plant(Kind::treatment, "ATC", {6, 4, 4}, rest * 0.15);
  plant(Kind::measurement, "LOINC", {5, 8}, rest * 0.2);
  plant(Kind::feature, "HP", {12, 10, 14}, rest * 0.5);
}

std::uint16_t BigRegistry::add(std::string code, std::int32_t parent) {
  const auto number = static_cast<std::int32_t>(concepts_.size());
  concepts_.push_back({std::move(code), parent, number});
  return static_cast<std::uint16_t>(number);
}

void BigRegistry::grow(const std::string& prefix, std::int32_t parent, const std::vector<int>& fans, std::size_t depth, int& number,
                       Tree& tree) {
  const auto here = add(fmt::format("{}:{:07}", prefix, number++), parent);
  if (depth == fans.size()) {
    tree.leaves.push_back(here);
    return;
  }
  for (int i = 0; i < fans[depth]; ++i) grow(prefix, here, fans, depth + 1, number, tree);
  concepts_[here].last = static_cast<std::int32_t>(concepts_.size()) - 1;
}

void BigRegistry::plant(Kind kind, const std::string& prefix, const std::vector<int>& fans, double a_participant) {
  Tree tree{kind, static_cast<std::uint16_t>(concepts_.size()), 0, a_participant, {}};
  int number = 1;
  grow(prefix, -1, fans, 0, number, tree);
  tree.last = static_cast<std::uint16_t>(concepts_.size() - 1);
  // Which concepts are frequent has nothing to do with where they stand in the tree.
  Dice dice(977);
  for (std::size_t i = tree.leaves.size(); i > 1; --i) {
    std::swap(tree.leaves[i - 1], tree.leaves[static_cast<std::size_t>(dice.between(0, static_cast<std::int32_t>(i) - 1))]);
  }
  trees_.push_back(std::move(tree));
}

vocabulary::Vocabulary BigRegistry::vocabulary() const {
  std::vector<vocabulary::Term> terms;
  for (std::size_t i = 1; i < concepts_.size(); ++i) {
    const auto& one = concepts_[i];
    vocabulary::Term term;
    term.id = term.label = one.code;
    if (one.parent >= 0) term.parents.push_back(concepts_[static_cast<std::size_t>(one.parent)].code);
    terms.push_back(std::move(term));
  }
  auto made = vocabulary::Vocabulary::from_terms(std::move(terms), "made up");
  return made ? *made : vocabulary::Vocabulary{};
}

std::uint16_t BigRegistry::number_of(std::string_view code) const {
  const auto found = std::ranges::find(concepts_, code, &Concept::code);
  return found == concepts_.end() ? std::uint16_t{0} : static_cast<std::uint16_t>(found - concepts_.begin());
}

void BigRegistry::rows_of(std::uint32_t participant, std::vector<Row>& out) const {
  out.clear();
  Dice dice(seed_ * 0x9e3779b97f4a7c15u + participant);
  Row row;
  row.participant = participant;
  row.kind = Kind::person;
  row.source = SourceKind::participant;
  const auto born = dice.between(-7'300, today - 700);
  row.concept_number = sex;
  row.value_concept = dice.unit() < 0.55 ? female : male;
  out.push_back(row);
  row.concept_number = country;
  const double u = dice.unit();
  row.value_concept = static_cast<std::uint16_t>(first_country + static_cast<int>(u * u * country_codes.size()));
  out.push_back(row);
  row.value_concept = none;
  row.concept_number = birth_year;
  row.has_number = true;
  row.number = 1970 + std::floor(born / 365.2425);
  out.push_back(row);
  row.has_number = false;
  row.number = 0;
  row.source = SourceKind::clinician;
  row.concept_number = last_encounter;
  row.first_day = row.last_day = today - dice.between(0, 900);
  const auto seen = row.first_day;
  out.push_back(row);
  for (const auto& tree : trees_) {
    row.kind = tree.kind;
    const auto count = tree.kind == Kind::diagnosis ? 1 : static_cast<int>(tree.a_participant * 2 * dice.unit() + 0.5);
    for (int i = 0; i < count; ++i) {
      const double at = dice.unit();
      row.concept_number = tree.leaves[static_cast<std::size_t>(at * at * static_cast<double>(tree.leaves.size()))];
      row.status = tree.kind == Kind::feature && dice.unit() < 0.15 ? Status::absent : Status::present;
      row.first_day = row.last_day = dice.between(born, std::max(born, seen));
      const double told = dice.unit();
      if (tree.kind == Kind::feature && told < 0.05) row.first_day = row.last_day = Row::no_day;
      if (tree.kind == Kind::feature && told >= 0.05 && told < 0.12) {  // a month
        auto date = date_of_day(row.first_day);
        date.day = 0;
        const auto days = days_of(date);
        row.first_day = days.first;
        row.last_day = days.last;
      }
      row.has_number = tree.kind == Kind::measurement;
      if (row.has_number) {
        row.unit = static_cast<std::uint8_t>(row.concept_number % units().size());
        row.number = std::round(10 * (20 + 200 * dice.unit())) / 10;
      }
      row.source = dice.unit() < 0.5 ? SourceKind::clinician : SourceKind::participant;
      out.push_back(row);
    }
    row.has_number = false;
  }
}

Fact BigRegistry::fact_of(const Row& row) const {
  Fact fact;
  fact.kind = row.kind;
  fact.code.id = concepts_[row.concept_number].code;
  fact.status = row.status;
  fact.source.kind = row.source;
  if (row.value_concept != none) fact.value = Code{concepts_[row.value_concept].code, ""};
  if (row.has_number && row.concept_number == birth_year) {
    fact.value = static_cast<std::int64_t>(row.number);
  } else if (row.has_number) {
    fact.value = Quantity{row.number, {units()[row.unit], ""}, {}};
  }
  if (row.first_day != Row::no_day) {
    auto date = date_of_day(row.first_day);
    if (row.last_day != row.first_day) date.day = 0;
    fact.when = When::at(date);
  }
  return fact;
}

ledger::Batch BigRegistry::batch_of(const std::vector<Row>& rows) const {
  ledger::Batch batch;
  batch.facts.reserve(rows.size());
  for (const auto& row : rows) batch.facts.push_back(fact_of(row));
  for (int i = 0; i < 2; ++i) {
    ConsentRecord record;
    record.purpose = asked_for(i);
    record.text_version = "made-up/en";
    record.given_by = "participant";
    record.decided_at = {std::int64_t{today} * 86'400, 0};
    batch.consents.push_back(std::move(record));
  }
  return batch;
}

}  // namespace skerry::bench

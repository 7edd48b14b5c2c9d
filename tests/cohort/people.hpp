// Facts by hand, for tests of cohorts and statistics.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cohort/select.hpp"
#include "fact/concepts.hpp"

namespace skerry::cohort {

/// Facts of participants 1, 2, ...: `person()` begins the next.
class People {
 public:
  People& person() {
    ++participant_;
    return *this;
  }
  Fact& add(Kind kind, std::string code, Status status = Status::present, Value value = {}, When when = {}) {
    Fact fact;
    fact.id = {static_cast<std::int64_t>(facts_.size()) + 1};
    fact.participant = {participant_};
    fact.kind = kind;
    fact.code.id = std::move(code);
    fact.status = status;
    fact.value = std::move(value);
    fact.when = std::move(when);
    facts_.push_back(std::move(fact));
    return facts_.back();
  }
  People& feature(std::string code, Status status = Status::present, When when = {}) {
    add(Kind::feature, std::move(code), status, {}, std::move(when));
    return *this;
  }
  People& sex(std::string_view sex) {
    add(Kind::person, std::string(concepts::sex), Status::present, Code{std::string(sex), ""});
    return *this;
  }
  [[nodiscard]] const std::vector<Fact>& facts() const { return facts_; }

 private:
  std::int64_t participant_ = 0;
  std::vector<Fact> facts_;
};

inline When day(std::string_view date) { return When::at(*parse_partial_date(date)); }
inline When age(std::string_view age) { return When::at(*parse_age(age)); }

/// A -> B -> C by is-a (A below B below C), old-B replaced by B, alt-B an alternative id of it, and sites arm -> limb.
inline vocabulary::Vocabulary letters() {
  using vocabulary::Term;
  std::vector<Term> terms{{"X:C", "C", {}, {}, {}, false, ""},       {"X:B", "B", {}, {"X:C"}, {"X:alt-B"}, false, ""},
                          {"X:A", "A", {}, {"X:B"}, {}, false, ""},  {"X:old-B", "old B", {}, {}, {}, true, "X:B"},
                          {"X:limb", "limb", {}, {}, {}, false, ""}, {"X:arm", "arm", {}, {"X:limb"}, {}, false, ""}};
  return *vocabulary::Vocabulary::from_terms(std::move(terms), "letters 1");
}

inline Study study_of(const std::string& cohort, const std::string& rest = R"("statistic":{"type":"count"})") {
  const auto text = R"({"id":"x/y","title":{"en":"t"},"cohort":)" + cohort + "," + rest + "}";
  auto study = parse_study(text, "study");
  if (!study) throw std::logic_error(study.error().text());
  return *study;
}

}  // namespace skerry::cohort

// One pass over facts that collects what cannot be right. Private to the room.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cohort/quality.hpp"
#include "fact/span.hpp"

namespace skerry::cohort {

/// Feed it facts in order of participant. Codes are numbered as they come, by their live term.
class QualityScan {
 public:
  QualityScan(const vocabulary::Vocabulary& vocabulary, std::span<const pack::QualityRule> rules);
  void add(const Fact& fact);
  [[nodiscard]] QualityReport finish();

 private:
  using People = std::set<ParticipantId>;
  static constexpr std::size_t everyone = std::numeric_limits<std::size_t>::max();
  struct Statement {
    std::vector<Span> present, absent;
    std::size_t source = 0;
  };
  struct Counts {
    std::int64_t people = 0;
    std::map<std::size_t, People> present, excluded;
  };

  std::size_t number_of(const Code& code);
  std::size_t source_number(const std::string& reference);
  void dates(const Fact& fact);
  void end();
  void count_groups();
  void blanket(std::vector<QualityFinding>& findings);
  bool is_a(std::size_t below, std::size_t above);
  bool related(std::size_t excluded, std::size_t present);
  static bool clash(const std::vector<Span>& present, const std::vector<Span>& absent);

  const vocabulary::Vocabulary& vocabulary_;
  std::span<const pack::QualityRule> rules_;
  std::vector<Code> codes_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::string> sources_;
  std::map<std::pair<std::size_t, std::size_t>, bool> is_a_;

  // of the participant at hand:
  ParticipantId current_;
  std::map<std::size_t, Statement> statements_;
  std::set<std::size_t> diagnoses_;
  std::vector<std::pair<std::size_t, Span>> dated_;
  Span birth_;

  // of all:
  std::int64_t people_ = 0, facts_ = 0;
  std::map<std::size_t, People> both_, early_, late_;
  std::map<std::pair<std::size_t, std::size_t>, People> ancestors_;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, People> by_rule_;
  std::map<std::pair<std::size_t, std::size_t>, Counts> groups_;  ///< by source and diagnosis
};

}  // namespace skerry::cohort

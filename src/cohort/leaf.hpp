// The leaves of one study: each distinct question about facts once, and what it means in one segment's streams.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cohort/study.hpp"
#include "cohort/timing.hpp"
#include "index/reading.hpp"
#include "vocabulary/units.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cohort {

using LeafId = std::uint32_t;
inline constexpr LeafId no_leaf = UINT32_MAX;

/// A leaf and what it is used for.
struct Leaf {
  Condition condition;     ///< without its name
  bool any_place = false;  ///< an absence told with a body site counts although the leaf asks for none
  bool numbers = false;    ///< only facts with a number that converts to `unit`
  std::string unit;
  std::vector<LeafId> others;  ///< of condition.time; no_leaf: the study's index event
  [[nodiscard]] Status role() const noexcept { return condition.asked == Asked::absent ? Status::absent : Status::present; }
  /// Nothing but a code, kind and status is asked for.
  [[nodiscard]] bool plain() const noexcept;
};

/// Leaves in the order they were first asked for.
class Leaves {
 public:
  struct Use {
    bool any_place = false, numbers = false;
    std::string unit;
  };
  LeafId add(const Condition& leaf) { return add(leaf, Use{}); }
  LeafId add(const Condition& leaf, const Use& use);
  [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }
  [[nodiscard]] const Leaf& operator[](LeafId id) const noexcept { return leaves_.data()[id]; }

 private:
  std::vector<Leaf> leaves_;
  std::unordered_map<std::string, std::vector<LeafId>> by_code_;
};

/// A condition with its leaves numbered.
struct ConditionNode {
  Condition::Form form = Condition::Form::everyone;
  Asked asked = Asked::present;
  LeafId leaf = no_leaf;
  std::vector<ConditionNode> parts;
};
[[nodiscard]] ConditionNode compile(const Condition& condition, Leaves& leaves);

/// Numbers of one segment's dictionary, sorted.
using Terms = std::vector<index::Term>;

/// What the codes of a vocabulary are in one segment. Remembers what it looked up; not thread-safe.
class SegmentTerms {
 public:
  SegmentTerms(const index::SegmentReading& segment, const vocabulary::Vocabulary& vocabulary)
      : segment_(segment), vocabulary_(vocabulary) {}
  [[nodiscard]] const Terms& same(const std::string& code) { return look_up(same_, code, &SegmentTerms::find_same); }
  [[nodiscard]] const Terms& below(const std::string& code) { return look_up(below_, code, &SegmentTerms::find_below); }  ///< with itself
  [[nodiscard]] const Terms& above(const std::string& code) { return look_up(above_, code, &SegmentTerms::find_above); }  ///< with itself

 private:
  using Known = std::unordered_map<std::string, Terms>;
  const Terms& look_up(Known& known, const std::string& code, Terms (SegmentTerms::*find)(const std::string&) const);
  [[nodiscard]] Terms find_same(const std::string& code) const;
  [[nodiscard]] Terms find_below(const std::string& code) const;
  [[nodiscard]] Terms find_above(const std::string& code) const;
  [[nodiscard]] Terms terms_of(const std::vector<std::string>& codes) const;

  const index::SegmentReading& segment_;
  const vocabulary::Vocabulary& vocabulary_;
  Known same_, below_, above_;
};

/// A comparison with its codes and units looked up.
struct ValueTest {
  Comparison::Relation relation = Comparison::Relation::equal;
  double number = 0;
  std::string unit;
  const Terms* codes = nullptr;
};

struct QualifierPlan {
  const Terms* roles = nullptr;
  std::vector<ValueTest> value;
};

/// One leaf in one segment.
struct LeafPlan {
  const Leaf* leaf = nullptr;
  std::vector<index::StreamId> present, absent;
  std::vector<ValueTest> value;
  std::vector<QualifierPlan> qualifiers;
  const Terms* site_below = nullptr;
  const Terms* site_above = nullptr;
  const Terms* sources = nullptr;
  Window window;
  std::uint64_t rows = 0;          ///< of these streams, an upper limit
  bool absent_with_place = false;  ///< some absence has a body site or a side
};
[[nodiscard]] LeafPlan plan_of(const Leaf& leaf, const index::SegmentReading& segment, SegmentTerms& terms);

}  // namespace skerry::cohort

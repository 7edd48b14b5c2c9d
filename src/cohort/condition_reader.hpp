// Reads conditions, named sub-cohorts, items and groups.
#pragma once

#include <map>

#include "cohort/field_reader.hpp"
#include "cohort/study.hpp"

namespace skerry::cohort {

class ConditionReader : public FieldReader {
 public:
  static constexpr int depth_max = 16;
  static constexpr std::size_t leaves_max = 10'000;

  using FieldReader::FieldReader;

  /// The named sub-cohorts; each is read whether it is used or not. `lets` must outlive the reader.
  void read_lets(const pack::Node& lets);

  Condition condition(const pack::Node& node, int depth = 0);
  /// One with a code and without status. `name` says in a message what it is for: "The event".
  Condition fact(const pack::Node& node, std::string_view name, int depth = 0);
  Item item(const pack::Node& node);
  /// One item or a list of them, with ids that differ.
  std::vector<Item> items(const pack::Node& node);
  Grouping grouping(const pack::Node& node);

  /// Where a condition first spoke of the study's index event.
  [[nodiscard]] const pack::Node* index_spoken_of() const noexcept { return index_spoken_of_; }

 private:
  Condition condition_part(const pack::Node& node, int depth);
  Condition named(const pack::Node& node, int depth);
  bool resolve(const pack::Node& at, const std::string& name);
  void parts(const pack::Node& node, Condition& out, int depth);
  void nobody(const pack::Node& node, const Condition& condition);
  bool count_leaves(const pack::Node& at, std::size_t more);

  Condition leaf(const pack::Node& node, int depth);
  void leaf_said(const pack::Node& node, Condition& out);
  void leaf_source(const pack::Node& node, Condition& out);
  void leaf_time(const pack::Node& node, Condition& out, int depth);
  void leaf_times(const pack::Node& node, Condition& out);
  std::vector<Comparison> comparisons(const pack::Node& node, std::initializer_list<std::string_view> beside = {});
  void possible(const pack::Node& node, const std::vector<Comparison>& comparisons);
  QualifierTest qualifier(const pack::Node& node);
  TimeRelation time_relation(const pack::Node& node, int depth);

  Item value_group(const pack::Node& grouping, const pack::Node& entry, bool is_origin);
  void unique(const pack::Node& node, const std::vector<Item>& items);

  struct Let {
    const pack::Node* node = nullptr;
    enum class State : std::uint8_t { unread, reading, read } state = State::unread;
    Condition condition;
    std::size_t leaves = 0;
  };
  std::map<std::string, Let, std::less<>> lets_;
  std::size_t leaves_ = 0;
  const pack::Node* index_spoken_of_ = nullptr;
};

/// Whether it asks how a fact lies to the study's index event.
[[nodiscard]] bool speaks_of_index(const Condition& condition);
/// Leaves, and how deep they are nested (a leaf alone: 0).
[[nodiscard]] std::size_t leaves_of(const Condition& condition);
[[nodiscard]] int depth_of(const Condition& condition);

}  // namespace skerry::cohort

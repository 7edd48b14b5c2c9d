// Facts into streams of rows. Private to the room.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "fact/fact.hpp"
#include "index/reading.hpp"
#include "index/segment.hpp"

namespace skerry::index {

/// Takes people in ascending order, each with their current facts; one thread. Makes the same segment of the same facts, always.
class Builder {
 public:
  /// Someone who may have no facts.
  void add_person(ParticipantId participant);
  /// A fact of the person added last, or of a later one.
  void add(const Fact& fact);
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::shared_ptr<const Segment> finish();

 private:
  struct Waiting {
    Row row;
    std::size_t stream = 0;
    FactId id, part_of, supersedes;
  };
  using Key = std::tuple<Term, Kind, Status>;
  struct HashOfText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  Term term(std::string_view curie);
  std::size_t stream(const Key& key);
  void set_when(Row& row, const When& when) const;
  void set_value(Row& row, const Value& value);
  void set_qualifiers(Row& row, const std::vector<Qualifier>& qualifiers);
  void number_parts();
  void flush_person();

  SegmentContent content_;
  std::unordered_map<std::string, Term, HashOfText, std::equal_to<>> terms_;
  std::map<Key, std::size_t> streams_;
  std::vector<Waiting> waiting_;  ///< the facts of the person added last
  std::uint64_t rows_ = 0;
};

}  // namespace skerry::index

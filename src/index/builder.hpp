// Facts into a segment. Private to the room.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "fact/fact.hpp"
#include "index/block.hpp"
#include "index/segment.hpp"

namespace skerry::index {

/// Takes people in ascending order, each with their current facts; one thread. Makes the same bytes of the same facts, always. Rows are
/// encoded a block at a time, so that it holds little more than what it makes.
class Builder {
 public:
  Builder() = default;
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  /// Someone who may have no facts.
  void add_person(ParticipantId participant);
  /// A fact of the person added last, or of a later one.
  void add(const Fact& fact);
  [[nodiscard]] std::size_t people() const noexcept { return content_.people.size(); }
  /// Errors: too_large.
  [[nodiscard]] Result<std::string> finish(const Stamp& stamp);

 private:
  struct Waiting {
    Row row;
    std::uint32_t stream = 0;
    FactId id, part_of, supersedes;
    std::vector<QualifierRow> qualifiers;
  };
  /// The rows of a stream that do not fill a block yet.
  struct Open {
    std::vector<Row> rows;
    std::vector<QualifierRow> qualifiers;
  };
  struct Key {
    Term concept_term;
    Kind kind;
    Status status;
    auto operator<=>(const Key&) const = default;
  };
  struct HashOfKey {
    std::size_t operator()(const Key& key) const noexcept {
      return (std::size_t{key.concept_term} << 16 | static_cast<std::size_t>(key.kind) << 8 | static_cast<std::size_t>(key.status)) *
             0x9e3779b97f4a7c15U;
    }
  };

  Term term(std::string_view curie);
  std::uint32_t stream(const Key& key);
  void set_value(Row& row, const Value& value);
  void set_qualifiers(Waiting& waiting, const std::vector<Qualifier>& qualifiers);
  void number_parts();
  void take(Waiting& waiting, Person person);
  void close_block(std::size_t stream);
  void flush_person();

  SegmentContent content_;  ///< streams in the order they were met
  std::vector<Open> open_;
  std::unordered_map<std::string_view, Term> terms_;
  std::unordered_map<Key, std::uint32_t, HashOfKey> streams_;
  std::vector<Waiting> waiting_;  ///< the facts of the person added last
  bool has_parts_ = false;        ///< one of them
};

}  // namespace skerry::index

// A made-up registry of any size for measurements: the same facts for the ledger and, row by row, for the engine it is measured against.
// Every participant is drawn alone from the seed and its number, so any part can be made anywhere. No real person is behind any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::bench {

/// A concept of one of the trees, numbered so that whatever is below it follows it directly.
struct Concept {
  std::string code;
  std::int32_t parent = -1;
  std::int32_t last = 0;  ///< the last one below it
};

/// A fact as plain numbers. Days count from 1970-01-01; `no_day`: undated.
struct Row {
  std::uint32_t participant = 0;
  std::uint16_t concept_number = 0;
  Kind kind = Kind::feature;
  Status status = Status::present;
  std::int32_t first_day = no_day, last_day = no_day;
  bool has_number = false;
  double number = 0;
  std::uint8_t unit = 0;            ///< into units()
  std::uint16_t value_concept = 0;  ///< 0: none
  SourceKind source = SourceKind::clinician;
  static constexpr std::int32_t no_day = INT32_MIN;
};

class BigRegistry {
 public:
  explicit BigRegistry(std::uint64_t seed = 1, double facts_a_participant = 40);

  [[nodiscard]] const std::vector<Concept>& concepts() const noexcept { return concepts_; }
  [[nodiscard]] static const std::vector<std::string>& units();
  [[nodiscard]] vocabulary::Vocabulary vocabulary() const;
  [[nodiscard]] std::uint16_t number_of(std::string_view code) const;

  /// All facts of participant 1, 2, ...; `out` is emptied first. Thread-safe.
  void rows_of(std::uint32_t participant, std::vector<Row>& out) const;
  [[nodiscard]] Fact fact_of(const Row& row) const;
  /// A participant whose facts may be read for research and for public figures.
  [[nodiscard]] ledger::Batch batch_of(const std::vector<Row>& rows) const;

 private:
  struct Tree {
    Kind kind;
    std::uint16_t first = 0, last = 0;
    double a_participant = 0;
    std::vector<std::uint16_t> leaves;
  };
  std::uint16_t add(std::string code, std::int32_t parent);
  void grow(const std::string& prefix, std::int32_t parent, const std::vector<int>& fans, std::size_t depth, int& number, Tree& tree);
  void plant(Kind kind, const std::string& prefix, const std::vector<int>& fans, double a_participant);

  std::uint64_t seed_;
  std::vector<Concept> concepts_;
  std::vector<Tree> trees_;
};

/// Their numbers in every registry's concepts(): for rows about the person.
enum PersonConcept : std::uint16_t {
  none = 0,
  sex,
  female,
  male,
  birth_year,
  last_encounter,
  country,
  first_country,
  countries_end = first_country + 30
};

}  // namespace skerry::bench

// A fact as a row of table `fact`, and back: the one place that knows which column says what.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fact/fact.hpp"
#include "ledger/sqlite.hpp"
#include "ledger/term_table.hpp"

namespace skerry::ledger {

/// Writes facts inside the writer's transaction. One thread.
class FactWriter {
 public:
  /// `connection` and `terms` must outlive it and stay where they are.
  static Result<FactWriter> prepare(Connection& connection, TermTable& terms);

  /// The fact has its id, participant and references; `sequence` is the write it belongs to.
  Result<void> write(const Fact& fact, std::int64_t sequence);
  /// What to forget when the transaction is rolled back.
  struct Mark {
    std::int64_t terms, contents;
  };
  [[nodiscard]] Mark mark() const noexcept { return {terms_->count(), contents_}; }
  void forget_after(Mark mark);

 private:
  struct Bodies;
  Result<std::int64_t> term(const Code& code);
  Result<std::int64_t> content(std::string_view body);
  Result<void> bind_value(const Value& value);
  void bind_when(const When& when);

  TermTable* terms_ = nullptr;
  Statement insert_, insert_term_, insert_content_;
  std::string body_, when_, qualifiers_;  ///< kept between facts: what is bound must live until the step
  Code source_;
  std::int64_t contents_ = 0;
  struct HashOfHash {
    std::size_t operator()(const std::array<std::uint8_t, 16>& hash) const noexcept;
  };
  std::unordered_map<std::array<std::uint8_t, 16>, std::int64_t, HashOfHash> known_contents_;
};

/// Reads rows whose columns are those of `fact_columns` (fact_columns.hpp), in that order. One thread.
class FactReader {
 public:
  /// `terms` may be nullptr: then every term is looked up in the file (verification trusts no memory).
  static Result<FactReader> prepare(Connection& connection, const TermTable* terms);
  /// Errors: storage_failed when the row cannot be a fact's.
  Result<void> read(const Statement& row, Fact& out);
  /// Whether the columns that are only there to be asked (`derived_columns` follow) say what the fact says.
  Result<bool> derived_agree(const Statement& row, const Fact& fact);

 private:
  Result<void> term(std::int64_t id, Code& out);
  Result<void> content(std::int64_t id);
  Result<void> recorded_at(std::int64_t sequence, Instant& out);
  Result<void> read_value(const Statement& row, Value& out);

  const TermTable* terms_ = nullptr;
  Statement term_, content_, write_;
  std::int64_t last_content_ = 0, last_sequence_ = 0;
  std::string last_body_;
  Instant last_at_;
  Code source_;
};

}  // namespace skerry::ledger

// A fact as a row of table `fact`, and back: the one place that knows which column says what.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "fact/encoding.hpp"
#include "fact/fact.hpp"
#include "ledger/sqlite.hpp"
#include "ledger/term_table.hpp"

namespace skerry::ledger {

struct TextCell {
  std::string_view bytes;
};
struct BlobCell {
  std::string_view bytes;
};

/// Writes facts inside the writer's transaction. One thread.
class FactWriter {
 public:
  /// `connection` and `terms` must outlive it and stay where they are.
  static Result<FactWriter> prepare(Connection& connection, TermTable& terms);

  /// Keeps the row until there are enough for one statement, or until flush(); the fact must stay where it is until then.
  /// A fact that supersedes another is stored at once: conflict when another one does so already.
  Result<void> write(const Fact& fact, const Entered& entered, std::int64_t sequence);
  /// Stores the rows that wait.
  Result<void> flush();
  /// What to forget when the transaction is rolled back.
  struct Mark {
    std::int64_t terms, contents;
  };
  [[nodiscard]] Mark mark() const noexcept { return {terms_->count(), contents_}; }
  void forget_after(Mark mark);

 private:
  static constexpr std::size_t parameters = 22;
  static constexpr std::size_t rows_a_statement = 8;
  using Cell = std::variant<std::monostate, std::int64_t, double, TextCell, BlobCell>;
  /// One row's values, and the bytes of those that are not in the fact itself.
  struct Row {
    std::array<Cell, parameters> cells;
    std::string body, when, qualifiers;
  };
  /// A statement and which of its parameters are not NULL: most are, and stay so.
  struct Insert {
    Statement statement;
    std::array<std::uint32_t, rows_a_statement> told{};
  };

  Result<std::int64_t> term(const Code& code);
  Result<std::int64_t> source(const std::string& reference);
  Result<std::int64_t> content(std::string_view body);
  Result<void> set_value(Row& row, const Value& value);
  static void set_when(Row& row, const When& when);
  static void bind(Insert& insert, std::size_t at, const Row& row);

  TermTable* terms_ = nullptr;
  Insert one_, many_;
  Statement insert_term_, insert_content_;
  std::array<Row, rows_a_statement> rows_;
  std::size_t waiting_ = 0;
  Code source_;  ///< the last one, for facts come by their source
  std::int64_t source_id_ = 0;
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

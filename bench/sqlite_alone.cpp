#include "sqlite_alone.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace skerry::bench {
namespace {

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Table {
  std::string schema;  ///< of the table and its indexes
  std::size_t columns = 0;
  std::vector<Cell> cells;
  [[nodiscard]] std::size_t rows() const { return columns == 0 ? 0 : cells.size() / columns; }
};

struct CloseFile {
  void operator()(sqlite3* file) const { sqlite3_close_v2(file); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using File = std::unique_ptr<sqlite3, CloseFile>;
using Statement = std::unique_ptr<sqlite3_stmt, EndStatement>;

tl::unexpected<Error> failed(sqlite3* file) { return fail(ErrorCode::storage_failed, sqlite3_errmsg(file)); }

Result<File> open(const std::filesystem::path& path) {
  sqlite3* file = nullptr;
  const int code = sqlite3_open(path.c_str(), &file);
  File out(file);
  if (code != SQLITE_OK) return failed(file);
  return out;
}

Result<Statement> prepare(sqlite3* file, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(file, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return failed(file);
  return Statement(statement);
}

Result<void> run(sqlite3* file, const std::string& sql) {
  if (sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed(file);
  return {};
}

std::string text_of(sqlite3_stmt* row, int column) {
  const void* bytes = sqlite3_column_blob(row, column);
  return bytes == nullptr ? std::string{}
                          : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

Cell cell_of(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(row, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(row, column);
    case SQLITE_NULL: return std::monostate{};
    default: return text_of(row, column);
  }
}

Result<Table> read(const std::filesystem::path& ledger) {
  auto file = open(ledger);
  if (!file) return fail(file.error());
  Table out;
  auto schema =
      prepare(file->get(), "SELECT sql FROM sqlite_schema WHERE tbl_name = 'fact' AND type IN ('table', 'index') ORDER BY type DESC");
  if (!schema) return fail(schema.error());
  while (sqlite3_step(schema->get()) == SQLITE_ROW) out.schema += text_of(schema->get(), 0) + ";";
  auto rows = prepare(file->get(), "SELECT * FROM fact ORDER BY id");
  if (!rows) return fail(rows.error());
  const int columns = sqlite3_column_count(rows->get());
  out.columns = static_cast<std::size_t>(columns);
  while (sqlite3_step(rows->get()) == SQLITE_ROW) {
    for (int column = 0; column < columns; ++column) out.cells.push_back(cell_of(rows->get(), column));
  }
  return out;
}

void bind(sqlite3_stmt* statement, int place, const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(statement, place, *whole);
  if (const auto* real = std::get_if<double>(&cell)) sqlite3_bind_double(statement, place, *real);
  if (std::holds_alternative<std::monostate>(cell)) sqlite3_bind_null(statement, place);
  if (const auto* text = std::get_if<std::string>(&cell)) {
    sqlite3_bind_blob64(statement, place, text->data(), text->size(), SQLITE_STATIC);
  }
}

std::string insert_sql(std::size_t columns, std::size_t rows) {
  std::string row = "(?";
  for (std::size_t i = 1; i < columns; ++i) row += ",?";
  row += ")";
  std::string out = "INSERT INTO fact VALUES " + row;
  for (std::size_t i = 1; i < rows; ++i) out += "," + row;
  return out;
}

Result<double> insert(const Table& table, const std::filesystem::path& path, std::size_t rows_a_statement, std::size_t rows_a_transaction) {
  auto file = open(path);
  if (!file) return fail(file.error());
  auto* db = file->get();
  const auto settings =
      run(db,
          "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192;"
          "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;" +
              table.schema);
  if (!settings) return fail(settings.error());
  auto many = prepare(db, insert_sql(table.columns, rows_a_statement));
  auto one = prepare(db, insert_sql(table.columns, 1));
  if (!many || !one) return failed(db);
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t from = 0; from < table.rows(); from += rows_a_transaction) {
    const auto to = std::min(from + rows_a_transaction, table.rows());
    if (auto begin = run(db, "BEGIN IMMEDIATE"); !begin) return fail(begin.error());
    for (std::size_t row = from; row < to;) {
      const auto rows = to - row >= rows_a_statement ? rows_a_statement : 1;
      auto* statement = rows == 1 ? one->get() : many->get();
      int place = 0;
      for (std::size_t i = row * table.columns; i < (row + rows) * table.columns; ++i) bind(statement, ++place, table.cells[i]);
      if (sqlite3_step(statement) != SQLITE_DONE) return failed(db);
      sqlite3_reset(statement);
      row += rows;
    }
    if (auto commit = run(db, "COMMIT"); !commit) return fail(commit.error());
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace

Result<InsertTimes> insert_alone(const std::filesystem::path& ledger, std::size_t rows_a_transaction) {
  const auto table = read(ledger);
  if (!table) return fail(table.error());
  InsertTimes out;
  out.rows = table->rows();
  for (const auto rows_a_statement : {std::size_t{1}, std::size_t{64}}) {
    const auto path = ledger.parent_path() / ("alone-" + std::to_string(rows_a_statement) + ".sqlite");
    const auto seconds = insert(*table, path, rows_a_statement, rows_a_transaction);
    std::error_code ignored;
    for (const auto* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + ending, ignored);
    if (!seconds) return fail(seconds.error());
    (rows_a_statement == 1 ? out.one_row_seconds : out.many_rows_seconds) = *seconds;
  }
  return out;
}

}  // namespace skerry::bench

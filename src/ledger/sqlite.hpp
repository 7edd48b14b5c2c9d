// A thin owner of SQLite's handles; every code it returns becomes one of the catalogue's errors here and nowhere else.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "ledger/directory.hpp"

namespace skerry::ledger {

/// A connection; one thread at a time.
class Connection {
 public:
  enum class Mode { read_write, read_only };
  /// The file exists; it is never made here.
  static Result<Connection> open(const std::filesystem::path& file, Mode mode);

  /// One or more statements without results.
  Result<void> run(const char* sql);
  /// The first column of the first row; `otherwise` when there is no row.
  Result<std::int64_t> number(const char* sql, std::int64_t otherwise = 0);
  /// SQLite's last error as one of ours. Never quotes values, only SQLite's own words.
  [[nodiscard]] Error error(int code) const;
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
  std::string name_;  ///< the file's name, for errors
};

/// A prepared statement. Values bound as text or blob must outlive the next step.
class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(Connection& connection, std::string_view sql);

  void bind(int at, std::int64_t value) { note(sqlite3_bind_int64(handle_.get(), at, value)); }
  void bind_real(int at, double value) { note(sqlite3_bind_double(handle_.get(), at, value)); }
  void bind_null(int at) { note(sqlite3_bind_null(handle_.get(), at)); }
  void bind_text(int at, std::string_view value);
  void bind_blob(int at, std::string_view value);
  /// 0 is written as NULL.
  void bind_or_null(int at, std::int64_t value) { value == 0 ? bind_null(at) : bind(at, value); }

  /// True when there is a row.
  Result<bool> step();
  /// Runs a statement without rows, and makes it ready for the next values.
  Result<void> run();
  void reset() noexcept { sqlite3_reset(handle_.get()); }

  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  [[nodiscard]] bool null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  /// Text or blob; valid until the next step or reset.
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  void note(int code) noexcept {
    if (code != SQLITE_OK) bound_ = code;
  }
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  Connection* connection_ = nullptr;
  int bound_ = SQLITE_OK;  ///< the first failure to bind since the last step
};

/// Rolls back unless committed. Reading only needs begin(Kind::read).
class Transaction {
 public:
  enum class Kind { read, write };
  static Result<Transaction> begin(Connection& connection, Kind kind);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// SQLite's own check of the whole file: its complaints, none when it is sound.
Result<std::vector<std::string>> integrity_faults(Connection& connection);

}  // namespace skerry::ledger

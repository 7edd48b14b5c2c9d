#include "ledger/sqlite.hpp"

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

namespace skerry::ledger {
namespace {

constexpr int busy_milliseconds_max = 10'000;

bool means_full(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }
bool means_read_only(int number) { return number == EROFS || number == EACCES || number == EPERM; }

/// Why the system refused, also when it refused to write the log: SQLite forgets that number before it returns.
int system_number_of(sqlite3* handle) {
  if (const int number = sqlite3_system_errno(handle); number != 0) return number;
  int number = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
  sqlite3_file* log = nullptr;
  if (number == 0 && sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log != nullptr &&
      log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  }
  return number;
}

/// SQLite counts its memory under a lock that every allocation takes; nobody asks for the count.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

Error system_error(int number, std::string_view what) {
  const auto code = means_full(number)        ? ErrorCode::storage_full
                    : means_read_only(number) ? ErrorCode::storage_read_only
                                              : ErrorCode::storage_failed;
  return {code, std::string(what) + ": " + std::generic_category().message(number), {}};
}

Result<Connection> Connection::open(const std::filesystem::path& file, Mode mode) {
  configure_once();
  Connection out;
  out.name_ = file.filename().string();
  sqlite3* handle = nullptr;
  const int flags = (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  out.handle_.reset(handle);
  if (handle == nullptr) return fail(ErrorCode::storage_failed, out.name_ + ": out of memory");
  sqlite3_extended_result_codes(handle, 1);
  if (code != SQLITE_OK) return fail(out.error(code));
  sqlite3_busy_timeout(handle, busy_milliseconds_max);
  return out;
}

Error Connection::error(int code) const {
  const int system = system_number_of(handle_.get());
  auto what = ErrorCode::storage_failed;
  switch (code & 0xff) {
    case SQLITE_FULL: what = ErrorCode::storage_full; break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: what = ErrorCode::storage_read_only; break;
    case SQLITE_IOERR:
      if (means_full(system)) what = ErrorCode::storage_full;
      if (means_read_only(system)) what = ErrorCode::storage_read_only;
      break;
    case SQLITE_NOTADB: what = ErrorCode::not_a_registry; break;
    case SQLITE_CONSTRAINT: what = ErrorCode::conflict; break;
    case SQLITE_BUSY: what = ErrorCode::in_use; break;
    default: break;
  }
  auto message = std::string(sqlite3_errmsg(handle_.get()));
  if ((code & 0xff) == SQLITE_IOERR) message += " (SQLite " + std::to_string(code) + ", system " + std::to_string(system) + ")";
  return {what, std::move(message), Place{name_, 0, 0, {}}};
}

Result<void> Connection::run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error(sqlite3_extended_errcode(handle_.get())));
  return {};
}

Result<std::int64_t> Connection::number(const char* sql, std::int64_t otherwise) {
  auto statement = Statement::prepare(*this, sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row && !statement->null(0) ? statement->number(0) : otherwise;
}

Result<Statement> Statement::prepare(Connection& connection, std::string_view sql) {
  Statement out;
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return fail(connection.error(code));
  out.handle_.reset(handle);
  out.connection_ = &connection;
  return out;
}

void Statement::bind_text(int at, std::string_view value) {
  note(sqlite3_bind_text64(handle_.get(), at, value.data() == nullptr ? "" : value.data(), value.size(), nullptr, SQLITE_UTF8));
}

void Statement::bind_blob(int at, std::string_view value) {
  note(sqlite3_bind_blob64(handle_.get(), at, value.data() == nullptr ? "" : value.data(), value.size(), nullptr));
}

Result<bool> Statement::step() {
  if (bound_ != SQLITE_OK) return fail(connection_->error(std::exchange(bound_, SQLITE_OK)));
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = connection_->error(code);
  reset();
  return fail(std::move(error));
}

Result<void> Statement::run() {
  const auto row = step();
  reset();
  if (!row) return fail(row.error());
  return {};
}

std::string_view Statement::bytes(int column) const {
  // column_blob gives the bytes of text as they are; column_bytes must follow it.
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr ? std::string_view{} : std::string_view(data, static_cast<std::size_t>(size));
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
  const auto begun = connection.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!begun) return fail(begun.error());
  return Transaction(connection);
}

Result<std::vector<std::string>> integrity_faults(Connection& connection) {
  auto check = Statement::prepare(connection, "PRAGMA integrity_check(100)");
  if (!check) return fail(check.error());
  std::vector<std::string> out;
  while (true) {
    const auto row = check->step();
    if (!row) return fail(row.error());
    if (!*row) return out;
    if (check->bytes(0) != "ok") out.emplace_back(check->bytes(0));
  }
}

Transaction::~Transaction() {
  // A full disk makes SQLite roll back by itself; then there is nothing left to do here.
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_->handle()) == 0) {
    sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Result<void> Transaction::commit() {
  auto done = connection_->run("COMMIT");
  if (done) connection_ = nullptr;
  return done;
}

}  // namespace skerry::ledger

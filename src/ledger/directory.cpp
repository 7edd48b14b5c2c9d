#include "ledger/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "ledger/sqlite.hpp"

namespace skerry::ledger {

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<File> File::open(const std::filesystem::path& path, int flags) {
  File out;
  out.name_ = path.filename().string();
  out.descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (out.descriptor_ < 0) return fail(system_error(errno, out.name_));
  return out;
}

Result<std::size_t> File::read_at(std::int64_t offset, void* to, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::pread(descriptor_, static_cast<char*>(to) + done, size - done, offset + static_cast<std::int64_t>(done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(system_error(errno, name_));
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> File::write_at(std::int64_t offset, const void* from, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const auto put = ::pwrite(descriptor_, static_cast<const char*>(from) + done, size - done, offset + static_cast<std::int64_t>(done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(system_error(errno, name_));
    done += static_cast<std::size_t>(put);
  }
  return {};
}

Result<void> File::flush() const {
  if (::fdatasync(descriptor_) != 0) return fail(system_error(errno, name_));
  return {};
}

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  auto file = File::open(directory / lock_file, O_RDWR | O_CREAT);
  if (!file) return fail(file.error());
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(system_error(errno, lock_file));
    std::array<char, 32> holder{};
    const auto size = file->read_at(0, holder.data(), holder.size());
    std::string_view pid(holder.data(), size ? *size : 0);
    pid = pid.substr(0, pid.find('\n'));
    return fail(ErrorCode::in_use, "process " + (pid.empty() ? "(unknown)" : std::string(pid)) + " is using this data directory");
  }
  const auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file->descriptor(), 0) != 0) return fail(system_error(errno, lock_file));
  if (auto done = file->write_at(0, pid.data(), pid.size()); !done) return fail(done.error());
  DirectoryLock out;
  out.file_ = std::move(*file);
  return out;
}

Result<void> make_database_file(const std::filesystem::path& path) {
  if (auto made = File::open(path, O_RDWR | O_CREAT); !made) return fail(made.error());
  auto connection = Connection::open(path, Connection::Mode::read_write);
  if (!connection) return fail(connection.error());
  return connection->run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;");
}

Result<void> write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code code;
  const auto unfinished = path.parent_path() / (path.filename().string() + ".new");
  {
    const auto file = File::open(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return fail(file.error());
    auto done = file->write_at(0, bytes.data(), bytes.size());
    if (done) done = file->flush();
    if (!done) {
      std::filesystem::remove(unfinished, code);
      return done;
    }
  }
  std::filesystem::rename(unfinished, path, code);
  if (code) return fail(system_error(code.value(), path.filename().string()));
  return flush_folder(path.parent_path());
}

Result<void> flush_folder(const std::filesystem::path& directory) {
  auto folder = File::open(directory, O_RDONLY | O_DIRECTORY);
  if (!folder) return fail(folder.error());
  if (::fsync(folder->descriptor()) != 0) return fail(system_error(errno, directory.filename().string()));
  return {};
}

}  // namespace skerry::ledger

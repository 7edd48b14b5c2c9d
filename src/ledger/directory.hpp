// A registry's folder: its files' names, its lock, and files that are only the owner's to read.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace skerry::ledger {

inline constexpr std::string_view ledger_file = "ledger.sqlite";
inline constexpr std::string_view vault_file = "vault.sqlite";
inline constexpr std::string_view lock_file = "lock";
inline constexpr std::string_view keys_folder = "keys";

/// errno as one of the catalogue's errors; `what` names the file.
[[nodiscard]] Error system_error(int number, std::string_view what);

/// An open file, closed with its owner.
class File {
 public:
  File() = default;
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File();
  /// `flags` as open(2); made with mode 0600. The error names the file, not its folder.
  static Result<File> open(const std::filesystem::path& path, int flags);

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Reads up to `size` bytes; fewer only at the end.
  Result<std::size_t> read_at(std::int64_t offset, void* to, std::size_t size) const;
  Result<void> write_at(std::int64_t offset, const void* from, std::size_t size) const;
  Result<void> flush() const;  ///< to the disk

 private:
  int descriptor_ = -1;
  std::string name_;
};

/// Holds the folder's exclusive lock; ends with its owner or with the process, however that ends.
class DirectoryLock {
 public:
  /// Errors: in_use, naming the holder's process id.
  static Result<DirectoryLock> take(const std::filesystem::path& directory);

 private:
  File file_;
};

/// An empty database of SQLite, mode 0600, write-ahead log on; nothing when it exists.
Result<void> make_database_file(const std::filesystem::path& path);
/// All of the bytes on the disk under that name, or what was there before; mode 0600.
Result<void> write_file(const std::filesystem::path& path, std::string_view bytes);
/// The names in the folder are on the disk.
Result<void> flush_folder(const std::filesystem::path& directory);

}  // namespace skerry::ledger

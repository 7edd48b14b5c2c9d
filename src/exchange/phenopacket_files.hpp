// Which files an import reads, and their bytes: bounded, and never waiting for a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "exchange/phenopacket_warnings.hpp"

namespace skerry::exchange {

struct PacketFile {
  std::filesystem::path path;
  std::string shown;        ///< as the user named it, for errors
  std::string name;         ///< below the folder the user named: tells packets of one id apart
  std::uint64_t bytes = 0;  ///< on the disk
};

struct PacketFiles {
  std::vector<PacketFile> files;  ///< sorted by name below each path given, so that every run has one order
  std::vector<Error> unreadable;  ///< paths and folders that could not be looked into
  std::uint64_t bytes = 0;
};

/// A file given by name is taken whatever its name; in folders those ending in .json or .json.gz.
[[nodiscard]] PacketFiles list_packets(const std::vector<std::filesystem::path>& paths, Warnings& warnings);

/// Reads one file after the other into the same memory. One a thread.
class FileReader {
 public:
  explicit FileReader(std::uint64_t bytes_max);
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  /// The file's JSON, unpacked when it is gzip; good until the next read, with `padding` more readable bytes behind it.
  /// Errors: not_found, wrong_type (a folder, a pipe, a device), too_large, malformed (broken gzip), storage_failed.
  [[nodiscard]] Result<std::string_view> read(const PacketFile& file);
  static constexpr std::size_t padding = 64;

 private:
  Result<std::size_t> fill(int descriptor, const PacketFile& file, std::uint64_t size);
  Result<std::string_view> unpack(std::size_t packed, const PacketFile& file);
  static void grow(std::string& buffer, std::size_t bytes);
  std::uint64_t bytes_max_;
  std::string raw_, unpacked_;
};

}  // namespace skerry::exchange

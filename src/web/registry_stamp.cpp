#include "web/registry_stamp.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/digest.hpp"

namespace skerry::web {
namespace {

std::string description_of(const std::filesystem::path& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  if (missing) return {};
  const auto written = std::filesystem::last_write_time(file, missing);
  if (missing) return {};
  return file.filename().string() + ' ' + std::to_string(size) + ' ' + std::to_string(written.time_since_epoch().count());
}

}  // namespace

std::optional<std::string> registry_stamp(const SiteParts& parts, Instant now) {
  const auto head = parts.ledger.head();
  if (!head) return std::nullopt;
  std::vector<std::string> files{description_of(parts.directory / "reviewers.json")};
  std::error_code none;
  for (std::filesystem::directory_iterator entry(parts.directory / "signatures", none), end; !none && entry != end; entry.increment(none)) {
    files.push_back(description_of(entry->path()));
  }
  std::sort(files.begin(), files.end());
  Hasher hasher;
  hasher.add_number(static_cast<std::uint64_t>(head->sequence)).add(head->chain.bytes).add_number(static_cast<std::uint64_t>(day_of(now)));
  for (const auto& file : files) hasher.add_field(file);
  return to_hex(hasher.finish());
}

}  // namespace skerry::web

#include "cli/registry.hpp"

#include <algorithm>
#include <system_error>

#include "vocabulary/registry.hpp"

namespace skerry::cli {
namespace {

namespace fs = std::filesystem;

Error storage_error(const std::error_code& error, const fs::path& path) {
  const auto code = error == std::errc::no_space_on_device      ? ErrorCode::storage_full
                    : error == std::errc::read_only_file_system ? ErrorCode::storage_read_only
                    : error == std::errc::permission_denied     ? ErrorCode::storage_read_only
                                                                : ErrorCode::storage_failed;
  return {code, error.message(), Place{path.string(), 0, 0, {}}};
}

/// Makes the folder when it is missing. Says whether it did. A folder with something in it is refused.
Result<bool> prepare_folder(const fs::path& directory) {
  std::error_code error;
  const auto status = fs::status(directory, error);
  if (fs::exists(status)) {
    if (!fs::is_directory(status)) return fail(ErrorCode::conflict, "is not a folder", Place{directory.string(), 0, 0, {}});
    if (fs::exists(directory / "skerry.toml")) {
      return fail(ErrorCode::already_exists, "there is already a registry in it", Place{directory.string(), 0, 0, {}});
    }
    const bool empty = fs::is_empty(directory, error);
    if (error) return fail(storage_error(error, directory));
    if (!empty) return fail(ErrorCode::conflict, "is not empty; expected a new or an empty folder", Place{directory.string(), 0, 0, {}});
    return false;
  }
  if (!fs::create_directories(directory, error) || error) return fail(storage_error(error, directory));
  return true;
}

Result<void> place_pack(const std::string& wanted, const fs::path& folder) {
  const auto built_in = pack::built_in_packs();
  if (std::find(built_in.begin(), built_in.end(), wanted) != built_in.end()) return pack::write_built_in_pack(wanted, folder);
  std::error_code error;
  if (!fs::is_directory(wanted, error)) {
    std::string names;
    for (const auto& name : built_in) names += (names.empty() ? "" : ", ") + name;
    return fail(ErrorCode::not_found, "there is no pack \"" + wanted + "\"; expected a folder or one of: " + names);
  }
  if (const auto checked = pack::load_pack(wanted); !checked) return fail(checked.error());
  fs::copy(wanted, folder, fs::copy_options::recursive | fs::copy_options::skip_symlinks, error);
  if (error) return fail(storage_error(error, folder));
  return {};
}

Result<void> fill(const NewRegistry& wanted) {
  if (auto placed = place_pack(wanted.pack, wanted.directory / "pack"); !placed) return placed;
  const auto loaded = pack::load_pack(wanted.directory / "pack");
  if (!loaded) return fail(loaded.error());
  if (const auto made = ledger::Ledger::create(wanted.directory); !made) return fail(made.error());
  Configuration configuration;
  configuration.name = wanted.name.empty() ? pack::text_in(loaded->name, loaded->languages.front()) : wanted.name;
  return write_configuration(wanted.directory / "skerry.toml", configuration);
}

}  // namespace

Result<void> make_registry(const NewRegistry& wanted) {
  const auto made = prepare_folder(wanted.directory);
  if (!made) return fail(made.error());
  auto filled = fill(wanted);
  if (!filled) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(wanted.directory, ignored)) fs::remove_all(entry.path(), ignored);
    if (*made) fs::remove(wanted.directory, ignored);
  }
  return filled;
}

Result<Registry> open_registry(const fs::path& directory) {
  Registry out;
  out.directory = directory;
  auto configuration = read_configuration(directory / "skerry.toml");
  if (!configuration) return fail(configuration.error());
  out.configuration = std::move(*configuration);
  auto ledger = ledger::Ledger::open(directory);
  if (!ledger) return fail(ledger.error());
  out.ledger = std::move(*ledger);
  out.gate = std::make_unique<consent::Gate>(*out.ledger);
  auto loaded = pack::load_pack(out.pack_folder());
  if (!loaded) return fail(loaded.error());
  out.pack = std::move(*loaded);
  auto vocabulary = vocabulary::load_registry(directory, out.pack.vocabulary);
  if (!vocabulary) return fail(vocabulary.error());
  out.vocabulary = std::move(*vocabulary);
  return out;
}

}  // namespace skerry::cli

// One registry's data directory, opened: its settings, ledger, gate, pack and vocabularies.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "cli/configuration.hpp"
#include "consent/view.hpp"
#include "ledger/ledger.hpp"
#include "pack/pack.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::cli {

struct Registry {
  std::filesystem::path directory;
  Configuration configuration;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<consent::Gate> gate;
  pack::Pack pack;
  vocabulary::Vocabulary vocabulary;  ///< the pack's terms and those added to the registry

  [[nodiscard]] std::filesystem::path pack_folder() const { return directory / "pack"; }
};

struct NewRegistry {
  std::filesystem::path directory;  ///< made when missing; must be empty otherwise
  std::string pack = "poh";         ///< a built-in pack's name, or a pack's folder
  std::string name;                 ///< empty: the disease's name
};

/// All or nothing: what was begun is taken away again on failure. Errors: already_exists, conflict (the folder is not empty),
/// not_found (the pack), invalid_pack, and storage errors.
[[nodiscard]] Result<void> make_registry(const NewRegistry& wanted);
/// Errors: not_a_registry, in_use, wrong_version, invalid_pack, and the configuration's.
[[nodiscard]] Result<Registry> open_registry(const std::filesystem::path& directory);

}  // namespace skerry::cli

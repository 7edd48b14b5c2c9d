// The packs that are inside the program (cmake/embed.cmake).
#include <fstream>
#include <set>
#include <span>
#include <string>

#include "base/embedded.hpp"
#include "pack/pack.hpp"

namespace skerry::pack {

std::span<const EmbeddedFile> embedded_packs();

std::vector<std::string> built_in_packs() {
  std::vector<std::string> names;
  constexpr std::string_view manifest = "/pack.json";
  for (const auto& file : embedded_packs()) {
    if (!file.path.ends_with(manifest)) continue;
    const auto name = file.path.substr(0, file.path.size() - manifest.size());
    if (name.find('/') == std::string_view::npos) names.emplace_back(name);
  }
  return names;
}

Result<void> write_built_in_pack(std::string_view name, const std::filesystem::path& folder) {
  const std::string prefix = std::string(name) + "/";
  std::error_code error;
  if (find_embedded(embedded_packs(), prefix + "pack.json") == nullptr) {
    return fail(ErrorCode::not_found, "there is no built-in pack \"" + std::string(name) + "\"");
  }
  if (std::filesystem::exists(folder, error))
    return fail(ErrorCode::already_exists, "the folder exists already", {folder.string(), 0, 0, {}});
  for (const auto& file : embedded_packs()) {
    if (!file.path.starts_with(prefix)) continue;
    const auto target = folder / file.path.substr(prefix.size());
    std::filesystem::create_directories(target.parent_path(), error);
    std::ofstream out(target, std::ios::binary);
    out.write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
    out.close();
    if (error || !out) return fail(ErrorCode::storage_failed, "the pack's file could not be written", {target.string(), 0, 0, {}});
  }
  return {};
}

}  // namespace skerry::pack

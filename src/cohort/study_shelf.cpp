#include "cohort/study_shelf.hpp"

#include <algorithm>
#include <system_error>

#include "base/durable_file.hpp"
#include "pack/json_document.hpp"

namespace skerry::cohort {
namespace fs = std::filesystem;
namespace {

/// "regrowth-of-the-elbow": what may stand in a file's name.
bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 && name.front() != '-' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool valid_id(std::string_view id) { return id.starts_with(saved_prefix) && valid_name(id.substr(saved_prefix.size())); }

tl::unexpected<Error> no_such(std::string_view id) {
  return fail(ErrorCode::not_found, "there is no saved study \"" + std::string(id) + "\"");
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return fail(ErrorCode::storage_failed, "the folder cannot be made: " + code.message(), Place{folder.string(), 0, 0, {}});
  return {};
}

/// Where the id stands, for a message.
Place place_of_id(std::string_view text, std::string_view file) {
  const auto root = pack::parse_json(text, file);
  const auto* id = root ? root->find("id") : nullptr;
  return id != nullptr ? id->place(file) : Place{std::string(file), 0, 0, "/id"};
}

}  // namespace

fs::path StudyShelf::file_of(std::string_view id) const { return directory_ / (std::string(id.substr(saved_prefix.size())) + ".json"); }

Result<std::vector<SavedStudy>> StudyShelf::all() const {
  std::vector<SavedStudy> out;
  std::error_code code;
  if (!fs::exists(directory_, code)) return out;
  fs::directory_iterator entries(directory_, code);
  if (code) return fail(ErrorCode::storage_failed, "the folder cannot be read: " + code.message(), Place{directory_.string(), 0, 0, {}});
  for (const auto& entry : entries) {
    const auto name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || !valid_name(name)) continue;
    auto found = find(std::string(saved_prefix) + name);
    if (found) out.push_back(std::move(*found));
  }
  std::ranges::sort(out, {}, &SavedStudy::id);
  return out;
}

Result<SavedStudy> StudyShelf::find(std::string_view id) const {
  if (!valid_id(id)) return no_such(id);
  const auto file = file_of(id);
  std::error_code code;
  if (!fs::is_regular_file(file, code)) return no_such(id);
  auto text = pack::read_text_file(file.string(), study_bytes_max);
  if (!text) return fail(text.error());
  return SavedStudy{std::string(id), file.string(), std::move(*text)};
}

Result<Study> StudyShelf::save(std::string_view text, const std::optional<Digest>& replaces) {
  if (text.size() > study_bytes_max) {
    return fail(ErrorCode::too_large, "a study has at most " + std::to_string(study_bytes_max / 1024) + " KiB of text");
  }
  constexpr std::string_view name = "study";
  auto study = parse_study(text, name);
  if (!study) return study;
  if (!valid_id(study->id)) {
    return fail(ErrorCode::invalid_study,
                "A study that is saved here has the id registry/NAME, NAME being up to 80 lower-case letters, digits and hyphens",
                place_of_id(text, name));
  }
  const std::lock_guard lock(saving_);
  const auto before = find(study->id);
  if (before && !replaces) {
    return fail(ErrorCode::conflict, "There is already a study " + study->id + "; open it to change it, or choose another id",
                place_of_id(text, name));
  }
  if (before && digest_of(before->text) != *replaces) {
    return fail(ErrorCode::conflict, "Somebody else saved " + study->id + " in the meantime; open it again to see what changed");
  }
  if (!before) {
    const auto others = all();
    if (!others) return fail(others.error());
    if (others->size() >= studies_max)
      return fail(ErrorCode::too_large, "there are already " + std::to_string(studies_max) + " saved studies");
  }
  if (auto made = make_folder(directory_ / "earlier"); !made) return fail(made.error());
  if (before && before->text != text) {
    const auto kept = directory_ / "earlier" /
                      (std::string(study->id.substr(saved_prefix.size())) + "." + to_hex(digest_of(before->text)).substr(0, 16) + ".json");
    if (auto stored = write_durable_file(kept, before->text, Existing::replace); !stored) return fail(stored.error());
  }
  if (auto stored = write_durable_file(file_of(study->id), text, Existing::replace); !stored) return fail(stored.error());
  return study;
}

}  // namespace skerry::cohort

// The studies that people of a registry wrote and keep, beside those of its pack: files of a folder, DIRECTORY/NAME.json for the id
// registry/NAME. What is replaced stays in DIRECTORY/earlier.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "cohort/study.hpp"

namespace skerry::cohort {

struct SavedStudy {
  std::string id;    ///< "registry/regrowth-of-the-elbow"
  std::string file;  ///< its path, as messages name it
  std::string text;
};

inline constexpr std::string_view saved_prefix = "registry/";
inline constexpr std::size_t study_bytes_max = 256 * 1024;

/// Thread-safe. Several programs may use one folder: a file is always whole.
class StudyShelf {
 public:
  static constexpr std::size_t studies_max = 1'000;

  explicit StudyShelf(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// By id. A folder that does not exist holds none; what is no study's name is passed over. Errors: storage_failed.
  [[nodiscard]] Result<std::vector<SavedStudy>> all() const;
  /// Errors: not_found; too_large, invalid_text.
  [[nodiscard]] Result<SavedStudy> find(std::string_view id) const;
  /// Checks the text and stores it under its own id. `replaces`: digest of the text the writer began with; unset when the study is meant to
  /// be new. Errors: those of parse_study, invalid_study (the id is not registry/NAME), conflict (somebody else saved in between, or the
  /// name is taken), too_large (the text, or too many studies), storage_*.
  Result<Study> save(std::string_view text, const std::optional<Digest>& replaces);

 private:
  [[nodiscard]] std::filesystem::path file_of(std::string_view id) const;
  std::filesystem::path directory_;
  std::mutex saving_;
};

}  // namespace skerry::cohort

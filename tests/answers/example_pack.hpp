// A small pack made in memory, and a folder that goes away.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "pack/pack.hpp"

namespace skerry::answers {

inline pack::Pack example_pack() {
  pack::Pack pack;
  pack.id = "poh";
  pack.languages = {"en", "it"};
  pack.name = {{"en", "progressive osseous heteroplasia"}, {"it", "eteroplasia ossea progressiva"}};
  pack.short_name = {{"en", "POH"}, {"it", "POH"}};
  pack.disease = {"MONDO:0008153", "progressive osseous heteroplasia"};
  pack.same_as = {{"ORPHA:2762", ""}, {"OMIM:166350", ""}};
  pack.sources = {{"one", "First A. 2001", "https://example.org/1", true},
                  {"two", "Second B. 2002", "", false},
                  {"other", "Not of this question", "", true}};
  pack::Question question;
  question.id = "treatment";
  question.title = {{"en", "What helps?"}, {"it", "Che cosa aiuta?"}};
  question.short_answer = {{"en", "There is no cure."}, {"it", "Non c'è una cura."}};
  question.answer = {{"en", "Some text [@one].\n\nMore [@two].\n"}, {"it", "Un testo [@one].\n"}};
  question.updated = {2026, 11, 22};
  question.review_months = 24;
  question.sources = {"one", "two"};
  question.studies = {"poh/treatments-tried"};
  pack.questions = {question};
  return pack;
}

/// A new empty folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> next{0};
    path_ = std::filesystem::temp_directory_path() / ("skerry-answers-" + std::to_string(::getpid()) + "-" + std::to_string(next++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace skerry::answers

// A ledger in a folder of its own, and the key its reading functions ask for.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "ledger/ledger.hpp"

namespace skerry::consent {
/// Stands where the consent room's Gate stands in the product; this program does not link that room.
class Gate {
 public:
  static ledger::ReadKey key() { return {}; }
};
}  // namespace skerry::consent

namespace skerry::ledger {

inline ReadKey test_key() { return consent::Gate::key(); }

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "skerry-ledger-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Fact feature(std::string id, std::string label = {}, Status status = Status::present) {
  Fact fact;
  fact.code = {std::move(id), std::move(label)};
  fact.status = status;
  fact.source = {SourceKind::publication, "PMID:25802881"};
  return fact;
}

inline std::vector<Fact> current_facts(const Ledger& ledger, const Head& head,
                                       const std::optional<std::vector<ParticipantId>>& only = std::nullopt) {
  std::vector<Fact> out;
  const auto done = ledger.read(test_key(), head, only, [&](const Fact& fact) {
    out.push_back(fact);
    return true;
  });
  if (!done) ADD_FAILURE() << done.error().text();
  return out;
}

inline std::vector<Fact> history(const Ledger& ledger) {
  std::vector<Fact> out;
  const auto done = ledger.read_history(test_key(), ledger.head().value(), std::nullopt, [&](const Fact& fact) {
    out.push_back(fact);
    return true;
  });
  if (!done) ADD_FAILURE() << done.error().text();
  return out;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    throw std::runtime_error(result.error().text());
  }
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    throw std::runtime_error(result.error().text());
  }
}

}  // namespace skerry::ledger

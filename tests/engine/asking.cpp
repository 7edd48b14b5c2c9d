#include "engine/asking.hpp"

#include <stdlib.h>

#include <filesystem>
#include <map>
#include <span>
#include <system_error>

#include "consent/view.hpp"

namespace skerry::engine {
namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "skerry-engine-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

ConsentRecord agreed(Purpose purpose) {
  ConsentRecord record;
  record.purpose = purpose;
  record.text_version = "test/en";
  record.given_by = "participant";
  return record;
}

/// Writes what a scene says, one append after the other; participants are numbered from 1 without a gap.
class Writer {
 public:
  explicit Writer(ledger::Ledger& ledger) : ledger_(ledger) {}

  Result<void> write(std::span<const Fact> facts, std::span<const ParticipantId> newcomers) {
    std::map<ParticipantId, ledger::Batch> batches;
    for (const auto person : newcomers) {
      for (const auto purpose : {Purpose::public_figures, Purpose::registry_research}) batches[person].consents.push_back(agreed(purpose));
    }
    std::map<FactId, std::int64_t> places;
    for (const auto& fact : facts) {
      auto& batch = batches[fact.participant];
      if (newcomers.empty()) batch.participant = fact.participant;
      places[fact.id] = static_cast<std::int64_t>(batch.facts.size());
      batch.facts.push_back(fact);
      auto& written = batch.facts.back();
      for (auto* to : {&written.part_of, &written.supersedes}) {
        if (to->set()) *to = stored_.contains(*to) ? stored_.at(*to) : FactId{-(places.at(*to) + 1)};
      }
      written.id = {};
      written.participant = {};
    }
    std::vector<ledger::Batch> all;
    for (auto& [person, batch] : batches) all.push_back(std::move(batch));
    const auto receipts = ledger_.append("test", all);
    if (!receipts) return fail(receipts.error());
    std::map<ParticipantId, FactId> first;
    for (const auto& receipt : *receipts) first[receipt.participant] = receipt.first_fact;
    for (const auto& fact : facts) stored_[fact.id] = {first.at(fact.participant).number + places.at(fact.id)};
    return {};
  }

 private:
  ledger::Ledger& ledger_;
  std::map<FactId, FactId> stored_;  ///< the test's numbers, the ledger's
};

Result<cohort::Columns> through_ledger(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary,
                                       const cohort::SelectOptions& options) {
  const TemporaryFolder folder;
  auto ledger = ledger::Ledger::create(folder.path());
  if (!ledger) return fail(ledger.error());
  Writer writer(**ledger);
  std::span<const ParticipantId> newcomers = scene.people;
  for (const auto& facts : scene.writes) {
    if (auto done = writer.write(facts, newcomers); !done) return fail(done.error());
    newcomers = {};
  }
  const consent::Gate gate(**ledger);
  const auto view = gate.open({consent::Role::steward, "test"}, study.purpose, study.snapshot);
  if (!view) return fail(view.error());
  return cohort::select(study, *view, vocabulary, options);
}

}  // namespace

Result<cohort::Columns> select_all(const cohort::Study& study, const Scene& scene, const vocabulary::Vocabulary& vocabulary) {
  cohort::SelectOptions options;
  options.explain = true;
  if (!scene.writes.empty()) return through_ledger(study, scene, vocabulary, options);
  return cohort::select(study, index::reading_of(scene.facts, scene.people), vocabulary, options);
}

}  // namespace skerry::engine

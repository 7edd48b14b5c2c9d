// Whole folders in and out of a registry.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/phenopacket_files.hpp"
#include "exchange/phenopackets.hpp"
#include "fact/encoding.hpp"

namespace skerry::exchange {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "skerry-exchange-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string gzip(std::string_view text) {
  std::string out(text.size() + 1024, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(text);
  stream.next_in = static_cast<Bytef*>(static_cast<void*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

/// A registry and a folder of packets beside it.
class Import : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(registry_path());
    auto made = ledger::Ledger::create(registry_path());
    ASSERT_TRUE(made) << made.error().text();
    ledger_ = std::move(*made);
    gate_ = std::make_unique<consent::Gate>(*ledger_);
  }
  [[nodiscard]] fs::path registry_path() const { return folder_.path() / "registry"; }
  [[nodiscard]] fs::path in() const { return folder_.path() / "in"; }

  ImportReport import(ImportOptions options = {}) {
    if (options.paths.empty()) options.paths = {in()};
    auto report = import_phenopackets(*ledger_, *gate_, vocabulary_, options);
    EXPECT_TRUE(report) << report.error().text();
    return report ? std::move(*report) : ImportReport{};
  }
  consent::View view() {
    auto view = gate_->open({consent::Role::system, "test"}, Purpose::registry_research);
    EXPECT_TRUE(view) << view.error().text();
    return std::move(*view);
  }
  /// All packets of the registry, as one text a packet.
  std::vector<std::string> exported() {
    const auto out = folder_.path() / ("out" + std::to_string(exports_++));
    const auto report = export_phenopackets(view(), out);
    EXPECT_TRUE(report) << report.error().text();
    std::vector<std::string> texts;
    for (const auto& entry : fs::directory_iterator(out)) texts.push_back(text_of(entry.path()));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  std::int64_t facts() { return ledger_->head()->facts; }
  std::size_t audit_entries() { return ledger_->audit_entries(1, 1'000'000)->size(); }

  TemporaryFolder folder_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<consent::Gate> gate_;
  vocabulary::Vocabulary vocabulary_;
  int exports_ = 0;
};

std::string packet(std::string_view id, std::string_view features, std::string_view more = "") {
  return R"({"id":")" + std::string(id) + R"(","subject":{"id":"one","sex":"FEMALE"},"phenotypicFeatures":[)" + std::string(features) +
         R"(],)" + std::string(more) +
         R"("metaData":{"created":"2024-01-02T03:04:05Z","createdBy":"a","externalReferences":[{"id":"PMID:1"}]}})";
}

std::string feature(std::string_view id, bool excluded = false) {
  return R"({"type":{"id":")" + std::string(id) + R"(","label":"x"})" + (excluded ? R"(,"excluded":true})" : "}");
}

TEST_F(Import, TakesFilesFoldersAndGzipAndTwiceAddsNothing) {
  write(in() / "a.json", packet("a", feature("HP:0000001")));
  write(in() / "deep" / "er" / "b.json.gz", gzip(packet("b", feature("HP:0000002"))));
  write(in() / "notes.txt", "not a packet");
  write(folder_.path() / "c.txt", packet("c", feature("HP:0000003")));
  ImportOptions options;
  options.paths = {in(), folder_.path() / "c.txt"};
  const auto first = import(options);
  EXPECT_EQ(first.files, 3U);
  EXPECT_EQ(first.accepted_new, 3U);
  EXPECT_EQ(first.rejected_count, 0U);
  EXPECT_EQ(first.facts, 9U);  // the document, the sex and one feature each
  const auto before = audit_entries();

  const auto second = import(options);
  EXPECT_EQ(second.unchanged, 3U);
  EXPECT_EQ(second.accepted_new + second.updated + second.rejected_count + second.facts, 0U);
  EXPECT_EQ(facts(), 9);
  EXPECT_EQ(audit_entries(), before);
  EXPECT_EQ(view().participants().size(), 3U);
  EXPECT_EQ(view().published_count(), 3U);
}

TEST_F(Import, OtherWordingOfTheSameContentIsUnchanged) {
  write(in() / "a.json", packet("a", feature("HP:0000001")));
  import();
  write(in() / "a.json", R"({ "meta_data":{"external_references":[{"id":"PMID:1"}],"created":"2024-01-02T04:04:05+01:00","createdBy":"a"},
    "phenotypic_features":[{"excluded":false,"type":{"label":"x","id":"HP:0000001"}}],"subject":{"sex":1,"id":"one"},"id":"a","files":null})");
  const auto again = import();
  EXPECT_EQ(again.unchanged, 1U);
  EXPECT_EQ(again.facts, 0U);
}

TEST_F(Import, AChangedPacketRetractsCorrectsAndKeeps) {
  write(in() / "a.json", packet("a", feature("HP:0000001") + "," + feature("HP:0000002") + "," + feature("HP:0000003")));
  import();
  const auto participant = view().participants()[0];
  const auto before = *view().facts_of(participant);
  const auto changed = packet("a", feature("HP:0000009") + "," + feature("HP:0000003") + "," + feature("HP:0000001", true));
  write(in() / "a.json", changed);
  const auto report = import();
  EXPECT_EQ(report.updated, 1U);
  EXPECT_EQ(report.accepted_new, 0U);
  ASSERT_EQ(view().participants().size(), 1U);
  const auto after = *view().facts_of(participant);
  std::map<std::string, const Fact*> by_code;
  for (const auto& fact : after) by_code[fact.code.id] = &fact;
  EXPECT_EQ(by_code.count("HP:0000002"), 0U);
  ASSERT_EQ(by_code.count("HP:0000001"), 1U);
  EXPECT_EQ(by_code["HP:0000001"]->status, Status::absent);
  EXPECT_EQ(by_code["HP:0000001"]->supersedes, before[2].id);
  EXPECT_EQ(by_code["HP:0000003"]->id, before[4].id);
  EXPECT_EQ(view().history_of(participant)->size(), 5U + 4U);  // new, corrected, retracted, and the document for the order
  const auto expected = write_phenopacket(read_phenopacket(changed, "")->batch.facts, {});
  EXPECT_EQ(exported(), std::vector<std::string>{indented(*expected)});
  EXPECT_EQ(import().unchanged, 1U);
}

TEST_F(Import, GoingBackToTheFirstContentIsAnUpdateToo) {
  const auto first = packet("a", feature("HP:0000001"));
  write(in() / "a.json", first);
  import();
  write(in() / "a.json", packet("a", feature("HP:0000002")));
  EXPECT_EQ(import().updated, 1U);
  write(in() / "a.json", first);
  EXPECT_EQ(import().updated, 1U);
  EXPECT_EQ(exported(), std::vector<std::string>{indented(*write_phenopacket(read_phenopacket(first, "")->batch.facts, {}))});
  EXPECT_EQ(import().unchanged, 1U);
  EXPECT_TRUE(ledger_->verify()->faults.empty());
}

TEST_F(Import, TwoPacketsOfOneIdStayTwoParticipants) {
  write(in() / "a.json", packet("same", feature("HP:0000001")));
  write(in() / "b.json", packet("same", feature("HP:0000002")));
  write(in() / "c.json", packet("same", feature("HP:0000001")));
  const auto first = import();
  EXPECT_EQ(first.accepted_new, 2U);
  EXPECT_EQ(first.unchanged, 1U);
  ASSERT_EQ(first.warnings.count(WarningKind::same_id_twice), 1U);
  const auto& warning = first.warnings.at(WarningKind::same_id_twice).examples.at(0);
  EXPECT_EQ(warning.place.file, (in() / "b.json").string());
  EXPECT_EQ(warning.detail, (in() / "a.json").string());
  EXPECT_EQ(exported().size(), 2U);

  EXPECT_EQ(import().unchanged, 3U);
  fs::remove(in() / "c.json");
  write(in() / "b.json", packet("same", feature("HP:0000003")));
  const auto changed = import();
  EXPECT_EQ(changed.unchanged, 1U);
  EXPECT_EQ(changed.updated, 1U);
  EXPECT_EQ(view().participants().size(), 2U);
  EXPECT_EQ(import().unchanged, 2U);
}

TEST_F(Import, AnInterpretationChangesWithItsVariants) {
  const auto interpreted = [](std::string_view second) {
    return packet("a", feature("HP:0000001"),
                  R"("interpretations":[{"id":"i","diagnosis":{"disease":{"id":"OMIM:1","label":"d"},"genomicInterpretations":[
      {"subjectOrBiosampleId":"one","interpretationStatus":"CAUSATIVE","gene":{"valueId":"HGNC:1","symbol":"A"}},
      {"subjectOrBiosampleId":"one","interpretationStatus":")" +
                      std::string(second) + R"(","gene":{"valueId":"HGNC:2","symbol":"B"}}]}}],)");
  };
  write(in() / "a.json", interpreted("CANDIDATE"));
  import();
  const auto changed = interpreted("REJECTED");
  write(in() / "a.json", changed);
  EXPECT_EQ(import().updated, 1U);
  EXPECT_EQ(exported(), std::vector<std::string>{indented(*write_phenopacket(read_phenopacket(changed, "")->batch.facts, {}))});
  EXPECT_TRUE(ledger_->verify()->faults.empty());
}

TEST_F(Import, WithoutABasisNothingIsReadable) {
  write(in() / "a.json", packet("a", feature("HP:0000001")));
  ImportOptions options;
  options.basis = ImportBasis::none;
  EXPECT_EQ(import(options).accepted_new, 1U);
  EXPECT_TRUE(view().participants().empty());
  EXPECT_TRUE(exported().empty());
  EXPECT_EQ(import(options).unchanged, 1U);
  write(in() / "a.json", packet("a", feature("HP:0000002")));
  const auto changed = import(options);
  ASSERT_EQ(changed.rejected_count, 1U);
  EXPECT_EQ(changed.rejected[0].code, ErrorCode::consent_refused);
}

TEST_F(Import, TheExactBirthDateIsInTheVaultAlone) {
  const auto text = R"({"id":"a","subject":{"id":"s","alternateIds":["MRN-77"],"dateOfBirth":"1998-05-06T00:00:00Z"},
    "metaData":{"externalReferences":[{"id":"PMID:1"}]}})";
  write(in() / "a.json", text);
  import();
  const auto all = view();
  const auto stored = *all.facts_of(all.participants()[0]);
  ASSERT_EQ(stored.size(), 2U);
  for (const auto& fact : stored) {
    std::string bytes;
    encode(fact, bytes);
    EXPECT_EQ(bytes.find("MRN-77"), std::string::npos);
    EXPECT_EQ(bytes.find("1998-05"), std::string::npos);
  }
  const auto out = exported();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_NE(out[0].find("MRN-77"), std::string::npos);
  EXPECT_NE(out[0].find("1998-05-06T00:00:00Z"), std::string::npos);

  // A packet that no longer says it takes it out of the vault; one that never said it opens no vault.
  write(in() / "a.json", packet("a", feature("HP:0000001")));
  EXPECT_EQ(import().updated, 1U);
  const auto opened = [&] {
    const auto entries = *ledger_->audit_entries(1, 1'000);
    return std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return entry.action == "open_identity"; });
  };
  const auto before = opened();
  const auto after = exported();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].find("MRN-77"), std::string::npos);
  EXPECT_EQ(after[0].find("dateOfBirth"), std::string::npos);
  EXPECT_EQ(opened(), before);
}

TEST_F(Import, HostileFilesAreToldAndTheOthersGoIn) {
  write(in() / "good.json", packet("good", feature("HP:0000001")));
  write(in() / "empty.json", "");
  write(in() / "cut.json", packet("cut", feature("HP:0000001")).substr(0, 80));
  write(in() / "cut.json.gz", gzip(packet("x", "")).substr(0, 60));
  write(in() / "bomb.json.gz", gzip(std::string(3 << 20, ' ')));
  write(in() / "large.json", std::string(2 << 20, ' '));
  write(in() / "folder.json" / "inside.json", packet("inside", feature("HP:0000001")));
  fs::create_directory_symlink(in(), in() / "loop");
  fs::create_symlink("round.json", in() / "round.json");
  ASSERT_EQ(::mkfifo((in() / "pipe.json").c_str(), 0600), 0);
  ImportOptions options;
  options.paths = {in(), folder_.path() / "nowhere"};
  options.packet_bytes_max = 1 << 20;
  const auto report = import(options);
  EXPECT_EQ(report.accepted_new, 2U);
  std::map<std::string, ErrorCode> rejected;
  for (const auto& error : report.rejected) rejected[fs::path(error.place.file).filename().string()] = error.code;
  const std::map<std::string, ErrorCode> expected{{"empty.json", ErrorCode::malformed},      {"cut.json", ErrorCode::malformed},
                                                  {"cut.json.gz", ErrorCode::malformed},     {"bomb.json.gz", ErrorCode::too_large},
                                                  {"large.json", ErrorCode::too_large},      {"pipe.json", ErrorCode::wrong_type},
                                                  {"round.json", ErrorCode::storage_failed}, {"nowhere", ErrorCode::not_found}};
  EXPECT_EQ(rejected, expected);
  EXPECT_EQ(report.rejected_count, expected.size());
  EXPECT_EQ(report.warnings.count(WarningKind::link_not_followed), 1U);
}

TEST_F(Import, AFolderThatMayNotBeReadIsTold) {
  write(in() / "good.json", packet("good", feature("HP:0000001")));
  write(in() / "locked" / "b.json", packet("b", feature("HP:0000001")));
  ASSERT_EQ(::chmod((in() / "locked").c_str(), 0), 0);
  const bool root = ::geteuid() == 0;
  // Root may read everything: the looking is done as another user then.
  if (root) {
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  Warnings warnings;
  const auto found = list_packets({in()}, warnings);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ::chmod((in() / "locked").c_str(), 0700);
  EXPECT_EQ(found.files.size(), 1U);
  ASSERT_EQ(found.unreadable.size(), 1U);
  EXPECT_EQ(found.unreadable[0].place.file, (in() / "locked").string());
}

TEST_F(Import, RejectedFilesAreCountedBeyondThoseKept) {
  for (int i = 0; i < 30; ++i) write(in() / (std::to_string(i) + ".json"), "{");
  ImportOptions options;
  options.paths = {in()};
  options.rejected_kept_max = 7;
  const auto report = import(options);
  EXPECT_EQ(report.rejected.size(), 7U);
  EXPECT_EQ(report.rejected_count, 30U);
}

TEST_F(Import, PublishedPacketsComeOutAsTheyWentIn) {
  const auto store = fs::path(SKERRY_SHARED_DIR) / "data" / "phenopackets";
  if (!fs::exists(store)) GTEST_SKIP() << "needs " << store << ", which is not here";
  ImportOptions options;
  options.paths = {store};
  const auto report = import(options);
  EXPECT_EQ(report.accepted_new, 254U);
  EXPECT_EQ(report.rejected_count, 0U);
  EXPECT_TRUE(report.not_modelled.empty());
  const auto first = exported();
  ASSERT_EQ(first.size(), 254U);
  EXPECT_EQ(import(options).unchanged, 254U);

  std::vector<std::string> originals;
  for (const auto& entry : fs::recursive_directory_iterator(store)) {
    if (entry.path().extension() != ".json") continue;
    originals.push_back(indented(*write_phenopacket(read_phenopacket(text_of(entry.path()), "")->batch.facts, {})));
  }
  std::sort(originals.begin(), originals.end());
  EXPECT_TRUE(originals == first);
}

TEST_F(Import, ExportRefusesAFolderThatHoldsAnything) {
  write(in() / "a.json", packet("../../evil", feature("HP:0000001")));
  import();
  write(folder_.path() / "full" / "x", "x");
  const auto refused = export_phenopackets(view(), folder_.path() / "full");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::already_exists);
  ASSERT_TRUE(export_phenopackets(view(), folder_.path() / "new"));
  const auto entry = *fs::directory_iterator(folder_.path() / "new");
  EXPECT_EQ(entry.path().filename().string(), "_._.__evil.json");
}

}  // namespace
}  // namespace skerry::exchange

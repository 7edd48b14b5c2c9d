#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "vocabulary/inflate.hpp"
#include "vocabulary/registry.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::vocabulary {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Files : public testing::Test {
 protected:
  Files()
      : folder(fs::path(testing::TempDir()) /
               ("skerry-vocabulary-" + std::to_string(::getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  ~Files() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }
  fs::path write_gzip(const std::string& name, const std::string& bytes) const {
    gzFile out = gzopen((folder / name).c_str(), "wb");
    EXPECT_EQ(gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())), static_cast<int>(bytes.size()));
    gzclose(out);
    return folder / name;
  }

  fs::path folder;
};

std::string read_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string small = R"({"graphs": [{
  "id": "http://purl.obolibrary.org/obo/tt.json",
  "meta": {"version": "http://purl.obolibrary.org/obo/tt/releases/2026-01-02/tt.json"},
  "nodes": [
    {"id": "http://purl.obolibrary.org/obo/TT_0000001", "lbl": "Bone", "type": "CLASS",
     "meta": {"synonyms": [{"pred": "hasExactSynonym", "val": "Os"}],
              "basicPropertyValues": [{"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", "val": "TT:0000009"}]}},
    {"id": "http://purl.obolibrary.org/obo/TT_0000002", "lbl": "Bone in skin", "type": "CLASS"},
    {"id": "http://purl.obolibrary.org/obo/TT_0000003", "lbl": "obsolete Skin bone", "type": "CLASS",
     "meta": {"deprecated": true, "basicPropertyValues": [{"pred": "http://purl.obolibrary.org/obo/IAO_0100001", "val": "http://purl.obolibrary.org/obo/TT_0000002"}]}},
    {"id": "http://www.orpha.net/ORDO/Orphanet_2762", "lbl": "A disease", "type": "CLASS"},
    {"id": "http://purl.obolibrary.org/obo/TT_7777777", "type": "CLASS"},
    {"id": "http://purl.obolibrary.org/obo/BFO_0000051", "lbl": "has part"},
    {"id": "http://purl.obolibrary.org/obo/tt#relation", "lbl": "part of", "type": "PROPERTY"}],
  "edges": [
    {"sub": "http://purl.obolibrary.org/obo/TT_0000002", "pred": "is_a", "obj": "http://purl.obolibrary.org/obo/TT_0000001"},
    {"sub": "http://purl.obolibrary.org/obo/TT_0000001", "pred": "http://purl.obolibrary.org/obo/BFO_0000050", "obj": "http://purl.obolibrary.org/obo/TT_0000002"}]}]})";

TEST_F(Files, ReadsASmallGraphPlainOrPacked) {
  for (const auto& file : {write("tt.json", small), write_gzip("tt.json.gz", small)}) {
    const auto read = read_obograph(file);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->size(), 4u);
    EXPECT_THAT(read->versions(), ElementsAre("tt 2026-01-02"));
    EXPECT_EQ(read->find("TT:0000003")->id, "TT:0000002");
    EXPECT_EQ(read->find("TT:0000009")->label, "Bone");
    EXPECT_EQ(read->find("ORPHA:2762")->label, "A disease");
    EXPECT_THAT(read->find("TT:0000001")->synonyms, ElementsAre("Os"));
    EXPECT_TRUE(read->is_a("TT:0000003", "TT:0000009"));
    EXPECT_FALSE(read->is_a("TT:0000001", "TT:0000002")) << "only is_a counts";
  }
}

TEST_F(Files, TellsWhereAHostileFileIsWrong) {
  struct Fault {
    std::string text;
    ErrorCode code;
    std::string path;
  };
  const std::vector<Fault> faults = {
      {"", ErrorCode::malformed, ""},
      {"{\"graphs\": [", ErrorCode::malformed, ""},
      {"[]", ErrorCode::missing_field, "/graphs"},
      {"{}", ErrorCode::missing_field, "/graphs"},
      {"{\"graphs\": {}}", ErrorCode::missing_field, "/graphs"},
      {"{\"graphs\": []}", ErrorCode::missing_field, "/graphs"},
      {"{\"graphs\": [7]}", ErrorCode::wrong_type, "/graphs/0"},
      {"{\"graphs\": [{\"nodes\": {}}]}", ErrorCode::wrong_type, "/graphs/0/nodes"},
      {"{\"graphs\": [{\"nodes\": [7]}]}", ErrorCode::wrong_type, "/graphs/0/nodes/0"},
      {"{\"graphs\": [{\"nodes\": [{\"type\": \"CLASS\", \"lbl\": \"x\"}]}]}", ErrorCode::missing_field, "/graphs/0/nodes/0/id"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": 7}]}]}", ErrorCode::missing_field, "/graphs/0/nodes/0/id"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"lbl\": 7}]}]}", ErrorCode::wrong_type, "/graphs/0/nodes/0/lbl"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\", \"meta\": 7}]}]}", ErrorCode::wrong_type,
       "/graphs/0/nodes/0/meta"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\", \"meta\": {\"deprecated\": 7}}]}]}",
       ErrorCode::wrong_type, "/graphs/0/nodes/0/meta/deprecated"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\", \"meta\": {\"synonyms\": [{\"val\": 7}]}}]}]}",
       ErrorCode::wrong_type, "/graphs/0/nodes/0/meta/synonyms/0/val"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\"}, {\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": "
       "\"y\"}]}]}",
       ErrorCode::duplicate_key, "/graphs/0/nodes/1/id"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\"}], \"edges\": [7]}]}", ErrorCode::wrong_type,
       "/graphs/0/edges/0"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\"}], \"edges\": [{\"pred\": \"is_a\", \"sub\": "
       "1}]}]}",
       ErrorCode::wrong_type, "/graphs/0/edges/0/sub"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"x\"}], \"edges\": [{\"pred\": \"is_a\", \"sub\": "
       "\"T:1\", \"obj\": "
       "\"T:1\"}]}]}",
       ErrorCode::malformed, "/graphs"},
      {"{\"graphs\": [{\"nodes\": [{\"id\": \"T:1\", \"type\": \"CLASS\", \"lbl\": \"\xC3\x28\"}]}]}", ErrorCode::invalid_text, ""},
      {std::string(100'000, '[') + std::string(100'000, ']'), ErrorCode::too_deep, ""},
      {"{\"graphs\": NaN}", ErrorCode::malformed, ""},
  };
  for (const auto& fault : faults) {
    const auto file = write("bad.json", fault.text);
    const auto read = read_obograph(file);
    ASSERT_FALSE(read) << fault.text;
    EXPECT_EQ(read.error().code, fault.code) << fault.text.substr(0, 100) << " " << read.error().text();
    EXPECT_EQ(read.error().place.file, file.string());
    EXPECT_EQ(read.error().place.path, fault.path) << read.error().text();
  }
  EXPECT_EQ(read_obograph(folder / "missing.json").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_obograph(folder).error().code, ErrorCode::not_found);
}

TEST_F(Files, RefusesDamagedAndCutOffGzip) {
  const auto bytes = read_bytes(write_gzip("whole.gz", small));
  EXPECT_THAT(read_obograph(write("cut.gz", bytes.substr(0, bytes.size() / 2))).error().text(), HasSubstr("cut off"));
  EXPECT_FALSE(read_obograph(write("tail.gz", bytes.substr(0, bytes.size() - 4))));
  auto damaged = bytes;
  damaged[bytes.size() / 2] = static_cast<char>(~damaged[bytes.size() / 2]);
  EXPECT_EQ(read_obograph(write("damaged.gz", damaged)).error().code, ErrorCode::malformed);
}

TEST_F(Files, StopsAtTheLimitOfWhatAGzipUnpacksTo) {
  const auto bomb = write_gzip("bomb.gz", std::string(8u << 20, ' '));
  EXPECT_LT(fs::file_size(bomb), 20'000u);
  EXPECT_EQ(read_maybe_gzip(bomb, 1u << 20).error().code, ErrorCode::too_large);
  EXPECT_EQ(read_maybe_gzip(bomb, 8u << 20)->size(), 8u << 20);
}

TEST_F(Files, KeepsWhatWasAddedToARegistry) {
  EXPECT_EQ(add_to_registry(folder / "none", write("tt.json", small)).error().code, ErrorCode::not_a_registry);
  const auto pack = Vocabulary::from_terms(
      {Term{"TT:0000001", "pack's bone", {}, {}, {}, false, {}}, Term{"OWN:1", "own", {}, {"TT:0000001"}, {}, false, {}}}, "pack 1");
  EXPECT_EQ(load_registry(folder, *pack)->size(), 2u) << "nothing was added yet";

  const auto added = add_to_registry(folder, folder / "tt.json");
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(added->version, "tt 2026-01-02");
  EXPECT_EQ(added->terms, 4u);
  EXPECT_FALSE(added->already_there);
  const auto written = fs::last_write_time(folder / "vocabulary" / "tt.terms");
  EXPECT_TRUE(add_to_registry(folder, folder / "tt.json")->already_there);
  EXPECT_EQ(fs::last_write_time(folder / "vocabulary" / "tt.terms"), written);

  const auto all = load_registry(folder, *pack);
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(all->find("TT:0000001")->label, "Bone");
  EXPECT_TRUE(all->is_a("OWN:1", "TT:0000001"));
  EXPECT_THAT(all->versions(), ElementsAre("pack 1", "tt 2026-01-02"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "vocabulary"), {}), 1) << "nothing half-written is left";
}

TEST_F(Files, AFaultyFileLeavesWhatWasThere) {
  ASSERT_TRUE(add_to_registry(folder, write("tt.json", small)));
  const auto before = read_bytes(folder / "vocabulary" / "tt.terms");
  EXPECT_FALSE(add_to_registry(folder, write("bad.json", "{")));
  EXPECT_EQ(read_bytes(folder / "vocabulary" / "tt.terms"), before);
}

TEST_F(Files, ADamagedStoreIsNamed) {
  ASSERT_TRUE(add_to_registry(folder, write("tt.json", small)));
  const auto file = folder / "vocabulary" / "tt.terms";
  const auto whole = read_bytes(file);
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    std::ofstream(file, std::ios::binary) << damaged;
    const auto read = load_registry(folder, {});
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().place.file, file.string());
  }
  for (std::size_t size = 0; size < whole.size(); size += 5) EXPECT_FALSE(decode_terms(std::string_view(whole).substr(0, size)));
  EXPECT_TRUE(decode_terms(whole));
}

/// The released ontology.
TEST_F(Files, HumanPhenotypeOntology) {
  const fs::path file = SKERRY_SHARED_DIR "/data/ontology/hp.v2024-08-13.json.gz";
  if (!fs::exists(file)) GTEST_SKIP() << "SKIPPED: " << file << " is not there; the real ontology was not read";
  const auto start = std::chrono::steady_clock::now();
  const auto added = add_to_registry(folder, file);
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(added->version, "hp 2024-08-13");
  const auto stored = std::chrono::steady_clock::now();
  const auto hp = load_registry(folder, {});
  const auto loaded = std::chrono::steady_clock::now();
  ASSERT_TRUE(hp) << hp.error().text();
  const auto live =
      std::count_if(hp->terms().begin(), hp->terms().end(), [](const Term& term) { return !term.obsolete && term.id.starts_with("HP:"); });
  // 18,989 live HP ids, of which HP:0034334 ("allelic_requirement") is a property and no class.
  EXPECT_EQ(live, 18'988);
  EXPECT_EQ(hp->exact("HP:0034334"), nullptr);

  const auto below = hp->descendants("HP:0011986");
  for (const auto* id : {"HP:0034282", "HP:0011987", "HP:0011988", "HP:0011989"}) EXPECT_THAT(below, Contains(id));
  for (const auto* id : {"HP:0025027", "HP:0010766"}) {
    EXPECT_THAT(below, Not(Contains(id)));
    EXPECT_FALSE(hp->is_a(id, "HP:0011986"));
  }
  EXPECT_EQ(hp->find("HP:0000057")->id, "HP:0008665") << "obsolete, and replaced";
  EXPECT_EQ(hp->find("HP:0004715")->id, "HP:0000003") << "an alternative id";
  EXPECT_THAT(hp->named("heterotopic ossification"), ElementsAre(hp->find("HP:0011986")));

  // Generous: a check that nothing became ten times slower, also under a sanitizer.
  EXPECT_LT(stored - start, std::chrono::seconds(8));
  EXPECT_LT(loaded - stored, std::chrono::seconds(3));
  RecordProperty("add_ms", static_cast<int>((stored - start) / std::chrono::milliseconds(1)));
  RecordProperty("load_ms", static_cast<int>((loaded - stored) / std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace skerry::vocabulary

#include "pack/pack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/embedded.hpp"
#include "pack/small_pack.hpp"

namespace skerry::pack {

std::span<const EmbeddedFile> embedded_packs();

namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::string texts_of(const std::vector<Error>& errors) {
  std::string out;
  for (const auto& error : errors) out += error.text() + "\n";
  return out;
}

TEST(Pack, LoadsASmallOneWhole) {
  const SmallPack small;
  const auto report = check_pack(small.folder);
  EXPECT_THAT(report.errors, IsEmpty()) << texts_of(report.errors);
  EXPECT_THAT(report.warnings, IsEmpty()) << texts_of(report.warnings);
  const auto pack = load_pack(small.folder);
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_EQ(pack->id, "small");
  EXPECT_EQ(pack->disease, (Code{"MONDO:1", "small disease"}));
  EXPECT_THAT(pack->same_as, ElementsAre(Code{"ORPHA:1", "small disease"}));
  EXPECT_EQ(pack->vocabulary.find("ORPHA:1")->id, "MONDO:1");
  EXPECT_TRUE(pack->vocabulary.is_a("HP:33", "HP:2"));
  EXPECT_THAT(pack->vocabulary.versions(), ElementsAre("hp 2024 (part)"));
  ASSERT_EQ(pack->questions.size(), 2u);
  EXPECT_EQ(pack->questions[0].id, "why") << "pack.json names it first";
  EXPECT_EQ(pack->question("why")->answer.at("it"), "# Perché\n\nPerché sì [@book-1999].\n");
  EXPECT_EQ(pack->question("why")->updated, (PartialDate{2026, 11, 22}));
  EXPECT_EQ(pack->question("why")->review_months, 24);
  EXPECT_EQ(pack->question("how"), nullptr);
  EXPECT_FALSE(pack->source("page")->read);
  EXPECT_EQ(pack->study("small/count")->text, "{\"id\": \"small/count\"}\n");
  EXPECT_EQ(pack->quality_rules.at(0).present, (Code{"HP:3", "Skin bone"}));
  EXPECT_EQ(pack->consent_version, "small-consent-1.0");
  EXPECT_EQ(pack->consent_texts.at(0).purpose, "own_care");
  EXPECT_EQ(pack->forms_to_come.at(0).id, "pain");
  EXPECT_THAT(pack->sided_sites, ElementsAre("SNOMEDCT:2"));
  EXPECT_EQ(pack->warning("care")->about.size(), 2u);
  EXPECT_EQ(pack->label("HP:3", "it"), "osso nella pelle");
  EXPECT_EQ(pack->label("HP:2", "it"), "Bone") << "no label for people: the vocabulary's";
  EXPECT_EQ(pack->label("HP:99", "it"), "HP:99");
}

TEST(Pack, IsWholeWithoutTheFilesItNeedNotHave) {
  const SmallPack small;
  for (const auto* name : {"quality_rules.json", "warnings.json", "consent.json", "forms.json", "questions", "studies", "texts"})
    fs::remove_all(small.folder / name);
  ASSERT_TRUE(small.replace("pack.json", ",\n  \"first_questions\": [\"why\"]", ""));
  const auto report = check_pack(small.folder);
  EXPECT_THAT(report.errors, IsEmpty()) << texts_of(report.errors);
}

TEST(Pack, SaysThatThereIsNone) {
  EXPECT_EQ(load_pack("/nowhere/at/all").error().code, ErrorCode::not_found);
  const SmallPack small;
  fs::remove(small.folder / "pack.json");
  const auto missing = load_pack(small.folder);
  EXPECT_EQ(missing.error().place.file, small.file("pack.json"));
}

TEST(Pack, LoadingTellsTheFirstFaultAndHowManyMore) {
  const SmallPack small;
  ASSERT_TRUE(small.replace("pack.json", "\"id\": \"small\"", "\"id\": \"Small\""));
  ASSERT_TRUE(small.replace("pack.json", "\"disease\": \"MONDO:1\"", "\"disease\": 7"));
  const auto read = load_pack(small.folder);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::invalid_pack);
  EXPECT_EQ(read.error().place.line, 2u);
  EXPECT_THAT(read.error().message, testing::HasSubstr("more"));
}

TEST(Pack, DoesNotFollowALinkOutOfItsFolder) {
  for (const auto* path : {"answers/why.it.md", "questions/also.json", "studies/count.json", "terms.json"}) {
    const SmallPack small;
    std::ofstream(small.folder.parent_path() / "secret") << "{}";
    fs::remove(small.folder / path);
    fs::create_symlink(small.folder.parent_path() / "secret", small.folder / path);
    const auto report = check_pack(small.folder);
    const auto leads_out = [](const Error& error) { return error.message.find("leads out") != std::string::npos; };
    EXPECT_TRUE(std::any_of(report.errors.begin(), report.errors.end(), leads_out)) << path << "\n" << texts_of(report.errors);
  }
}

TEST(Pack, WarnsOfTextsNotYetTranslatedAndOfUnverifiedCodes) {
  const SmallPack small;
  ASSERT_TRUE(small.replace("pack.json", ", \"it\": \"Una malattia.\"", ""));
  ASSERT_TRUE(small.replace("texts/labels.it.json", "\"HP:3\": \"osso nella pelle\",", ""));
  ASSERT_TRUE(small.replace("codes.json", "quoted", "unverified"));
  fs::remove(small.folder / "texts/messages.it.json");
  const auto report = check_pack(small.folder);
  EXPECT_THAT(report.errors, IsEmpty()) << texts_of(report.errors);
  ASSERT_EQ(report.warnings.size(), 4u) << texts_of(report.warnings);
  EXPECT_EQ(report.warnings[0].place, (Place{small.file("pack.json"), 7, 14, "/summary"}));
  EXPECT_THAT(report.warnings[1].message, testing::HasSubstr("ATC:1 is unverified"));
  EXPECT_EQ(report.warnings[2].place.file, small.file("texts/labels.it.json"));
  EXPECT_EQ(report.warnings[3].place.file, small.file("texts/messages.it.json"));
  const auto pack = load_pack(small.folder);
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_EQ(text_in(pack->summary, "it"), "A disease.");
}

TEST(Texts, FallBackToTheFirstLanguage) {
  const Texts texts = {{"en", "Bone"}, {"it", "Osso"}};
  EXPECT_EQ(text_in(texts, "it"), "Osso");
  EXPECT_EQ(text_in(texts, "it-CH"), "Osso");
  EXPECT_EQ(text_in(texts, "de"), "Bone");
  EXPECT_EQ(text_in({{"it", "Osso"}}, "de"), "Osso");
  EXPECT_EQ(text_in({}, "de"), "");
}

/// The pack the project ships.
class PohPack : public testing::Test {
 protected:
  static constexpr auto folder = SKERRY_SOURCE_DIR "/packs/poh";
};

TEST_F(PohPack, HasNoFault) {
  const auto report = check_pack(folder);
  EXPECT_THAT(report.errors, IsEmpty()) << texts_of(report.errors);
  EXPECT_THAT(report.warnings, IsEmpty()) << texts_of(report.warnings);
}

TEST_F(PohPack, KnowsWhatIsBelowEctopicOssification) {
  const auto pack = load_pack(folder);
  ASSERT_TRUE(pack) << pack.error().text();
  const auto below = pack->vocabulary.descendants("HP:0011986");
  for (const auto* id : {"HP:0034282", "HP:0011987", "HP:0011988", "HP:0011989"}) EXPECT_THAT(below, Contains(id));
  for (const auto* id : {"HP:0025027", "HP:0010766"}) EXPECT_THAT(below, Not(Contains(id)));
  for (const auto& term : pack->vocabulary.terms()) {
    if (!term.id.starts_with("HP:")) continue;
    EXPECT_TRUE(pack->vocabulary.is_a(term.id, "HP:0000001")) << term.id;
  }
}

TEST_F(PohPack, FindsTheDiseaseByEachOfItsCodes) {
  const auto pack = load_pack(folder);
  ASSERT_TRUE(pack) << pack.error().text();
  for (const auto* id : {"MONDO:0008153", "ORPHA:2762", "OMIM:166350", "SNOMEDCT:719271000", "icd11.foundation:1107209347"}) {
    ASSERT_NE(pack->vocabulary.find(id), nullptr) << id;
    EXPECT_EQ(pack->vocabulary.find(id)->id, "MONDO:0008153");
  }
  EXPECT_EQ(pack->vocabulary.find("OMIM:103580")->label, "pseudohypoparathyroidism type 1A");
  EXPECT_EQ(pack->vocabulary.find("ICD10:M61.5"), nullptr) << "a wider class is not the same disease";
}

TEST_F(PohPack, SaysEverythingInEveryLanguage) {
  const auto pack = load_pack(folder);
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_THAT(pack->languages, ElementsAre("en", "it"));
  EXPECT_EQ(pack->consent_texts.size(), 6u);
  for (const auto& [code, label] : pack->labels) EXPECT_EQ(label.size(), 2u) << code;
  for (const auto& site : pack->body_sites) EXPECT_TRUE(pack->labels.contains(site.id)) << site.id;
  for (const auto& code : pack->codes) EXPECT_TRUE(pack->labels.contains(code.code.id)) << code.code.id;
}

/// What the pack carries of the ontology is what the ontology says.
TEST_F(PohPack, AgreesWithTheReleasedOntology) {
  const fs::path file = SKERRY_SHARED_DIR "/data/ontology/hp.v2024-08-13.json.gz";
  if (!fs::exists(file)) GTEST_SKIP() << "SKIPPED: " << file << " is not there; the pack's terms were not compared with the ontology";
  const auto hp = vocabulary::read_obograph(file);
  ASSERT_TRUE(hp) << hp.error().text();
  const auto pack = load_pack(folder);
  ASSERT_TRUE(pack) << pack.error().text();
  std::size_t compared = 0;
  for (const auto& term : pack->vocabulary.terms()) {
    if (!term.id.starts_with("HP:")) continue;
    const auto* released = hp->exact(term.id);
    ASSERT_NE(released, nullptr) << term.id;
    EXPECT_EQ(term.label, released->label);
    EXPECT_FALSE(released->obsolete) << term.id;
    EXPECT_EQ(hp->ancestors(term.id), pack->vocabulary.ancestors(term.id)) << term.id;
    ++compared;
  }
  EXPECT_GT(compared, 100u);
  EXPECT_TRUE(pack->vocabulary.merged(*hp));
}

TEST(BuiltInPacks, AreTheFilesOfTheFolder) {
  EXPECT_THAT(built_in_packs(), Contains("poh"));
  const fs::path packs = SKERRY_SOURCE_DIR "/packs";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(packs)) {
    const auto ending = entry.path().extension();
    if (!entry.is_regular_file() || (ending != ".json" && ending != ".md")) continue;
    const auto* file = find_embedded(embedded_packs(), fs::relative(entry.path(), packs).string());
    ASSERT_NE(file, nullptr) << entry.path();
    std::ifstream in(entry.path(), std::ios::binary);
    EXPECT_EQ(file->bytes, std::string(std::istreambuf_iterator<char>(in), {})) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, embedded_packs().size());
  EXPECT_EQ(find_embedded(embedded_packs(), "poh"), nullptr);
  EXPECT_TRUE(
      std::is_sorted(embedded_packs().begin(), embedded_packs().end(), [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST(BuiltInPacks, AreWrittenOutAndLoad) {
  const SmallPack place;
  const auto target = place.folder / "out";
  ASSERT_TRUE(write_built_in_pack("poh", target));
  const auto pack = load_pack(target);
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_EQ(pack->id, "poh");
  EXPECT_TRUE(fs::exists(target / "demonstration.json"));
  EXPECT_EQ(write_built_in_pack("poh", target).error().code, ErrorCode::already_exists);
  EXPECT_EQ(write_built_in_pack("nothing", place.folder / "other").error().code, ErrorCode::not_found);
  EXPECT_FALSE(fs::exists(place.folder / "other"));
}

}  // namespace
}  // namespace skerry::pack

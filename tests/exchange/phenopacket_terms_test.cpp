#include "exchange/phenopacket_terms.hpp"

#include <gtest/gtest.h>

namespace skerry::exchange {
namespace {

vocabulary::Vocabulary vocabulary_of(const std::string& version) {
  return *vocabulary::Vocabulary::from_terms({{"HP:0000001", "All", {}, {}, {"HP:0000009"}, false, ""},
                                              {"HP:0000002", "obsolete", {}, {}, {}, true, ""},
                                              {"MONDO:0000003", "a disease", {}, {}, {"OMIM:000003"}, false, ""}},
                                             version);
}

std::vector<WarningKind> warnings_of(const std::string& version, const std::string& id) {
  Parsed packet;
  packet.batch.facts.resize(1);
  packet.batch.facts[0].code.id = id;
  TermCheck(vocabulary_of(version)).look(packet, "a.json");
  std::vector<WarningKind> out;
  for (const auto& warning : packet.warnings) out.push_back(warning.kind);
  return out;
}

TEST(TermCheck, TellsObsoleteReplacedAndUnknownTermsOfAWholeVocabulary) {
  EXPECT_TRUE(warnings_of("hp 2024-08-13", "HP:0000001").empty());
  EXPECT_EQ(warnings_of("hp 2024-08-13", "HP:0000009"), std::vector{WarningKind::replaced_term});
  EXPECT_EQ(warnings_of("hp 2024-08-13", "HP:0000002"), std::vector{WarningKind::obsolete_term});
  EXPECT_EQ(warnings_of("hp 2024-08-13", "HP:7777777"), std::vector{WarningKind::unknown_term});
  EXPECT_TRUE(warnings_of("hp 2024-08-13", "LOINC:2731-8").empty());
}

TEST(TermCheck, APartOfAVocabularyDoesNotKnowWhatIsMissing) {
  EXPECT_TRUE(warnings_of("hp 2024-08-13 (part)", "HP:7777777").empty());
  EXPECT_EQ(warnings_of("hp 2024-08-13 (part)", "HP:0000002"), std::vector{WarningKind::obsolete_term});
}

TEST(TermCheck, TheSameDiseaseInAnotherCodeSystemIsNoReplacement) { EXPECT_TRUE(warnings_of("hp 2024-08-13", "OMIM:000003").empty()); }

}  // namespace
}  // namespace skerry::exchange

// Packs with one fault each: the check must name its file, its line and its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "pack/pack.hpp"
#include "pack/small_pack.hpp"

namespace skerry::pack {
namespace {

struct Broken {
  std::string file;
  std::string what, by;  ///< put `by` where `what` stands
  ErrorCode code;
  std::uint32_t line;
  std::string path;
  std::string says;        ///< part of the message
  std::string fault_in{};  ///< the file the fault is told for, when it is another one
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.file << ": " << broken.by; }

class BrokenPacks : public testing::TestWithParam<Broken> {};

TEST_P(BrokenPacks, AreToldByLine) {
  const auto& broken = GetParam();
  const SmallPack small;
  ASSERT_TRUE(small.replace(broken.file, broken.what, broken.by)) << broken.what;
  const auto report = check_pack(small.folder);
  const auto file = small.file(broken.fault_in.empty() ? broken.file : broken.fault_in);
  std::string all;
  std::size_t found = 0;
  for (const auto& error : report.errors) {
    all += error.text() + "\n";
    if (error.code == broken.code && error.place.file == file && error.place.line == broken.line && error.place.path == broken.path &&
        error.message.find(broken.says) != std::string::npos) {
      ++found;
    }
  }
  EXPECT_EQ(found, 1u) << all;
  EXPECT_LE(report.errors.size(), 2u) << "a fault may have one consequence, not a flood:\n" << all;
  EXPECT_EQ(load_pack(small.folder).error().code, ErrorCode::invalid_pack);
}

INSTANTIATE_TEST_SUITE_P(
    Manifest, BrokenPacks,
    testing::Values(
        Broken{"pack.json", "\"version\": \"1.0\",", "\"verison\": \"1.0\", \"version\": \"1\",", ErrorCode::unknown_parameter, 3,
               "/verison", "did you mean \"version\""},
        Broken{"pack.json", "\"version\": \"1.0\",", "", ErrorCode::missing_field, 1, "/version", "missing"},
        Broken{"pack.json", "\"version\": \"1.0\"", "\"version\": 1.0", ErrorCode::wrong_type, 3, "/version",
               "a text was expected, not a number"},
        Broken{"pack.json", "\"version\": \"1.0\"", "\"version\": \"\"", ErrorCode::missing_field, 3, "/version", "empty"},
        Broken{"pack.json", "\"summary\": {", "\"summary\" {", ErrorCode::malformed, 7, "/summary", "':'"},
        Broken{"pack.json", "\"languages\": [\"en\", \"it\"]", "\"languages\": []", ErrorCode::missing_field, 4, "/languages", "language"},
        Broken{"pack.json", "\"it\": \"Malattia piccola\"", "\"itt\": \"x\", \"it\": \"y\"", ErrorCode::unknown_value, 5, "/name/itt",
               "did you mean \"it\""},
        Broken{"pack.json", "\"en\": \"Small disease\", ", "", ErrorCode::missing_field, 5, "/name", "first language"},
        Broken{"pack.json", "\"it\": \"Malattia piccola\"", "\"it\": [\"Malattia\"]", ErrorCode::wrong_type, 5, "/name/it", "a list"},
        Broken{"pack.json", "\"MONDO:1\"", "\"mondo one\"", ErrorCode::unknown_value, 8, "/disease", "HP:0034282"},
        Broken{"pack.json", "\"MONDO:1\"", "\"ATC:1\"", ErrorCode::unknown_code, 0, "/disease", "diseases of codes.json"},
        Broken{"pack.json", "[\"why\"]", "[\"whi\"]", ErrorCode::not_found, 10, "/first_questions/0", "no question \"whi\""},
        Broken{"pack.json", "\"id\": \"small\"", "\"id\": \"small\", \"id\": \"small\"", ErrorCode::duplicate_key, 2, "/id", "twice"}));

INSTANTIATE_TEST_SUITE_P(
    Codes, BrokenPacks,
    testing::Values(
        Broken{"terms.json", "\"id\": \"HP:4\"", "\"id\": \"HP:33\"", ErrorCode::duplicate_key, 5, "/vocabularies/0/terms/3/id",
               "stands twice"},
        Broken{"terms.json", "\"label\": \"All\"", "\"label\": \"All\", \"is_a\": [\"HP:3\"]", ErrorCode::malformed, 3,
               "/vocabularies/0/terms/1/id", "circular"},
        Broken{"terms.json", "\"label\": \"Other\", \"is_a\": [\"HP:1\"]", "\"label\": \"Other\", \"is_a\": [\"HP:11\"]",
               ErrorCode::unknown_code, 5, "/vocabularies/0/terms/3/id", "no code HP:11"},
        Broken{"terms.json", "\"synonyms\"", "\"synonym\"", ErrorCode::unknown_parameter, 3, "/vocabularies/0/terms/1/synonym",
               "did you mean \"synonyms\""},
        Broken{"terms.json", "[\"Os\"]", "\"Os\"", ErrorCode::wrong_type, 3, "/vocabularies/0/terms/1/synonyms", "a list was expected"},
        Broken{"terms.json", "[\"Os\"]", "[\"Os\", \"Os\"]", ErrorCode::duplicate_key, 3, "/vocabularies/0/terms/1/synonyms/1", "twice"},
        Broken{"terms.json", "\"label\": \"Bone\", ", "", ErrorCode::missing_field, 3, "/vocabularies/0/terms/1/label", "missing"},
        Broken{"codes.json", "\"medicine\", \"certainty\"", "\"medicin\", \"certainty\"", ErrorCode::unknown_value, 4, "/codes/1/kind",
               "did you mean \"medicine\""},
        Broken{"codes.json", "\"quoted\"", "\"sure\"", ErrorCode::unknown_value, 4, "/codes/1/certainty", "read, quoted, unverified"},
        Broken{"codes.json", "\"id\": \"ORPHA:1\"", "\"id\": \"ORPHA 1\"", ErrorCode::unknown_value, 3, "/codes/0/same_as/0/id",
               "a code like"},
        Broken{"codes.json", "\"id\": \"ORPHA:1\"", "\"id\": \"HP:1\"", ErrorCode::duplicate_key, 2, "/codes/0/id", "HP:1 stands twice"},
        Broken{"body_sites.json", "SNOMEDCT:2", "SNOMEDCT:1", ErrorCode::duplicate_key, 3, "/sites/1/id", "stands twice"},
        Broken{"body_sites.json", "true", "\"yes\"", ErrorCode::wrong_type, 3, "/sites/1/sided", "true or false was expected"},
        Broken{"quality_rules.json", "\"HP:4\"", "\"HP:44\"", ErrorCode::unknown_code, 4, "/rules/0/absent", "no code HP:44"},
        Broken{"quality_rules.json", "\"HP:4\"", "\"HP:3\"", ErrorCode::conflict, 4, "/rules/0/absent", "two different codes"},
        Broken{"quality_rules.json", "\"id\": \"rule\"", "\"id\": \"Rule 1\"", ErrorCode::unknown_value, 2, "/rules/0/id",
               "small letters"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, BrokenPacks,
    testing::Values(
        Broken{"texts/labels.en.json", "\"ATC:1\": \"the medicine\"", "\"ATC:1\": \"the medicine\", \"ATC:2\": \"x\"",
               ErrorCode::unknown_code, 3, "/ATC:2", "did you mean \"ATC:1\""},
        Broken{"texts/labels.it.json", "\"ATC:1\"", "\"HP:4\"", ErrorCode::unknown_parameter, 3, "/HP:4", "is not in"},
        Broken{"texts/messages.en.json", "other {# people}", "few {# people}", ErrorCode::malformed, 2, "/people",
               "message pattern is wrong"},
        Broken{"texts/messages.it.json", "other {# persone}}", "other {# persone}", ErrorCode::malformed, 2, "/people",
               "message pattern is wrong"},
        Broken{"texts/messages.it.json", "oggi è {day}", "oggi è {giorno}", ErrorCode::conflict, 3, "/hello",
               "{giorno}, {name} here, {day}, {name} in \"en\""},
        Broken{"texts/messages.it.json", "Ciao {name}", "L'{name}", ErrorCode::conflict, 3, "/hello", "differ"},
        Broken{"texts/messages.it.json", "\"hello\"", "\"helo\"", ErrorCode::unknown_parameter, 3, "/helo", "did you mean \"hello\""},
        Broken{"texts/messages.en.json", "\"Hello {name}, it's {day}\"", "7", ErrorCode::wrong_type, 3, "/hello", "a text was expected"},
        Broken{"warnings.json", "HP:2", "HP:22", ErrorCode::unknown_code, 2, "/warnings/0/about", "no code HP:22"},
        Broken{"warnings.json", "[\"page\"]", "[\"pages\"]", ErrorCode::not_found, 2, "/warnings/0/sources", "no source \"pages\""},
        Broken{"consent.json", "own_care", "own_cure", ErrorCode::unknown_value, 2, "/texts/0/purpose", "did you mean \"own_care\""},
        Broken{"consent.json", "\"version\": \"small-consent-1.0\", ", "", ErrorCode::missing_field, 1, "/version", "missing"},
        Broken{"forms.json", "HP:2", "HP:222", ErrorCode::unknown_code, 1, "/to_come/0/codes", "no code HP:222"},
        Broken{"forms.json", "to_come", "forms", ErrorCode::unknown_parameter, 1, "/forms", "not known here"}));

INSTANTIATE_TEST_SUITE_P(
    Questions, BrokenPacks,
    testing::Values(
        Broken{"sources.json", "https://example.org/book", "http://example.org/book", ErrorCode::unknown_value, 2, "/sources/0/url",
               "https://"},
        Broken{"sources.json", "https://example.org/book", "https:///book", ErrorCode::unknown_value, 2, "/sources/0/url", "https://"},
        Broken{"sources.json", "https://example.org/book", "javascript:alert(1)", ErrorCode::unknown_value, 2, "/sources/0/url",
               "https://"},
        Broken{"sources.json", "https://example.org/book", "https://a@b/", ErrorCode::unknown_value, 2, "/sources/0/url", "https://"},
        Broken{"sources.json", "\"id\": \"page\"", "\"id\": \"book-1999\"", ErrorCode::duplicate_key, 3, "/sources/1/id", "stands twice"},
        Broken{"questions/why.json", "\"updated\": \"2026-11-22\"", "\"updated\": \"2026-11\"", ErrorCode::malformed, 6, "/updated",
               "a day"},
        Broken{"questions/why.json", "\"updated\": \"2026-11-22\"", "\"updated\": \"2026-02-30\"", ErrorCode::malformed, 6, "/updated",
               "a day"},
        Broken{"questions/why.json", "24", "0", ErrorCode::out_of_range, 7, "/review_months", "from 1 to 120"},
        Broken{"questions/why.json", "24", "24.5", ErrorCode::out_of_range, 7, "/review_months", "whole number"},
        Broken{"questions/why.json", "[\"small/count\"]", "[\"small/counts\"]", ErrorCode::not_found, 9, "/studies",
               "did you mean \"small/count\""},
        Broken{"questions/why.json", "[\"book-1999\"]", "[\"book-1999\", \"book-1998\"]", ErrorCode::not_found, 8, "/sources",
               "did you mean \"book-1999\""},
        Broken{"questions/why.json", "answers/why.it.md", "answers/how.it.md", ErrorCode::not_found, 5, "/answer/it", "no file"},
        Broken{"questions/why.json", "answers/why.it.md", "../secret.md", ErrorCode::unknown_value, 5, "/answer/it",
               "inside the pack's folder"},
        Broken{"questions/why.json", "answers/why.it.md", "/etc/hostname", ErrorCode::unknown_value, 5, "/answer/it",
               "inside the pack's folder"},
        Broken{"questions/why.json", "\"id\": \"why\"", "\"id\": \"how\"", ErrorCode::not_found, 10, "/first_questions/0", "no question",
               "pack.json"},
        Broken{"questions/why.json", "\"sources\": [\"book-1999\"],", "\"sources\": [],", ErrorCode::not_found, 3, "", "cited",
               "answers/why.en.md"},
        Broken{"studies/count.json", "small/count", "large/count", ErrorCode::invalid_study, 1, "/id", "small/"},
        Broken{"studies/count.json", "{\"id\"", "{\n\"id\":1, \"id\"", ErrorCode::duplicate_key, 2, "/id", "twice"}));

}  // namespace
}  // namespace skerry::pack

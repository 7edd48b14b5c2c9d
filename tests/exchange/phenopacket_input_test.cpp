// What read_phenopacket takes and what it refuses: as protobuf's JSON reader does, with the place of every fault.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/phenopackets.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange {
namespace {

Error refused(std::string_view json) {
  const auto read = read_phenopacket(json, "f.json");
  EXPECT_FALSE(read) << json;
  if (read) return {};
  EXPECT_EQ(read.error().place.file, "f.json");
  return read.error();
}

Parsed taken(std::string_view json) {
  auto read = read_phenopacket(json, "f.json");
  EXPECT_TRUE(read) << read.error().text() << "\n" << json;
  return read ? std::move(*read) : Parsed{};
}

std::string with(std::string_view fields) { return R"({"id":"p",)" + std::string(fields) + "}"; }

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += open;
  for (std::size_t i = 0; i < depth; ++i) out += close;
  return out;
}

const Fact* fact_of(const Parsed& packet, Kind kind) {
  const auto found = std::find_if(packet.batch.facts.begin(), packet.batch.facts.end(), [&](const Fact& f) { return f.kind == kind; });
  return found == packet.batch.facts.end() ? nullptr : &*found;
}

std::size_t warned(const Parsed& packet, WarningKind kind) {
  return static_cast<std::size_t>(
      std::count_if(packet.warnings.begin(), packet.warnings.end(), [&](const Warning& w) { return w.kind == kind; }));
}

struct Bad {
  std::string json;
  ErrorCode code;
  std::string path;
};

TEST(RefusedPhenopacket, IsToldWithItsPath) {
  const std::vector<Bad> cases{
      {"", ErrorCode::malformed, ""},
      {"  \n", ErrorCode::malformed, ""},
      {"[]", ErrorCode::wrong_type, ""},
      {"null", ErrorCode::wrong_type, ""},
      {"{}", ErrorCode::missing_field, "/id"},
      {R"({"id":""})", ErrorCode::missing_field, "/id"},
      {R"({"id":null})", ErrorCode::missing_field, "/id"},
      {R"({"id":7})", ErrorCode::wrong_type, "/id"},
      {R"({"id":"f","proband":{}})", ErrorCode::unknown_value, "/proband"},
      {R"({"id":"c","members":[]})", ErrorCode::unknown_value, "/members"},
      {with(R"("subject":[])"), ErrorCode::wrong_type, "/subject"},
      {with(R"("subject":{"sex":"WOMAN"})"), ErrorCode::unknown_value, "/subject/sex"},
      {with(R"("subject":{"sex":"female"})"), ErrorCode::unknown_value, "/subject/sex"},
      {with(R"("subject":{"sex":1.5})"), ErrorCode::out_of_range, "/subject/sex"},
      {with(R"("subject":{"dateOfBirth":"yesterday"})"), ErrorCode::malformed, "/subject/dateOfBirth"},
      {with(R"("subject":{"dateOfBirth":"2021-02-30T00:00:00Z"})"), ErrorCode::out_of_range, "/subject/dateOfBirth"},
      {with(R"("subject":{"vitalStatus":{"survivalTimeInDays":-1}})"), ErrorCode::out_of_range, "/subject/vitalStatus/survivalTimeInDays"},
      {with(R"("subject":{"vitalStatus":{"survivalTimeInDays":1.5}})"), ErrorCode::out_of_range, "/subject/vitalStatus/survivalTimeInDays"},
      {with(R"("phenotypicFeatures":{})"), ErrorCode::wrong_type, "/phenotypicFeatures"},
      {with(R"("phenotypicFeatures":[{},null])"), ErrorCode::wrong_type, "/phenotypicFeatures/1"},
      {with(R"("phenotypicFeatures":[{"excluded":"true"}])"), ErrorCode::wrong_type, "/phenotypicFeatures/0/excluded"},
      {with(R"("phenotypicFeatures":[{"type":{"id":"a","label":"b","id":"c"}}])"), ErrorCode::duplicate_key,
       "/phenotypicFeatures/0/type/id"},
      {with(R"("phenotypicFeatures":[],"phenotypic_features":[])"), ErrorCode::duplicate_key, "/phenotypic_features"},
      {with(R"("x":{"y":[{"z":1,"z":2}]})"), ErrorCode::duplicate_key, "/x/y/0/z"},
      {with(R"("x":1,"x":2)"), ErrorCode::duplicate_key, "/x"},
      {with(R"("files":[{"fileAttributes":{"a":"1","a":"2"}}])"), ErrorCode::duplicate_key, "/files/0/fileAttributes/a"},
      {with(R"("files":[{"fileAttributes":{"a/b~":1}}])"), ErrorCode::wrong_type, "/files/0/fileAttributes/a~1b~0"},
      {with(R"("measurements":[{"value":{"quantity":{"value":"NaN"}}}])"), ErrorCode::out_of_range, "/measurements/0/value/quantity/value"},
      {with(R"("measurements":[{"value":{"quantity":{"value":"much"}}}])"), ErrorCode::wrong_type, "/measurements/0/value/quantity/value"},
      {with(R"("measurements":[{"value":{"quantity":{"value":NaN}}}])"), ErrorCode::malformed, "/measurements/0/value/quantity/value"},
      {with(R"("measurements":[{"value":{"quantity":{"value":-Infinity}}}])"), ErrorCode::malformed,
       "/measurements/0/value/quantity/value"},
      {with(R"("measurements":[{"value":{"quantity":{"value":1e999}}}])"), ErrorCode::out_of_range, "/measurements/0/value/quantity/value"},
      {with(R"("measurements":[{"value":{"quantity":{}},"complexValue":{}}])"), ErrorCode::conflict, "/measurements/0/complexValue"},
      {R"({"id":"p","subject":{"sex":"MALE")", ErrorCode::malformed, "/subject/sex"},
      {with("\"a\":\"\xff\""), ErrorCode::invalid_text, "/a"},
      {with(R"("a":"\ud800")"), ErrorCode::invalid_text, "/a"},
      {with("\"a\":\"\n\""), ErrorCode::malformed, "/a"},
      {with(R"("a":01)"), ErrorCode::malformed, "/a"},
      {with(R"("a":tru)"), ErrorCode::malformed, "/a"},
      {with(R"("a":1,)"), ErrorCode::malformed, "/"},
      {R"({"id":"p"}{})", ErrorCode::malformed, ""},
      {"\xef\xbb\xbf{\"id\":\"p\"}", ErrorCode::malformed, ""},
  };
  for (const auto& bad : cases) {
    const auto error = refused(bad.json);
    EXPECT_EQ(name_of(error.code), name_of(bad.code)) << bad.json << " " << error.text();
    EXPECT_EQ(error.place.path, bad.path) << bad.json << " " << error.text();
  }
}

TEST(RefusedPhenopacket, SaysTheLineOfWhatIsNotJson) {
  const auto error = refused("{\n  \"id\": \"p\",\n  \"subject\": { \"sex\": }\n}");
  EXPECT_EQ(error.place.line, 3U);
  EXPECT_EQ(error.place.column, 23U);
  EXPECT_EQ(error.place.path, "/subject/sex");
}

TEST(RefusedPhenopacket, EveryCutOfAPacketIsAnErrorAndNoCrash) {
  const auto whole =
      with(R"("subject":{"id":"s","sex":"MALE"},"phenotypicFeatures":[{"type":{"id":"HP:1","label":"\u00e9\"x"},"excluded":true}],
    "measurements":[{"value":{"quantity":{"value":-1.5e3}}}],"metaData":{"created":"2020-01-01T00:00:00Z"})");
  ASSERT_TRUE(read_phenopacket(whole, "f.json"));
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(refused(whole.substr(0, i)).code, ErrorCode::malformed) << i;
}

TEST(RefusedPhenopacket, AnyDepthIsAnErrorAndNoCrash) {
  for (const std::size_t depth : {150U, 5'000U, 100'000U}) {
    EXPECT_EQ(refused(with("\"a\":" + nested(depth, "[", "]"))).code, ErrorCode::too_deep) << depth;
    EXPECT_EQ(refused(with("\"a\":" + nested(depth, "{\"a\":", "}"))).code, ErrorCode::too_deep) << depth;
    EXPECT_EQ(refused(nested(depth, "[", "")).code, ErrorCode::too_deep) << depth;
  }
  taken(with("\"a\":" + nested(100, "[", "]")));
}

TEST(RefusedPhenopacket, DepthHasOneLimitWhateverFindsIt) {
  for (std::size_t depth = 120; depth < 135; ++depth) {
    const auto json = with("\"a\":" + nested(depth, "[", "]"));
    const auto read = read_phenopacket(json, "f.json");
    EXPECT_TRUE(read || read.error().code == ErrorCode::too_deep) << depth << read.error().text();
  }
}

TEST(RefusedPhenopacket, WhatAFactCannotHoldIsRefusedWhateverTheSizeOfTheFile) {
  std::string many = R"("phenotypicFeatures":[{"modifiers":[{})";
  for (int i = 0; i < 1'000; ++i) many += ",{}";
  EXPECT_EQ(refused(with(many + "]}]")).code, ErrorCode::too_large);
  EXPECT_EQ(refused(with(R"("phenotypicFeatures":[{"description":")" + std::string((1 << 20) + 1, 'x') + R"("}])")).code,
            ErrorCode::too_large);
}

TEST(TakenPhenopacket, NumbersNamesAndNullsInEveryForm) {
  const auto a = taken(with(R"("subject":{"id":"s","sex":"MALE","karyotypicSex":"XY"},"interpretations":[{"diagnosis":{
    "genomicInterpretations":[{"variantInterpretation":{"variationDescriptor":{"vcfRecord":{"pos":"58909704"}}}}]}}])"));
  const auto b =
      taken(R"({"id":"p","subject":{"id":"s","sex":"2","karyotypic_sex":2,"gender":null},"files":null,"biosamples":[],"interpretations":
    [{"progressStatus":0,"diagnosis":{"genomic_interpretations":[{"gene":null,"variant_interpretation":{"variation_descriptor":
    {"vcf_record":{"pos":5.8909704e7,"chrom":""}}}}]}}]})");
  EXPECT_TRUE(a.batch.facts == b.batch.facts);
  EXPECT_TRUE(a.batch.origin->digest == b.batch.origin->digest);
}

TEST(TakenPhenopacket, WhatTheSchemaDoesNotHaveIsListed) {
  const auto read = taken(with(R"("phenotypicFeatures":[{"certainty":1},{"certainty":2}],"genes":[1,2],"subject":{"ageAtCollection":{}})"));
  const NotModelled expected{{"/phenotypicFeatures/*/certainty", 2}, {"/genes", 1}, {"/subject/ageAtCollection", 1}};
  EXPECT_EQ(read.not_modelled, expected);
}

TEST(TakenPhenopacket, OddThingsAreKeptWithAWarning) {
  const auto read = taken(with(R"("subject":{"sex":9,"timeAtLastEncounter":{"age":{"iso8601duration":"three"}}},
    "phenotypicFeatures":[{"type":{"label":"bone"}},{"type":{"id":"HP:1"},"onset":{"age":{"iso8601duration":"P03Y"}}}])"));
  EXPECT_EQ(warned(read, WarningKind::unknown_enum_number), 1U);
  EXPECT_EQ(warned(read, WarningKind::age_not_iso8601), 1U);
  EXPECT_EQ(warned(read, WarningKind::code_without_id), 1U);
  EXPECT_EQ(warned(read, WarningKind::code_without_label), 1U);
  EXPECT_EQ(warned(read, WarningKind::no_publication), 1U);
  EXPECT_EQ(warned(read, WarningKind::no_meta_data), 1U);
  EXPECT_EQ(read.publication, "phenopacket:p");
  const auto& age = read.batch.facts[2];
  EXPECT_EQ(age.code.id, skerry::concepts::last_encounter);
  EXPECT_TRUE(age.when == When::at(StatedTime{"three"}));
  Age three;
  three.years = 3;
  EXPECT_TRUE(read.batch.facts[4].when == When::at(three));  // to calculate with, though it is not written the shortest way
}

TEST(TakenPhenopacket, BecomesFactsThatSayWhatItSaid) {
  const auto read = taken(with(R"("subject":{"id":"s","sex":"FEMALE","dateOfBirth":"1998-05-06T00:00:00Z","alternateIds":["x"]},
    "phenotypicFeatures":[{"type":{"id":"HP:1","label":"f"},"excluded":true,"severity":{"id":"HP:2","label":"s"},
      "modifiers":[{"id":"HP:3","label":"m"},{"id":"HP:4","label":"n"}],"onset":{"ontologyClass":{"id":"HP:0003577","label":"Congenital onset"}}}],
    "measurements":[{"assay":{"id":"LOINC:2731-8","label":"PTH"},"value":{"quantity":{"unit":{"id":"UCUM:pg/mL","label":"u"},"value":40,
      "referenceRange":{"unit":{"id":"UCUM:pg/mL","label":"u"},"low":15,"high":65}}},"timeObserved":{"timestamp":"2020-01-02T00:00:00Z"}}],
    "diseases":[{"term":{"id":"OMIM:166350","label":"POH"},"primarySite":{"id":"UBERON:1","label":"skin"},"laterality":{"id":"L","label":"Left"}}],
    "medicalActions":[{"procedure":{"code":{"id":"NCIT:1","label":"Excision"},"bodySite":{"id":"UBERON:2","label":"arm"}},
      "adverseEvents":[{"id":"A","label":"a"}]},{"treatment":{"agent":{"id":"D","label":"d"},"drugType":"PRESCRIPTION"}}],
    "interpretations":[{"id":"i","diagnosis":{"disease":{"id":"OMIM:166350","label":"POH"},"genomicInterpretations":[{"gene":{"valueId":"HGNC:4392",
      "symbol":"GNAS"}}]}}],"metaData":{"externalReferences":[{"id":"https://x"},{"id":"PMID:25802881"}]})"));
  EXPECT_EQ(read.publication, "PMID:25802881");
  ASSERT_TRUE(read.batch.identity);
  EXPECT_EQ(read.batch.identity->json, R"({"dateOfBirth":"1998-05-06T00:00:00Z","alternateIds":["x"]})");
  ASSERT_EQ(read.batch.consents.size(), 3U);
  EXPECT_EQ(read.batch.consents[0].basis, Basis::published);
  EXPECT_EQ(read.batch.consents[0].text_version, "PMID:25802881");

  const auto* feature = fact_of(read, Kind::feature);
  ASSERT_NE(feature, nullptr);
  EXPECT_EQ(feature->status, Status::absent);
  EXPECT_TRUE(feature->when == When::at(Code{"HP:0003577", "Congenital onset"}));
  ASSERT_EQ(feature->qualifiers.size(), 3U);
  EXPECT_EQ(feature->qualifiers[0].role.id, "skerry:severity");
  EXPECT_EQ(feature->qualifiers[2].role.id, "skerry:modifier");
  EXPECT_TRUE(feature->qualifiers[2].value == Value(Code{"HP:4", "n"}));

  const auto* measurement = fact_of(read, Kind::measurement);
  ASSERT_NE(measurement, nullptr);
  const Code unit{"UCUM:pg/mL", "u"};
  EXPECT_TRUE(measurement->value == Value(Quantity{40, unit, Quantity::Range{15, 65, unit}}));

  const auto* diagnosis = fact_of(read, Kind::diagnosis);
  ASSERT_NE(diagnosis, nullptr);
  EXPECT_EQ(diagnosis->where.site.id, "UBERON:1");
  EXPECT_EQ(diagnosis->where.side, Side::left);
  EXPECT_EQ(fact_of(read, Kind::procedure)->where.site.id, "UBERON:2");
  EXPECT_EQ(fact_of(read, Kind::treatment)->code.id, "D");
  const auto* variant = fact_of(read, Kind::variant);
  ASSERT_NE(variant, nullptr);
  EXPECT_EQ(variant->code.id, "HGNC:4392");
  const auto owner = read.batch.facts[static_cast<std::size_t>(-variant->part_of.number - 1)];
  EXPECT_EQ(owner.kind, Kind::interpretation);
}

TEST(WrittenPhenopacket, LeavesOutAndCountsWhatItHasNoPlaceFor) {
  Fact feature;
  feature.participant = {12};
  feature.id = {1};
  feature.code = {"HP:1", "f"};
  feature.where.site = {"UBERON:1", "arm"};
  feature.qualifiers = {{{"skerry:pain", ""}, std::int64_t{3}}};
  Fact refused_answer = feature;
  refused_answer.status = Status::refused;
  Fact story = feature;
  story.kind = Kind::experience;
  story.code = {"skerry:question/pain", ""};
  NotModelled not_written;
  const auto json = write_phenopacket({feature, refused_answer, story}, {}, &not_written);
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, R"({"id":"skerry-participant-12","phenotypicFeatures":[{"type":{"id":"HP:1","label":"f"}}]})");
  const NotModelled expected{
      {"feature body site", 1}, {"feature skerry:pain", 1}, {"feature refused", 1}, {"experience skerry:question/pain", 1}};
  EXPECT_EQ(not_written, expected);
}

}  // namespace
}  // namespace skerry::exchange

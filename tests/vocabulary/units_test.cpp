#include "vocabulary/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "vocabulary/unit_reader.hpp"
#include "vocabulary/unit_table.hpp"

namespace skerry::vocabulary {
namespace {

using testing::HasSubstr;

struct Known {
  std::string from, to;
  double x, y;
};

const std::vector<Known> conversions{
    {"UCUM:mg/dL", "UCUM:g/L", 10, 0.1},
    {"mg/dL", "ug/mL", 1, 10},
    {"pg/mL", "ng/L", 65, 65},
    {"mmol/L", "umol/L", 2.5, 2500},
    {"mmol/l", "mol/m3", 2.5, 2.5},
    {"mm[Hg]", "kPa", 120, 15.99864},
    {"cm[H2O]", "Pa", 1, 98.0665},
    {"[in_i]", "cm", 1, 2.54},
    {"[ft_i]", "m", 6, 1.8288},
    {"[lb_av]", "kg", 1, 0.45359237},
    {"[oz_av]", "g", 1, 28.349523125},
    {"[stone_av]", "kg", 1, 6.35029318},
    {"[gal_us]", "L", 1, 3.785411784},
    {"[foz_us]", "mL", 1, 29.5735295625},
    {"[mi_i]", "km", 1, 1.609344},
    {"Cel", "K", 37, 310.15},
    {"Cel", "[degF]", 37, 98.6},
    {"Cel", "[degF]", 0, 32},
    {"[degF]", "Cel", 212, 100},
    {"[degF]", "K", -459.67, 0},
    {"K", "Cel", 0, -273.15},
    {"mCel", "Cel", 36'500, 36.5},
    {"[degRe]", "Cel", 80, 100},
    {"[degR]", "K", 9, 5},
    {"a", "d", 1, 365.25},
    {"mo", "d", 1, 30.4375},
    {"a", "mo", 2, 24},
    {"wk", "d", 2, 14},
    {"d", "h", 1, 24},
    {"h", "s", 1, 3600},
    {"min", "s", 1, 60},
    {"a_g", "d", 1, 365.2425},
    {"deg", "rad", 180, 3.14159265358979323846},
    {"'", "deg", 60, 1},
    {"''", "'", 60, 1},
    {"circ", "deg", 1, 360},
    {"%", "1", 12, 0.12},
    {"%", "", 12, 0.12},
    {"[ppm]", "%", 10'000, 1},
    {"10*3/uL", "10*9/L", 7, 7},
    {"10*6/mm3", "10*12/L", 4.5, 4.5},
    {"/100{WBC}", "%", 3, 3},
    {"g%", "g/L", 1, 10},
    {"kat", "U", 1, 6e7},
    {"nkat/L", "U/L", 1000, 60},
    {"U/L", "nkat/L", 1, 16.666666666666668},
    {"cal", "J", 1, 4.184},
    {"[Cal]", "kJ", 1, 4.184},
    {"kcal", "[Cal]", 1, 1},
    {"J", "kg.m2.s-2", 1, 1},
    {"N", "kg.m/s2", 1, 1},
    {"W/m2", "kg/s3", 1, 1},
    {"Pa.s", "P", 1, 10},
    {"bar", "kPa", 1, 100},
    {"atm", "mm[Hg]", 1, 101325 / 133.322},
    {"Gy", "RAD", 1, 100},
    {"Ci", "Bq", 1, 37e9},
    {"Da", "g", 1, 1.6605402e-24},
    {"u", "Da", 5, 5},
    {"k[IU]/L", "[IU]/mL", 1, 1},
    {"m[iU]/L", "[IU]/L", 1000, 1},
    {"mL/min/{1.73_m2}", "L/h", 1000, 60},
    {"mL/min/(1.73)", "x", 0, 0},
    {"{score}", "1", 7, 7},
    {"kg/m2", "g/cm2", 25, 2.5},
    {"ug/(24.h)", "ug/d", 30, 30},
    {"mg/kg/(8.h)", "mg/kg/d", 1, 3},
    {"mosm/kg", "osm/kg", 290, 0.29},
    {"meq/L", "eq/m3", 140, 140},
    {"[diop]", "/m", 2, 2},
    {"KiBy", "By", 1, 1024},
    {"dB", "B", 10, 1},
    {"fL", "um3", 90, 90},
    {"g.m/s2", "N", 1000, 1},
    {"L/min", "m3/s", 60'000, 1},
};

TEST(Units, ConvertAsTheirDefinitionsSay) {
  for (const auto& [from, to, x, y] : conversions) {
    const auto found = convert(from, to);
    if (to == "x") {
      EXPECT_FALSE(found) << from;
      continue;
    }
    ASSERT_TRUE(found) << from << " " << to << ": " << found.error().text();
    EXPECT_NEAR(found->apply(x), y, 4e-16 * std::max(1.0, std::abs(y)) * 4) << from << " to " << to;
  }
}

TEST(Units, PowersOfTenAreExact) {
  EXPECT_EQ(convert("mg/dL", "g/L")->factor, 0.01);
  EXPECT_EQ(convert("mm", "m")->factor, 0.001);
  EXPECT_EQ(convert("ng", "kg")->factor, 1e-12);
  EXPECT_EQ(convert("Cel", "[degF]")->offset, 32.0);
  EXPECT_EQ(convert("mg", "mg")->factor, 1.0);
}

TEST(Units, WhatMeasuresSomethingElseDoesNotConvert) {
  const std::vector<std::array<std::string, 3>> pairs{
      {"mmol/L", "mg/dL", "weight of the molecule"},
      {"UCUM:mmol/L", "UCUM:meq/L", "charge of the ion"},
      {"mosm/L", "mmol/L", "particles"},
      {"kg", "cm", "different things"},
      {"[IU]/L", "U/L", "procedure"},
      {"[IU]", "[arb'U]", "procedure"},
      {"mg/dL", "mg", "different things"},
      {"mol", "1", "different things"},
      {"Bq", "K", "different things"},
      {"[pH]", "mol/L", "procedure"},
  };
  for (const auto& [from, to, says] : pairs) {
    const auto found = convert(from, to);
    ASSERT_FALSE(found) << from << " " << to;
    EXPECT_EQ(found.error().code, ErrorCode::conflict);
    EXPECT_THAT(found.error().message, HasSubstr(says)) << from << " " << to;
    EXPECT_THAT(found.error().message, HasSubstr("does not convert to"));
    EXPECT_FALSE(conversion(from, to));
  }
  EXPECT_EQ(convert("[pH]", "[pH]")->factor, 1.0);
}

TEST(Units, WhatIsNoUnitIsNamed) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"mgg/dL", "\"mgg\" is not a UCUM unit (in \"mgg/dL\")"},
      {"years", "did you mean \"a\""},
      {"mcg", "did you mean \"ug\""},
      {"mmHg", "did you mean \"mm[Hg]\""},
      {"MG/DL", "\"DL\" is not"},
      {"mg/", "not a UCUM unit"},
      {"/", "not a UCUM unit"},
      {"mg//dL", "not a UCUM unit"},
      {".mg", "not a UCUM unit"},
      {"(mg", "parenthesis is not closed"},
      {"mg)", "not a UCUM unit"},
      {"mg{", "annotation is not closed"},
      {"mg{a{b}}", "annotation is not closed"},
      {"m-", "not a UCUM unit"},
      {"[in_i", "not a UCUM unit"},
      {"0", "0 is no unit"},
      {"Cel/min", "temperature scale"},
      {"2.Cel", "temperature scale"},
      {"Cel2", "temperature scale"},
      {"/Cel", "temperature scale"},
      {"(Cel)", "temperature scale"},
      {"kmin", "\"kmin\" is not"},
      {"\xC2\xB5g", "\"??g\" is not"},
      {" mg", "not a UCUM unit"},
      {std::string("mg\0dL", 5), "not a UCUM unit"},
  };
  for (const auto& [unit, says] : wrong) {
    const auto found = read_unit(unit);
    ASSERT_FALSE(found) << unit;
    EXPECT_EQ(found.error().code, ErrorCode::unknown_value) << unit;
    EXPECT_THAT(found.error().message, HasSubstr(says)) << unit;
  }
}

TEST(Units, HostileTextIsAnError) {
  EXPECT_EQ(read_unit(std::string(10'000'000, 'm')).error().code, ErrorCode::too_large);
  EXPECT_EQ(read_unit(std::string(200, '(')).error().code, ErrorCode::too_deep);
  EXPECT_EQ(read_unit("m999999").error().code, ErrorCode::out_of_range);
  EXPECT_EQ(read_unit("m-999999").error().code, ErrorCode::out_of_range);
  EXPECT_EQ(read_unit("10*99.10*99.10*99.10*99").error().code, ErrorCode::out_of_range);
  EXPECT_EQ(read_unit("999999999999999999999").error().code, ErrorCode::out_of_range);
  EXPECT_EQ(read_unit("m99.m99").error().code, ErrorCode::out_of_range);
  EXPECT_EQ(read_unit("[gal_us]99").error().code, ErrorCode::out_of_range);
  EXPECT_FALSE(convert("m[H2O]15", "am[H2O]15"));
}

TEST(Units, EveryRowOfTheTableIsAUnitOfItsOwn) {
  std::set<std::string_view> seen;
  for (const auto& row : unit_rows) {
    const auto found = read_unit(row.code);
    ASSERT_TRUE(found) << row.code;
    EXPECT_TRUE(seen.insert(row.code).second) << row.code;
    if (row.digits == 0) continue;
    EXPECT_TRUE(convert(row.code, row.unit)) << row.code;
    EXPECT_EQ(read_unit("k" + std::string(row.code)).has_value(), row.metric || row.code == "at") << row.code;
  }
}

RC_GTEST_PROP(UnitsProperty, ThereAndBackIsWhereItWas, ()) {
  static const std::vector<std::string> units{"mg/dL", "g/L",    "kg/m3", "ug/mL", "[lb_av]/[ft_i]3", "Cel", "K",   "[degF]",
                                              "a",     "mo",     "d",     "s",     "mm[Hg]",          "kPa", "deg", "rad",
                                              "J",     "kcal_th"};
  const auto from = *rc::gen::elementOf(units);
  const auto to = *rc::gen::elementOf(units);
  const auto there = convert(from, to);
  const auto back = convert(to, from);
  RC_ASSERT(there.has_value() == back.has_value());
  if (!there) return;
  const double x = *rc::gen::inRange(-1'000'000, 1'000'000) / 128.0;
  RC_ASSERT(std::abs(back->apply(there->apply(x)) - x) <= 1e-12 * (std::abs(x) + 1000));
}

RC_GTEST_PROP(UnitsProperty, AnyTextIsAUnitOrAnError, (const std::string& text)) {
  const auto found = read_unit(text);
  if (found) {
    RC_ASSERT(convert(text, text).has_value());
  } else {
    RC_ASSERT(!found.error().message.empty());
  }
}

}  // namespace
}  // namespace skerry::vocabulary

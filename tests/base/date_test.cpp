#include "base/date.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skerry {
namespace {

TEST(Instant, KeepsItsPrecision) {
  EXPECT_EQ(to_text(*parse_instant("2026-01-04T21:21:22.053635Z")), "2026-01-04T21:21:22.053635Z");
  EXPECT_EQ(to_text(*parse_instant("2026-01-04T21:21:22+02:30")), "2026-01-04T18:51:22Z");
  EXPECT_EQ(to_text(*parse_instant("1969-12-31T23:59:59.5Z")), "1969-12-31T23:59:59.500Z");
}

TEST(Instant, RefusesWhatIsNoInstant) {
  for (const auto* text : {"", "2026", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00+1", "0000-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+01:00"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

RC_GTEST_PROP(Instant, TextIsTheIdentity, ()) {
  const Instant instant{*rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800), *rc::gen::inRange(0, 1'000'000'000)};
  RC_ASSERT(*parse_instant(to_text(instant)) == instant);
}

RC_GTEST_PROP(PartialDate, ADayIsTheIdentity, ()) {
  const auto day = *rc::gen::inRange(-700'000, 2'900'000);
  const auto date = date_of_day(day);
  RC_ASSERT(days_of(date) == (DayRange{day, day}));
  RC_ASSERT(*parse_partial_date(to_text(date)) == date);
}

TEST(PartialDate, AMonthMayMeanAnyOfItsDays) {
  const auto range = days_of(*parse_partial_date("2020-02"));
  EXPECT_EQ(range.last - range.first, 28);
  EXPECT_FALSE(parse_partial_date("2019-02-29"));
  EXPECT_FALSE(parse_partial_date("2019-00"));
  EXPECT_FALSE(parse_partial_date("19"));
}

TEST(Age, KeepsItsWords) {
  for (const auto* text : {"P16Y", "P12M", "P3Y6M", "P2W", "P0D", "P1Y2M3W4DT5H6M7S", "P1.5Y", "PT0.25S"}) {
    ASSERT_TRUE(parse_age(text)) << text;
    EXPECT_EQ(to_text(*parse_age(text)), text);
  }
  for (const auto* text : {"", "P", "16Y", "P16", "P1M1Y", "PT", "P1YT", "P1.Y", "P-1Y", "P1.5Y2M", "P9999999999Y", "p1y"}) {
    EXPECT_FALSE(parse_age(text)) << text;
  }
  EXPECT_DOUBLE_EQ(parse_age("P1.5Y")->length_days(), 547.875);
  EXPECT_DOUBLE_EQ(parse_age("P12M")->length_days(), parse_age("P1Y")->length_days());
}

}  // namespace
}  // namespace skerry

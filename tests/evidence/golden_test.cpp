// Against R (golden.R) and against the textbook, to 1e-12.
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "evidence/interval.hpp"
#include "evidence/survival.hpp"

namespace skerry::evidence {
namespace {

std::vector<std::vector<std::string>> read_csv(const std::string& name) {
  const char* fresh = std::getenv("SKERRY_GOLDEN_DIR");  // run_r.cmake: what R says now
  std::ifstream in(std::string(fresh ? fresh : SKERRY_SOURCE_DIR "/tests/evidence/golden") + "/" + name);
  std::vector<std::vector<std::string>> out;
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) {
    std::vector<std::string> fields;
    std::stringstream parts(line);
    for (std::string field; std::getline(parts, field, ',');) fields.push_back(field);
    out.push_back(std::move(fields));
  }
  return out;
}

double number(const std::string& text) {
  double out = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}
std::int64_t whole(const std::string& text) { return std::llround(number(text)); }

void expect_close(const Interval& interval, const std::string& low, const std::string& high, const std::string& what) {
  EXPECT_NEAR(interval.low, number(low), 1e-12) << what;
  EXPECT_NEAR(interval.high, number(high), 1e-12) << what;
}

TEST(Proportions, AgreeWithR) {
  const auto rows = read_csv("proportions.csv");
  ASSERT_EQ(rows.size(), 42u);
  for (const auto& row : rows) {
    const auto present = whole(row[0]);
    const auto recorded = whole(row[1]);
    const auto level = number(row[2]);
    const auto what = row[0] + " of " + row[1] + " at " + row[2];
    expect_close(clopper_pearson(present, recorded, level), row[3], row[4], "Clopper-Pearson " + what);
    expect_close(mid_p(present, recorded, level), row[5], row[6], "mid-p " + what);
    expect_close(wilson(present, recorded, level), row[7], row[8], "Wilson " + what);
  }
}

using Sample = std::map<double, Leaving>;
void leave(Sample& sample, double time, bool event) {
  auto& step = sample[time];
  step.time = time;
  ++(event ? step.events : step.censored);
}

/// Freireich 1963, the 6-MP arm, weeks; censored times are negative here.
Sample six_mp() {
  Sample out;
  for (const double time :
       {6., 6., 6., -6., 7., -9., 10., -10., -11., 13., 16., -17., -19., -20., 22., 23., -25., -32., -32., -34., -35.}) {
    leave(out, std::abs(time), time > 0);
  }
  return out;
}

Sample made() {
  Sample out;
  for (int i = 0; i < 500; ++i) {
    const int time = (i * 37) % 101 + 1;
    leave(out, time, time != 101 && (i * 7) % 3 != 0);
  }
  return out;
}

std::vector<Leaving> leaving_of(const Sample& sample) {
  std::vector<Leaving> out;
  for (const auto& [time, step] : sample) out.push_back(step);
  return out;
}

TEST(Survival, AgreesWithR) {
  std::map<std::string, std::vector<Step>> curves;
  std::map<std::string, std::size_t> next;
  const std::map<std::string, cohort::CurveInterval> kinds{
      {"plain", cohort::CurveInterval::plain}, {"log", cohort::CurveInterval::log}, {"log-log", cohort::CurveInterval::log_log}};
  const auto rows = read_csv("survival.csv");
  ASSERT_GT(rows.size(), 300u);
  for (const auto& row : rows) {
    const auto key = row[0] + " " + row[1] + " " + row[2];
    if (!curves.contains(key)) {
      curves[key] = kaplan_meier(leaving_of(row[0] == "made" ? made() : six_mp()), kinds.at(row[1]), number(row[2]));
    }
    ASSERT_LT(next[key], curves[key].size()) << key;
    const auto& step = curves[key][next[key]++];
    const auto what = key + " at " + row[3];
    EXPECT_NEAR(step.time, number(row[3]), 0) << what;
    EXPECT_EQ(step.at_risk, whole(row[4])) << what;
    EXPECT_EQ(step.events, whole(row[5])) << what;
    EXPECT_EQ(step.censored, whole(row[6])) << what;
    EXPECT_NEAR(step.survival, number(row[7]), 1e-12) << what;
    EXPECT_NEAR(step.standard_error, number(row[8]), 1e-12) << what;
    // R's log-log interval is not a number while nobody had the event; ours is 1 to 1.
    if (row[9] != "NA" && row[9] != "NaN") {
      EXPECT_NEAR(step.low, number(row[9]), 1e-12) << what;
    }
    if (row[10] != "NA" && row[10] != "NaN") {
      EXPECT_NEAR(step.high, number(row[10]), 1e-12) << what;
    }
  }
  for (const auto& [key, steps] : curves) EXPECT_EQ(next[key], steps.size()) << key;
}

TEST(Survival, IsTheTextbookCurve) {
  const auto curve = kaplan_meier(leaving_of(six_mp()), cohort::CurveInterval::log_log, 0.95);
  const std::map<double, std::pair<double, double>> textbook{{6, {.8571, .0764}},  {7, {.8067, .0869}},  {10, {.7529, .0963}},
                                                             {13, {.6902, .1068}}, {16, {.6275, .1141}}, {22, {.5378, .1282}},
                                                             {23, {.4482, .1346}}};
  std::size_t found = 0;
  for (const auto& step : curve) {
    const auto row = textbook.find(step.time);
    if (row == textbook.end()) continue;
    ++found;
    EXPECT_NEAR(step.survival, row->second.first, 5e-5) << step.time;
    EXPECT_NEAR(step.standard_error, row->second.second, 5e-5) << step.time;
  }
  EXPECT_EQ(found, textbook.size());
}

TEST(Survival, EndsAtNoughtWhenTheLastPersonHasTheEvent) {
  const std::vector<Leaving> leaving{{1, 1, 0}, {2, 0, 0}, {3, 1, 0}};
  for (const auto kind : {cohort::CurveInterval::plain, cohort::CurveInterval::log, cohort::CurveInterval::log_log}) {
    const auto curve = kaplan_meier(leaving, kind, 0.95);
    ASSERT_EQ(curve.size(), 2u) << "a step in which nobody leaves is no step";
    EXPECT_DOUBLE_EQ(curve[0].survival, 0.5);
    EXPECT_DOUBLE_EQ(curve[1].survival, 0);
    EXPECT_DOUBLE_EQ(curve[1].standard_error, 0);
    EXPECT_FALSE(std::isnan(curve[1].low) || std::isnan(curve[1].high));
  }
  EXPECT_TRUE(kaplan_meier({}, cohort::CurveInterval::plain, 0.95).empty());
}

}  // namespace
}  // namespace skerry::evidence

#include "base/log.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "fact/fact.hpp"

namespace skerry {
namespace {

// The doors of the log: whatever holds something of one person does not fit through. If one of these fails, patient data can
// be written to a log line.
template <class T>
concept FitsIntoALogLine = requires(T value) { log::info("{}", value); };

static_assert(!Loggable<Fact> && !Loggable<const Fact&> && !Loggable<Fact&&>);
static_assert(!Loggable<Value> && !Loggable<Quantity> && !Loggable<Text> && !Loggable<Variant> && !Loggable<Record>);
static_assert(!Loggable<When> && !Loggable<Qualifier>);
static_assert(Loggable<int> && Loggable<std::string> && Loggable<const char*>);
static_assert(!FitsIntoALogLine<Fact> && !FitsIntoALogLine<const When&> && !FitsIntoALogLine<Value>);
static_assert(FitsIntoALogLine<int>);

TEST(Log, WritesOneLineWithItsLevel) {
  testing::internal::CaptureStderr();
  log::info("{} facts", 3);
  log::warning("slow");
  const auto lines = testing::internal::GetCapturedStderr();
  EXPECT_THAT(lines, testing::HasSubstr("info 3 facts\n"));
  EXPECT_THAT(lines, testing::HasSubstr("warning slow\n"));
}

TEST(Log, AHostileTextCannotForgeALine) {
  testing::internal::CaptureStderr();
  log::error("file {}", std::string("a\n2026-01-01T00:00:00Z info all is well\x1b[2J"));
  const auto lines = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  EXPECT_THAT(lines, testing::HasSubstr("a\\x0a2026"));
  EXPECT_THAT(lines, testing::HasSubstr("\\x1b[2J"));
}

TEST(Log, BelowTheLevelNothingIsWritten) {
  log::set_level(log::Level::error);
  testing::internal::CaptureStderr();
  log::info("quiet");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  log::set_level(log::Level::info);
}

}  // namespace
}  // namespace skerry

#include "disclosure/release_ledger.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skerry::disclosure {
namespace {

/// A release in which each of these people adds to one cell; cell 1 is opened.
Release release_of(std::string study, const std::vector<std::int64_t>& people, std::uint32_t cell = 1) {
  Release out;
  out.study = study;
  out.digest = digest_of(study);
  out.floor = 5;
  out.snapshot.at = *parse_instant("2026-01-01T00:00:00Z");
  for (const auto number : people) {
    out.people.participants.push_back({number});
    out.people.cells.push_back(cell);
    out.people.ends.push_back(static_cast<std::uint32_t>(out.people.cells.size()));
  }
  out.opened = {{"", {1}}};
  return out;
}

std::vector<std::int64_t> numbers(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> out;
  for (auto number = from; number <= to; ++number) out.push_back(number);
  return out;
}

RC_GTEST_PROP(ReleaseRow, EncodingIsTheIdentity, ()) {
  auto release = release_of("x/y", {});
  std::int64_t number = 0;
  for (int i = *rc::gen::inRange(0, 50); i > 0; --i) {
    number += *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    release.people.participants.push_back({number});
    for (int c = *rc::gen::inRange(1, 4); c > 0; --c) release.people.cells.push_back(*rc::gen::arbitrary<std::uint32_t>());
    release.people.ends.push_back(static_cast<std::uint32_t>(release.people.cells.size()));
  }
  release.snapshot.sequence = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  const auto again = decode_release(encode(release));
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == release);
}

TEST(ReleaseRow, DamageIsFound) {
  const auto row = encode(release_of("x/y", numbers(1, 200)));
  ASSERT_TRUE(decode_release(row));
  for (std::size_t i = 0; i < row.size(); ++i) {
    auto damaged = row;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const auto release = decode_release(damaged);
    if (release) {
      EXPECT_EQ(release->people, decode_release(row)->people) << i;
    }
    EXPECT_FALSE(decode_release(std::string_view(row).substr(0, i)));
  }
}

TEST(Releases, OfTheSameStudyNeedAFloorOfChanges) {
  const auto first = release_of("x/y", numbers(1, 50));
  EXPECT_EQ(compare(release_of("x/y", numbers(1, 50)), {first}), Verdict::same_as_before);
  for (const std::int64_t added : {1, 4}) EXPECT_EQ(compare(release_of("x/y", numbers(1, 50 + added)), {first}), Verdict::too_close);
  EXPECT_EQ(compare(release_of("x/y", numbers(1, 55)), {first}), Verdict::new_release);
  EXPECT_EQ(compare(release_of("x/y", numbers(2, 50)), {first}), Verdict::too_close);
  // Also back again: close to an older release though far from the last.
  EXPECT_EQ(compare(release_of("x/y", numbers(1, 51)), {first, release_of("x/y", numbers(1, 60))}), Verdict::too_close);
  // One person who only moved to another cell.
  auto moved = release_of("x/y", numbers(1, 50));
  moved.people.cells[7] = 2;
  EXPECT_EQ(compare(moved, {first}), Verdict::too_close);
}

TEST(Releases, OfOtherStudiesCannotBeSubtracted) {
  const auto first = release_of("x/all", numbers(1, 50));
  EXPECT_EQ(compare(release_of("x/but-one", numbers(1, 49)), {first}), Verdict::too_close);
  EXPECT_EQ(compare(release_of("x/swapped", numbers(3, 60)), {first}), Verdict::too_close) << "two left, ten came";
  EXPECT_EQ(compare(release_of("x/half", numbers(1, 25)), {first}), Verdict::new_release);
  EXPECT_EQ(compare(release_of("x/others", numbers(51, 53)), {first}), Verdict::too_close) << "three people are few by themselves";
  EXPECT_EQ(compare(release_of("x/others", numbers(51, 60)), {first}), Verdict::new_release);
}

TEST(Releases, OpenedPartsAreComparedToo) {
  // Both have the same cohort of 50, but one opened only the 48 in cell 1.
  auto first = release_of("x/a", numbers(1, 50));
  first.people.cells[0] = first.people.cells[1] = 2;
  EXPECT_EQ(compare(release_of("x/b", numbers(1, 50)), {first}), Verdict::too_close);
  first.opened = {{"one feature", {1}}};
  auto other = release_of("x/b", numbers(1, 50));
  other.opened = {{"another feature", {1}}};
  EXPECT_EQ(compare(other, {first}), Verdict::new_release) << "numbers of different things say nothing of each other";
  other.opened = {{"one feature", {1}}};
  EXPECT_EQ(compare(other, {first}), Verdict::too_close);
}

}  // namespace
}  // namespace skerry::disclosure

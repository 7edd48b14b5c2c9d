// Random packets over the whole schema go in and come out as protobuf would write them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>

#include "exchange/phenopackets.hpp"
#include "exchange/random_phenopacket.hpp"

namespace skerry::exchange {
namespace {

void comes_out_as_it_went_in(const RandomPhenopacket::Both& packet) {
  const auto read = read_phenopacket(packet.loose, "random.json");
  if (!read) RC_FAIL(read.error().text() + "\n" + packet.loose);
  RC_ASSERT(read->not_modelled.empty());
  for (const auto& fact : read->batch.facts) {
    const auto held = check(fact);
    if (!held) RC_FAIL(held.error().text());
  }
  NotModelled not_written;
  const auto written = write_phenopacket(read->batch.facts, read->batch.identity, &not_written);
  if (!written) RC_FAIL(written.error().text());
  RC_ASSERT(not_written.empty());
  RC_ASSERT(*written == packet.canonical);
  const auto again = read_phenopacket(*written, "random.json");
  if (!again) RC_FAIL(again.error().text());
  RC_ASSERT(again->batch.facts == read->batch.facts);
  RC_ASSERT(again->batch.identity == read->batch.identity);
  RC_ASSERT(again->batch.origin == read->batch.origin);
}

TEST(AnyPhenopacket, ComesOutAsItWentIn) {
  EXPECT_TRUE(rc::check("read, write and read again is the identity", [](std::uint32_t seed) {
    RandomPhenopacket random(seed);
    for (int i = 0; i < 5; ++i) comes_out_as_it_went_in(random.packet());
  }));
}

TEST(AnyPhenopacket, TheGeneratorGivesEveryFieldOfTheSchema) {
  std::set<std::string> seen;
  for (std::uint32_t seed = 0; seed < 1'000; ++seed) {
    RandomPhenopacket random(seed);
    random.packet();
    seen.insert(random.seen().begin(), random.seen().end());
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(pp::Type::count); ++i) {
    const auto& type = pp::type(static_cast<pp::Type>(i));
    for (const auto& field : type.fields) EXPECT_TRUE(seen.contains(std::string(type.name) + "." + field.name)) << type.name << field.name;
  }
}

}  // namespace
}  // namespace skerry::exchange

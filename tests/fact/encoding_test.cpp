#include "fact/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "generators.hpp"

namespace skerry {
namespace {

template <class T>
std::string bytes_of(const T& thing) {
  std::string out;
  encode(thing, out);
  return out;
}

RC_GTEST_PROP(Encoding, AFactComesBackAsItWas, ()) {
  const auto fact = *generators::fact();
  const auto bytes = bytes_of(fact);
  const auto back = decode_fact(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == fact);
  RC_ASSERT(bytes_of(*back) == bytes);
}

RC_GTEST_PROP(Encoding, AValueATimeAndQualifiersComeBackAsTheyWere, ()) {
  const auto fact = *generators::statement();
  RC_ASSERT(decode_value(bytes_of(fact.value)).value() == fact.value);
  RC_ASSERT(decode_when(bytes_of(fact.when)).value() == fact.when);
  RC_ASSERT(decode_qualifiers(bytes_of(fact.qualifiers)).value() == fact.qualifiers);
}

RC_GTEST_PROP(Encoding, WhatIsGeneratedIsSound, ()) { RC_ASSERT(check(*generators::statement()).has_value()); }

RC_GTEST_PROP(Encoding, TwoFactsThatDifferHaveDifferentBytes, ()) {
  const auto a = *generators::fact();
  const auto b = *generators::fact();
  RC_ASSERT(a == b || bytes_of(a) != bytes_of(b));
}

RC_GTEST_PROP(Encoding, NoPartOfTheBytesIsAFact, ()) {
  const auto bytes = bytes_of(*generators::fact());
  const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size());
  RC_ASSERT(!decode_fact(std::string_view(bytes).substr(0, cut)).has_value());
  RC_ASSERT(!decode_fact(bytes + "x").has_value());
}

// Whatever is accepted has one form only: so no two byte strings stand for one fact.
RC_GTEST_PROP(Encoding, DamagedBytesAreRefusedOrAreAnotherFactsOwn, ()) {
  const auto fact = *generators::fact();
  auto bytes = bytes_of(fact);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
  const auto back = decode_fact(bytes);
  if (!back) {
    RC_ASSERT(back.error().code == ErrorCode::malformed);
  } else {
    RC_ASSERT(bytes_of(*back) == bytes);
  }
}

RC_GTEST_PROP(Encoding, AnyBytesAreAnswered, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (const bool sound : {decode_fact(bytes).has_value(), decode_value(bytes).has_value(), decode_when(bytes).has_value(),
                           decode_qualifiers(bytes).has_value()}) {
    RC_CLASSIFY(sound, "accepted");
  }
}

Fact documented_fact() {
  Fact fact;
  fact.id.number = 2;
  fact.participant.number = 1;
  fact.recorded_at = {100, 0};
  fact.code = {"HP:1", "a"};
  fact.status = Status::absent;
  fact.source = {SourceKind::publication, "PMID:2"};
  return fact;
}

// The bytes are on disk and under signatures: if this fails, the format has changed and needs a new number.
TEST(Encoding, TheDocumentedExampleHasTheseBytes) {
  EXPECT_EQ(bytes_of(documented_fact()), std::string("\x01\x04\x02\xc8\x01\x00\x02\x02\x05\x04HP:1\x01"
                                                     "a\x10\x06PMID:2",
                                                     24));
}

TEST(Encoding, EveryValueHasItsTag) {
  const std::pair<Value, std::string> expected[] = {
      {Value{}, std::string("\0", 1)},
      {Code{"a:1", ""}, std::string("\1\3a:1\0", 6)},
      {Quantity{1.0, {"UCUM:m", ""}, {}}, std::string("\2\0\0\0\0\0\0\xf0\x3f\6UCUM:m\0", 17)},
      {std::int64_t{-1}, "\4\1"},
      {false, "\5"},
      {true, "\6"},
      {Text{"x"}, "\7\1x"},
      {When{}, std::string("\x08\0", 2)},
      {Record{"{}"}, "\x0a\2{}"},
  };
  for (const auto& [value, bytes] : expected) EXPECT_EQ(bytes_of(value), bytes) << value.index();
}

TEST(Encoding, TheExtremesOfNumbersComeBack) {
  for (const auto number : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), std::int64_t{0}}) {
    EXPECT_EQ(decode_value(bytes_of(Value{number})).value(), Value{number});
  }
  const auto minus_zero = decode_value(bytes_of(Value{Quantity{-0.0, {}, {}}})).value();
  EXPECT_TRUE(std::signbit(std::get<Quantity>(minus_zero).number));
}

TEST(Encoding, HostileBytesAreRefused) {
  const std::string_view hostile[] = {
      {"\4\x80\0", 3},                                     // a number longer than it need be
      {"\4\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11},  // more than 64 bits
      {"\7\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},  // a text of 2^64-1 bytes
      {"\x0b", 1},                                         // an unknown tag
      {"\x08\x05", 2},                                     // an unknown kind of time
      {"\x08\x29\0\0\0", 5},                               // an unknown flag of a time
      {"\x08\x09\0\0\0", 5},                               // an empty moment that need not be written
      {"\x08\x09\2\x80\0", 5},                             // an empty fraction that need not be written
      {"\x09\2", 2},                                       // a variant with an unknown flag
      {"\x09\0\0\0\0\0\0\xff\xff\xff\xff\x0f", 12},        // four thousand million expressions
      {"\x08\x09\1\x80\x80\x04\1\1", 8},                   // the year 32768
  };
  for (const auto bytes : hostile) {
    const auto value = decode_value(bytes);
    ASSERT_FALSE(value) << static_cast<int>(bytes.front());
    EXPECT_EQ(value.error().code, ErrorCode::malformed);
  }
  EXPECT_FALSE(decode_qualifiers("\xe9\x07" + std::string(5'000, '\0')));  // 1,001 of them
  EXPECT_TRUE(decode_qualifiers("\xe8\x07" + std::string(3'000, '\0')));
}

TEST(Encoding, AFactWithAPartWrittenThatIsEmptyIsRefused) {
  auto bytes = bytes_of(documented_fact());
  bytes[16] = '\x12';                      // also has_when, has_reference ...
  bytes.insert(17, std::string(1, '\0'));  // ... and an unknown time
  EXPECT_FALSE(decode_fact(bytes));
}

}  // namespace
}  // namespace skerry

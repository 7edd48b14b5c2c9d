#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace skerry {
namespace {

TEST(Digest, IsBlake2bWith256Bits) {
  // `b2sum -l 256` of nothing and of "abc".
  EXPECT_EQ(to_hex(digest_of("")), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(to_hex(digest_of("abc")), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(Digest, PieceByPieceIsTheSame) {
  const std::string text(1'000, 'x');
  Hasher hasher;
  for (std::size_t at = 0; at < text.size(); at += 7) hasher.add(std::string_view(text).substr(at, 7));
  EXPECT_EQ(hasher.finish(), digest_of(text));
}

TEST(Digest, FieldsDoNotRunTogether) {
  EXPECT_NE(Hasher().add_field("ab").add_field("c").finish(), Hasher().add_field("a").add_field("bc").finish());
  EXPECT_NE(Hasher().add_number(1).add_number(256).finish(), Hasher().add_number(256).add_number(1).finish());
}

TEST(Digest, HexComesBackAndAnythingElseIsRefused) {
  const auto digest = digest_of("abc");
  EXPECT_EQ(parse_digest(to_hex(digest)).value(), digest);
  for (const auto& bad : {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
    ASSERT_FALSE(parse_digest(bad));
    EXPECT_EQ(parse_digest(bad).error().code, ErrorCode::malformed);
  }
}

}  // namespace
}  // namespace skerry

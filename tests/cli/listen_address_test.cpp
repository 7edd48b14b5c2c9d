#include "cli/listen_address.hpp"

#include <gtest/gtest.h>

namespace skerry::cli {
namespace {

TEST(ListenAddress, TakesHostAndPort) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address("[::1]:0")->url(99), "http://[::1]:99");
  EXPECT_EQ(parse_listen_address("localhost:1")->url(1), "http://localhost:1");
}

TEST(ListenAddress, RefusesTheRest) {
  for (const auto* text : {"", "8080", ":8080", "host:", "host:x", "host:65536", "host:-1", "::1:80", "[]:80", "[::1:80", "host:80 "}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

}  // namespace
}  // namespace skerry::cli

// HOST:PORT as the command line takes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace skerry::cli {

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  /// "http://127.0.0.1:8080"; an IPv6 host stands in brackets.
  [[nodiscard]] std::string url(std::uint16_t bound_port) const;
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:0". Errors: usage.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace skerry::cli

#include "cli/listen_address.hpp"

#include <charconv>

namespace skerry::cli {

std::string ListenAddress::url(std::uint16_t bound_port) const {
  const bool six = host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(bound_port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto wrong = [] {
    return fail(ErrorCode::usage, "expected HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080", Place{"--listen", 0, 0, {}});
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong();
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return wrong();
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong();
  }
  ListenAddress out{std::string(host), 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return wrong();
  return out;
}

}  // namespace skerry::cli

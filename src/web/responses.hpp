// Responses with the headers that every answer of the site carries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace skerry::web {

enum class Caching : std::uint8_t {
  revalidate,  ///< kept, but asked about each time (ETag)
  year,        ///< the address changes with the content
  never,
};

/// With the security headers, and an ETag unless it is never to be kept.
[[nodiscard]] net::Response respond(int status, std::string content_type, std::string body, Caching caching);
[[nodiscard]] net::Response html(int status, std::string body, std::string_view language, Caching caching);
/// 303 See Other or 308 Permanent Redirect to a path of this site.
[[nodiscard]] net::Response redirect(int status, std::string location);

/// 304 instead of a 200 whose ETag the request names in If-None-Match (RFC 9110 13.1.2; weak comparison).
[[nodiscard]] net::Response conditional(net::Response response, const net::Request& request);

[[nodiscard]] const std::string* header_of(const net::Response& response, std::string_view name);

}  // namespace skerry::web

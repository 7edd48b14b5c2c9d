// What stands between the method and the version of a request line, taken apart. Pure; strict, for it comes from strangers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace skerry::net {

/// Names and values in the order sent, decoded.
using Query = std::vector<std::pair<std::string, std::string>>;

struct RequestTarget {
  std::string path;  ///< decoded; starts with '/'
  Query query;
  bool operator==(const RequestTarget&) const = default;
};

/// Origin form ("/en/answers?x=1") or absolute form ("http://host/en"; its host is not looked at) of RFC 9112, section 3.2.
/// Errors: malformed (another form, a fragment, a byte no URI may hold, a bad escape, a control character in the path, a "." or
/// ".." segment, also an escaped one, or user information); invalid_text (decoded text is not UTF-8).
[[nodiscard]] Result<RequestTarget> parse_request_target(std::string_view target);

/// "a=1&b=two+words&c" of a query or of an application/x-www-form-urlencoded body, without the '?'. Empty pairs are left out.
/// Errors: malformed (a bad escape, NUL), invalid_text.
[[nodiscard]] Result<Query> parse_query(std::string_view text);

}  // namespace skerry::net

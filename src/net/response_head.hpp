// The bytes before a response's body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace skerry::net {

enum class ConnectionHeader { none, keep_alive, close };

/// Whether status and headers may be sent: 200 to 599, names that are tokens, values without control characters but tab (so
/// that no value can begin another header or the body). Errors: malformed; the message names the header, never its value.
[[nodiscard]] Result<void> check_head(const Response& response);

/// Status line, Date, Content-Type, Content-Length, the response's own headers, Connection, and the empty line, for a response
/// that passed check_head. Headers that are the server's own business (content-length, transfer-encoding, connection, date,
/// keep-alive) are left out. `date` is an IMF-fixdate.
void append_head(const Response& response, std::string_view date, ConnectionHeader connection, std::string& out);

/// Whether a response of this status has a body at all: not 204 and 304.
[[nodiscard]] bool has_body(int status) noexcept;

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7). `seconds` since 1970-01-01T00:00:00Z, not before it.
[[nodiscard]] std::string http_date(std::int64_t seconds);

/// "Not Found"; "Status" for one this server does not know.
[[nodiscard]] std::string_view reason_of(int status) noexcept;

/// A short text response for what the server refuses by itself.
[[nodiscard]] Response refusal(int status);

}  // namespace skerry::net

#include "net/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

namespace skerry::net {
namespace {

struct Reason {
  int status;
  std::string_view text;
};
constexpr std::array reasons = {
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{503, "Service Unavailable"},
    Reason{505, "HTTP Version Not Supported"},
    Reason{507, "Insufficient Storage"},
};

bool is_token(std::string_view name) noexcept {
  const auto token_character = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, token_character);
}

bool is_field_value(std::string_view value) noexcept {
  return std::ranges::none_of(value, [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f'; });
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return std::ranges::equal(text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

bool is_servers_own(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> own = {"content-length", "transfer-encoding", "connection", "date", "keep-alive"};
  return std::ranges::any_of(own, [name](std::string_view lower) { return equals_ignoring_case(name, lower); });
}

}  // namespace

Result<void> check_head(const Response& response) {
  if (response.status < 200 || response.status > 599) return fail(ErrorCode::malformed, "a response's status is 200 to 599");
  if (!is_field_value(response.content_type)) return fail(ErrorCode::malformed, "content-type holds a control character");
  if (!response.body) return fail(ErrorCode::malformed, "a response has a body, if an empty one");
  for (const auto& [name, value] : response.headers) {
    if (!is_token(name)) return fail(ErrorCode::malformed, "a header's name is not a token");
    if (!is_field_value(value)) return fail(ErrorCode::malformed, fmt::format("the header {} holds a control character", name));
  }
  return {};
}

void append_head(const Response& response, std::string_view date, ConnectionHeader connection, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_of(response.status), date);
  if (has_body(response.status)) {
    if (!response.content_type.empty()) fmt::format_to(to, "Content-Type: {}\r\n", response.content_type);
    fmt::format_to(to, "Content-Length: {}\r\n", response.body->size());
  }
  for (const auto& [name, value] : response.headers) {
    if (!is_servers_own(name)) fmt::format_to(to, "{}: {}\r\n", name, value);
  }
  if (connection == ConnectionHeader::keep_alive) out += "Connection: keep-alive\r\n";
  if (connection == ConnectionHeader::close) out += "Connection: close\r\n";
  out += "\r\n";
}

bool has_body(int status) noexcept { return status != 204 && status != 304; }

std::string http_date(std::int64_t seconds) {
  // Not strftime: its names follow the locale.
  constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  using namespace std::chrono;
  const sys_seconds instant{std::chrono::seconds(seconds)};
  const sys_days day = floor<std::chrono::days>(instant);
  const year_month_day date(day);
  const hh_mm_ss time(instant - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string_view reason_of(int status) noexcept {
  const auto found = std::ranges::find(reasons, status, &Reason::status);
  return found == reasons.end() ? "Status" : found->text;
}

Response refusal(int status) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::make_shared<const std::string>(fmt::format("{} {}\n", status, reason_of(status)));
  if (status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace skerry::net

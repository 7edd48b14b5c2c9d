#include "web/responses.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace skerry::web {
namespace {

void add_security_headers(net::Response& response) {
  constexpr std::pair<const char*, const char*> headers[] = {
      {"content-security-policy",
       "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"x-content-type-options", "nosniff"},
      {"referrer-policy", "no-referrer"},
      {"permissions-policy",
       "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), "
       "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"},
      {"cross-origin-opener-policy", "same-origin"},
      {"cross-origin-resource-policy", "same-origin"},
      {"cross-origin-embedder-policy", "require-corp"},
  };
  for (const auto& [name, value] : headers) response.headers.emplace_back(name, value);
}

}  // namespace

net::Response respond(int status, std::string content_type, std::string body, Caching caching) {
  net::Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  add_security_headers(response);
  switch (caching) {
    case Caching::revalidate: response.headers.emplace_back("cache-control", "no-cache"); break;
    case Caching::year: response.headers.emplace_back("cache-control", "public, max-age=31536000, immutable"); break;
    case Caching::never: response.headers.emplace_back("cache-control", "no-store"); break;
  }
  if (caching != Caching::never) response.headers.emplace_back("etag", '"' + to_hex(digest_of(body)).substr(0, 24) + '"');
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

net::Response html(int status, std::string body, std::string_view language, Caching caching) {
  auto response = respond(status, "text/html; charset=utf-8", std::move(body), caching);
  response.headers.emplace_back("content-language", std::string(language));
  return response;
}

net::Response redirect(int status, std::string location) {
  auto response = respond(status, "text/plain; charset=utf-8", "", Caching::never);
  response.headers.emplace_back("location", std::move(location));
  return response;
}

const std::string* header_of(const net::Response& response, std::string_view name) {
  const auto found =
      std::find_if(response.headers.begin(), response.headers.end(), [name](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? nullptr : &found->second;
}

net::Response conditional(net::Response response, const net::Request& request) {
  const auto* etag = header_of(response, "etag");
  const auto asked = request.headers.find("if-none-match");
  if (response.status != 200 || etag == nullptr || asked == request.headers.end()) return response;
  const std::string_view list = asked->second;
  // The tag stands in quotation marks, so that no part of another one is equal to it.
  if (list != "*" && list.find(*etag) == std::string_view::npos) return response;
  response.status = 304;
  response.body = std::make_shared<const std::string>();
  return response;
}

}  // namespace skerry::web

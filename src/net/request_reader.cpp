#include "net/request_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>
#include <utility>

#include "net/request_target.hpp"

namespace skerry::net {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

int status_of(const boost::system::error_code& error) noexcept {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

std::string_view view_of(boost::beast::string_view text) noexcept { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

/// 0 when it may go on, or the status to refuse it with.
int check_method(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 7> known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (std::ranges::find(known, method) != known.end()) return 0;
  return method == "CONNECT" || method == "TRACE" ? 405 : 501;
}

int check_framing(const Parser::value_type& message) {
  const auto count = [&message](http::field name) { return message.count(name); };
  if (count(http::field::host) > 1 || (message.version() == 11 && count(http::field::host) == 0)) return 400;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(view_of(message[http::field::content_length]), is_digit)) return 400;  // "3, 3", which Beast would take
  if (count(http::field::content_length) > 1 || count(http::field::transfer_encoding) > 1) return 400;
  if (count(http::field::transfer_encoding) == 1) {
    if (count(http::field::content_length) != 0 || message.version() != 11) return 400;
    if (lower(view_of(message[http::field::transfer_encoding])) != "chunked") return 501;
  }
  if (count(http::field::expect) != 0 && lower(view_of(message[http::field::expect])) != "100-continue") return 417;
  return 0;
}

void take_headers(const Parser::value_type& message, Request& request) {
  for (const auto& field : message) {
    std::string name = lower(view_of(field.name_string()));
    const std::string_view value = view_of(field.value());
    const auto [place, added] = request.headers.try_emplace(std::move(name), value);
    if (!added) place->second.append(place->first == "cookie" ? "; " : ", ").append(value);
  }
}

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const Limits& given) : limits(given) { begin(); }

  void begin() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limits.header_bytes_max, UINT32_MAX)));
    parser->body_limit(limits.body_bytes_max);
    state = State::head;
    request = Request{};
    wants_continue = head = false;
    head_bytes = 0;
  }

  void refuse(int with_status) {
    state = State::refused;
    status = with_status;
  }

  void finish_head() {
    const auto& message = parser->get();
    if (message.version() != 11 && message.version() != 10) return refuse(505);
    const std::string_view method = view_of(message.method_string());
    if (const int refused = check_method(method); refused != 0) return refuse(refused);
    if (const int refused = check_framing(message); refused != 0) return refuse(refused);
    request.target = view_of(message.target());
    const bool about_server = request.target == "*" && method == "OPTIONS";
    auto target = parse_request_target(about_server ? std::string_view("/") : std::string_view(request.target));
    if (!target) return refuse(400);
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    head = method == "HEAD";
    request.method = head ? "GET" : method;
    take_headers(message, request);
    keep_alive = message.keep_alive();
    version_1_0 = message.version() == 10;
    wants_continue = !version_1_0 && message.count(http::field::expect) != 0;
    state = State::body;
  }

  std::size_t put(std::string_view bytes) {
    boost::system::error_code error;
    const std::size_t taken = parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != http::error::need_more) refuse(status_of(error));
    return taken;
  }

  std::size_t put_head(std::string_view bytes) {
    if (bytes.empty()) return 0;
    // What is no method at all (a TLS greeting, say) is not waited for until it is long enough to be a header.
    if (head_bytes == 0 && (bytes.front() < 'A' || bytes.front() > 'Z')) {
      refuse(400);
      return 0;
    }
    const std::size_t taken = put(bytes);
    head_bytes += taken;
    if (state != State::head) return taken;
    const bool complete = parser->is_header_done();
    // Beast holds its limit against each piece it is given, which lets a header grow line by line.
    const std::size_t size = complete ? head_bytes : head_bytes + (bytes.size() - taken);
    if (size > limits.header_bytes_max) {
      refuse(431);
    } else if (complete) {
      finish_head();
    }
    return taken;
  }

  Limits limits;
  std::size_t head_bytes = 0;  ///< taken of the present head
  std::optional<Parser> parser;
  State state = State::head;
  int status = 0;
  bool wants_continue = false;
  bool keep_alive = false;
  bool version_1_0 = false;
  bool head = false;
  Request request;
};

RequestReader::RequestReader(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  if (impl_->state == State::head) taken = impl_->put_head(bytes);
  while (impl_->state == State::body && !impl_->parser->is_done() && taken < bytes.size()) {
    const std::size_t more = impl_->put(bytes.substr(taken));
    taken += more;
    if (more == 0) break;
  }
  if (impl_->state == State::body && impl_->parser->is_done()) {
    impl_->request.body = std::move(impl_->parser->get().body());
    impl_->state = State::done;
  }
  return taken;
}

RequestReader::State RequestReader::state() const noexcept { return impl_->state; }
int RequestReader::refused_status() const noexcept { return impl_->status; }
bool RequestReader::wants_continue() const noexcept { return impl_->wants_continue; }
bool RequestReader::keep_alive() const noexcept { return impl_->keep_alive; }
bool RequestReader::is_http_1_0() const noexcept { return impl_->version_1_0; }
bool RequestReader::is_head() const noexcept { return impl_->head; }

Request RequestReader::take() {
  Request request = std::move(impl_->request);
  impl_->begin();
  return request;
}

}  // namespace skerry::net

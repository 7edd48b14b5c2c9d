#include "net/connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace skerry::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t read_bytes_head = 8 * 1024;
constexpr std::size_t read_bytes_body = 64 * 1024;
constexpr std::size_t drained_bytes_max = 1024 * 1024;
constexpr std::chrono::milliseconds linger_time_max{1'000};

std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

/// Handlers are others' code: what they throw ends here. What an exception says may be patient data, so it is not logged.
Response answer(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (...) {
    log::error("a request handler failed with an exception; answered 500");
    return refusal(500);
  }
}

std::optional<Response> answer_fast(const ServerOptions& options, const Request& request) {
  if (!options.fast) return std::nullopt;
  try {
    return options.fast(request);
  } catch (...) {
    log::error("the handler of cached pages failed with an exception; answered 500");
    return refusal(500);
  }
}

}  // namespace

Connection::Connection(IoLoop& loop, asio::ip::tcp::socket socket)
    : loop_(loop),
      socket_(std::move(socket)),
      remote_(address_of(socket_)),
      buffer_(loop.service().options.limits.header_bytes_max + read_bytes_body),
      reader_(loop.service().options.limits) {}

void Connection::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  next_request();
}

void Connection::enter(Phase phase, std::chrono::milliseconds time_max) {
  phase_ = phase;
  deadline_ = Clock::now() + time_max;
}

bool Connection::reading() const noexcept { return phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body; }

void Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  if (phase_ == Phase::head || phase_ == Phase::body) return refuse(408);
  finish();
}

void Connection::stop_idle() {
  if (phase_ == Phase::idle || phase_ == Phase::head) finish();
}

void Connection::finish() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  error_code ignored;
  socket_.close(ignored);
  loop_.remove(shared_from_this());
}

void Connection::next_request() {
  const Limits& limits = loop_.service().options.limits;
  continue_sent_ = without_body_ = http_1_0_ = false;
  if (buffer_.size() == 0) {
    enter(Phase::idle, limits.idle_time_max);
    return read();
  }
  enter(Phase::head, limits.read_time_max);
  process();
}

void Connection::read() {
  const std::size_t wanted = phase_ == Phase::body ? read_bytes_body : read_bytes_head;
  const std::size_t room = buffer_.max_size() - buffer_.size();
  if (room == 0) return refuse(400);
  socket_.async_read_some(buffer_.prepare(std::min(wanted, room)),
                          [self = shared_from_this()](error_code error, std::size_t count) { self->on_read(error, count); });
}

void Connection::on_read(error_code error, std::size_t count) {
  if (!reading()) return;  // its deadline came first
  if (error) return finish();
  buffer_.commit(count);
  if (phase_ == Phase::idle) enter(Phase::head, loop_.service().options.limits.read_time_max);
  process();
}

void Connection::process() {
  const auto bytes = buffer_.cdata();
  const std::size_t taken = reader_.feed({static_cast<const char*>(bytes.data()), bytes.size()});
  buffer_.consume(taken);
  switch (reader_.state()) {
    case RequestReader::State::head: return read();
    case RequestReader::State::body:
      phase_ = Phase::body;
      if (reader_.wants_continue() && !continue_sent_ && buffer_.size() == 0) return write_continue();
      return read();
    case RequestReader::State::done: return dispatch();
    case RequestReader::State::refused: return refuse(reader_.refused_status());
  }
}

void Connection::write_continue() {
  static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
  continue_sent_ = true;
  asio::async_write(socket_, asio::buffer(interim), [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->reading()) return;
    if (error) return self->finish();
    self->read();
  });
}

void Connection::dispatch() {
  Service& service = loop_.service();
  phase_ = Phase::working;
  deadline_ = Clock::time_point::max();
  const bool keep_open = reader_.keep_alive();
  without_body_ = reader_.is_head();
  http_1_0_ = reader_.is_http_1_0();
  Request request = reader_.take();
  request.remote = remote_;
  if (request.target == "*") {  // OPTIONS * asks about the server, not about a page
    Response options = refusal(405);
    options.status = 204;
    return respond(options, keep_open);
  }
  if (const auto response = answer_fast(service.options, request)) return respond(*response, keep_open);
  auto job = [self = shared_from_this(), request = std::move(request), keep_open]() mutable {
    Response response = answer(self->loop_.service().handler, request);
    auto& context = self->loop_.context;
    asio::post(context, [self = std::move(self), response = std::move(response), keep_open] {
      if (self->phase_ == Phase::working) self->respond(response, keep_open);
    });
  };
  if (!service.pool.submit(std::move(job))) respond(refusal(503), keep_open);
}

void Connection::refuse(int status) {
  error_code ignored;
  socket_.cancel(ignored);
  respond(refusal(status), false);
}

void Connection::respond(const Response& response, bool keep_open) {
  if (const auto sound = check_head(response); !sound) {
    log::error("a handler's response cannot be sent: {}", sound.error().message);
    return respond(refusal(500), keep_open);
  }
  close_after_ = !keep_open || loop_.service().stopping.load(std::memory_order_relaxed);
  const auto connection = close_after_ ? ConnectionHeader::close : http_1_0_ ? ConnectionHeader::keep_alive : ConnectionHeader::none;
  head_.clear();
  append_head(response, loop_.date(), connection, head_);
  body_ = response.body;
  const bool with_body = has_body(response.status) && !without_body_;
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head_), with_body ? asio::buffer(*body_) : asio::const_buffer()};
  enter(Phase::writing, loop_.service().options.limits.write_time_max);
  asio::async_write(socket_, bytes, [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(error_code error) {
  if (phase_ != Phase::writing) return;
  body_.reset();
  if (error) return finish();
  if (close_after_ || loop_.service().stopping.load(std::memory_order_relaxed)) return linger();
  next_request();
}

// A socket closed with bytes unread resets the connection, and the client may lose the response it is still reading (RFC 9112,
// section 9.6): so say that nothing more comes, and read on for a moment.
void Connection::linger() {
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return finish();
  enter(Phase::lingering, linger_time_max);
  buffer_.clear();
  drained_bytes_ = 0;
  drain();
}

void Connection::drain() {
  socket_.async_read_some(buffer_.prepare(read_bytes_head), [self = shared_from_this()](error_code error, std::size_t count) {
    self->drained_bytes_ += count;
    if (error || self->drained_bytes_ > drained_bytes_max) return self->finish();
    self->drain();
  });
}

}  // namespace skerry::net

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <functional>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "net/connection.hpp"

namespace skerry::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return fail(ErrorCode::usage, fmt::format("\"{}\" is not an IP address to listen on", options.host));
  return tcp::endpoint(address, options.port);
}

tl::unexpected<Error> cannot_listen(const tcp::endpoint& endpoint, const error_code& error) {
  const std::string where = fmt::format("{} port {}", endpoint.address().to_string(), endpoint.port());
  if (error == asio::error::address_in_use) return fail(ErrorCode::in_use, fmt::format("{} is taken by another program", where));
  if (error == asio::error::access_denied || error == boost::system::errc::address_not_available) {
    return fail(ErrorCode::usage, fmt::format("cannot listen on {}: {}", where, error.message()));
  }
  return fail(ErrorCode::internal, fmt::format("cannot listen on {}: {}", where, error.message()));
}

Result<tcp::acceptor> listen(asio::io_context& context, const tcp::endpoint& endpoint) {
  error_code error;
  tcp::acceptor acceptor(context);
  const auto attempt = [&error](const auto& step) {
    if (!error) step();
  };
  attempt([&] { acceptor.open(endpoint.protocol(), error); });
  attempt([&] { acceptor.set_option(asio::socket_base::reuse_address(true), error); });
  attempt([&] { acceptor.bind(endpoint, error); });
  attempt([&] { acceptor.listen(asio::socket_base::max_listen_connections, error); });
  if (error) return cannot_listen(endpoint, error);
  return acceptor;
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Handler handler, unsigned io_threads, unsigned workers)
      : service(std::move(options), std::move(handler), workers) {
    for (unsigned i = 0; i < io_threads; ++i) {
      loops.push_back(std::make_unique<IoLoop>(service));
      guards.push_back(asio::make_work_guard(loops.back()->context));
    }
  }

  ~Impl() {
    stop(std::chrono::milliseconds(0));
    // What the first loop has not handed on belongs to the others' contexts: it goes before them.
    acceptor.reset();
    retry.reset();
    if (!loops.empty()) loops.front().reset();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start() {
    const auto endpoint = endpoint_of(service.options);
    if (!endpoint) return fail(endpoint.error());
    auto listening = listen(loops.front()->context, *endpoint);
    if (!listening) return fail(listening.error());
    acceptor.emplace(std::move(*listening));
    retry.emplace(loops.front()->context);
    port = acceptor->local_endpoint().port();
    accept();
    for (auto& loop : loops) threads.emplace_back([&context = loop->context] { context.run(); });
    return {};
  }

  // One acceptor that hands sockets round: with SO_REUSEPORT a second server could take the same port unnoticed.
  void accept() {
    IoLoop& loop = *loops[next_loop++ % loops.size()];
    acceptor->async_accept(loop.context, [this, &loop](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor->is_open()) return;
      if (error) return accept_later();
      if (service.open.enter(service.options.limits.connections_max)) {
        asio::post(loop.context, [&loop, socket = std::move(socket)]() mutable { loop.adopt(std::move(socket)); });
      } else {
        turn_away(socket);
      }
      accept();
    });
  }

  /// Out of file descriptors, most likely: they come back when connections end.
  void accept_later() {
    retry->expires_after(std::chrono::milliseconds(50));
    retry->async_wait([this](error_code error) {
      if (!error && acceptor->is_open()) accept();
    });
  }

  /// Tells a client beyond the limit so, as far as that needs no waiting.
  static void turn_away(tcp::socket& socket) {
    const Response response = refusal(503);
    std::string bytes;
    append_head(response, http_date(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())), ConnectionHeader::close,
                bytes);
    bytes += *response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  /// Has the loop's thread do `step`, and all that was posted to it before, and waits for that.
  static void run_on(IoLoop& loop, std::function<void()> step) {
    const auto done = std::make_shared<std::promise<void>>();  // outlives whichever of the two threads is first
    const auto waiting = done->get_future();
    asio::post(loop.context, [done, &step] {
      step();
      done->set_value();
    });
    waiting.wait();
  }

  void close_acceptor() {
    run_on(*loops.front(), [this] {
      error_code ignored;
      acceptor->close(ignored);
      retry->cancel();
    });
    run_on(*loops.front(), [] {});  // a socket accepted just before has been handed on or closed
  }

  void stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(stop_mutex);
    if (stopped) return;
    stopped = true;
    service.stopping = true;
    if (!threads.empty()) {
      close_acceptor();
      for (auto& loop : loops) run_on(*loop, [&loop = *loop] { loop.stop_idle(); });
      if (!service.open.wait_until_none(grace)) {
        for (auto& loop : loops) run_on(*loop, [&loop = *loop] { loop.close_all(); });
      }
    }
    service.pool.stop();
    guards.clear();
    for (auto& loop : loops) loop->context.stop();
    for (auto& thread : threads) thread.join();
    threads.clear();
  }

  Service service;
  std::vector<std::unique_ptr<IoLoop>> loops;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> retry;
  std::vector<std::thread> threads;
  std::size_t next_loop = 0;
  std::uint16_t port = 0;
  std::mutex stop_mutex;
  bool stopped = false;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  if (!handler) return fail(ErrorCode::internal, "a server needs a handler");
  const unsigned io_threads = options.io_threads == 0 ? cores() : options.io_threads;
  const unsigned workers = options.workers == 0 ? cores() : options.workers;
  try {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), io_threads, workers);
    if (auto started = impl->start(); !started) return fail(started.error());
    return std::unique_ptr<Server>(new Server(std::move(impl)));
  } catch (const std::exception& exception) {
    return fail(ErrorCode::internal, fmt::format("the server cannot start: {}", exception.what()));
  }
}

std::uint16_t Server::port() const noexcept { return impl_->port; }
void Server::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

void Server::run_until_signal() {
  {
    asio::io_context context(1);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([](error_code, int) {});
    context.run();
  }
  stop();
}

}  // namespace skerry::net

// One connection and the I/O thread it lives on; only this room includes it.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "net/http.hpp"
#include "net/request_reader.hpp"
#include "net/response_head.hpp"
#include "net/worker_pool.hpp"

namespace skerry::net {

using Clock = std::chrono::steady_clock;

/// How many connections are open, for the limit and for stop() to wait for. Thread-safe.
class OpenCount {
 public:
  /// false, and nothing counted, when `max` are open.
  bool enter(std::size_t max);
  void leave();
  /// Whether all had left before `time_max` was over.
  bool wait_until_none(std::chrono::milliseconds time_max);

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t open_ = 0;
};

/// What all connections of a server share.
struct Service {
  Service(ServerOptions given, Handler handle, unsigned workers)
      : options(std::move(given)), handler(std::move(handle)), pool(workers, options.limits.queue_max) {}

  const ServerOptions options;
  const Handler handler;
  WorkerPool pool;
  OpenCount open;
  std::atomic<bool> stopping = false;
};

class Connection;

/// One thread's connections, its clock and its timer. But for `context`, only its own thread touches it.
class IoLoop {
 public:
  explicit IoLoop(Service& service);

  boost::asio::io_context context;

  /// Takes over an accepted socket of this loop's context that was counted in `service.open`.
  void adopt(boost::asio::ip::tcp::socket socket);
  /// Closes the connections with no request under way; the others close after their response.
  void stop_idle();
  void close_all();

  void remove(const std::shared_ptr<Connection>& connection);
  [[nodiscard]] std::string_view date();
  [[nodiscard]] Service& service() noexcept { return service_; }

 private:
  void schedule_sweep();
  void sweep();

  Service& service_;
  boost::asio::steady_timer sweep_timer_;
  bool sweeping_ = false;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::int64_t date_seconds_ = -1;
  std::string date_;
};

/// Reads a request, has it answered, writes the response, and again. One operation on the socket at a time, but for a read that a
/// deadline has cancelled.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(IoLoop& loop, boost::asio::ip::tcp::socket socket);

  void start();
  void check_deadline(Clock::time_point now);
  void stop_idle();
  /// Closes at once. Idempotent.
  void finish();

 private:
  enum class Phase { idle, head, body, working, writing, lingering, closed };

  void enter(Phase phase, std::chrono::milliseconds time_max);
  [[nodiscard]] bool reading() const noexcept;
  void next_request();
  void read();
  void on_read(boost::system::error_code error, std::size_t count);
  void process();
  void write_continue();
  void dispatch();
  void refuse(int status);
  void respond(const Response& response, bool keep_open);
  void on_written(boost::system::error_code error);
  void linger();
  void drain();

  IoLoop& loop_;
  boost::asio::ip::tcp::socket socket_;
  std::string remote_;
  boost::beast::flat_buffer buffer_;
  RequestReader reader_;
  Phase phase_ = Phase::idle;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool continue_sent_ = false;
  bool without_body_ = false;  ///< the present request is a HEAD
  bool http_1_0_ = false;
  bool close_after_ = false;
  std::size_t drained_bytes_ = 0;
  std::string head_;
  std::shared_ptr<const std::string> body_;
};

}  // namespace skerry::net

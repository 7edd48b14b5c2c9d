// HTTP as the rest of Skerry sees it: plain values. Nothing of Beast or Asio shows here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace skerry::net {

/// Field names are lower case.
struct Request {
  std::string method;                                      ///< "GET", ...; HEAD comes as "GET", and the server leaves the body out
  std::string path;                                        ///< percent-decoded, starts with '/', no "..", valid UTF-8
  std::string target;                                      ///< as it was sent
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  /// Those sent more than once are joined with ", " (cookies with "; ").
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  std::string remote;  ///< the peer's address, for limits; never logged with a path
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  /// A control character in a value makes the response a 500. The server writes date, content-length and connection itself.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Shared, so that a cached page is sent without a copy.
  std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
};

using Handler = std::function<Response(const Request&)>;

struct Limits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  std::chrono::milliseconds read_time_max{10'000};  ///< for a whole request, from its first byte
  std::chrono::milliseconds idle_time_max{30'000};  ///< between requests of one connection
  std::chrono::milliseconds write_time_max{30'000};
  std::size_t connections_max = 4'096;
  std::size_t queue_max = 1'024;  ///< requests waiting for a worker; beyond: 503
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;   ///< 0 takes a free one
  unsigned io_threads = 0;  ///< 0: one a core
  unsigned workers = 0;     ///< threads that run `handler`; 0: one a core
  Limits limits{};
  /// Tried first, on the I/O thread, and must not block: returns a finished response or nullopt. For cached pages.
  std::function<std::optional<Response>(const Request&)> fast{};
};

/// A running HTTP/1.1 server (keep-alive, HEAD, pipelining in order, Expect: 100-continue). What it refuses by itself, with a
/// short text: 400 what is not HTTP or could be read in two ways, 405 CONNECT and TRACE, 408 a request not whole in time, 413 a
/// body and 431 a header that is too large, 417, 500 a failed handler, 501 unknown methods, 503 too much to do, 505.
class Server {
 public:
  /// Binds and starts. `handler` runs on the worker pool, concurrently; an exception in it becomes 500.
  /// Errors: in_use (the address), usage (the address cannot be read), internal.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Takes no new connections, finishes the requests under way within `grace`, closes; a handler still running then is waited
  /// for, its response is lost. A request whose header has not come in whole is not under way. Idempotent, thread-safe; not to be
  /// called from a handler.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(5));
  /// Until SIGINT or SIGTERM, then stop(); a second signal ends the program at once.
  void run_until_signal();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::net

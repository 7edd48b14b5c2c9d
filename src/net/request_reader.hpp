// Bytes from a connection become requests, strictly: what two servers could read in two ways is refused (RFC 9112, section 6.3).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/http.hpp"

namespace skerry::net {

/// Reads one request after another. No I/O, no clock. Not thread-safe.
class RequestReader {
 public:
  enum class State { head, body, done, refused };

  explicit RequestReader(const Limits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Takes bytes of the present request and returns how many; the rest has to be offered again, with more behind it. 0 while more
  /// is needed, and in the states done and refused.
  std::size_t feed(std::string_view bytes);

  [[nodiscard]] State state() const noexcept;
  /// In the state refused, the response's status: 400, 405, 413, 417, 431, 501 or 505. The connection must be closed after it.
  [[nodiscard]] int refused_status() const noexcept;
  /// In the state body: the client waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool wants_continue() const noexcept;
  /// From the state body on: whether the client lets the connection stay open; its version; whether it asked with HEAD.
  [[nodiscard]] bool keep_alive() const noexcept;
  [[nodiscard]] bool is_http_1_0() const noexcept;
  [[nodiscard]] bool is_head() const noexcept;

  /// In the state done: the request, `remote` left empty. Then the next one is read.
  [[nodiscard]] Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::net

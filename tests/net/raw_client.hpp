// A client that sends exactly the bytes it is told to, for tests of what a well-behaved one never sends.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace skerry::net::test {

struct RawResponse {
  int status = 0;
  std::string head;  ///< with the empty line
  std::string body;

  /// The value of a header, its name as the server writes it; empty when there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    const std::string start = "\r\n" + std::string(name) + ": ";
    const auto found = head.find(start);
    if (found == std::string::npos) return {};
    const auto from = found + start.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  [[nodiscard]] bool connected() const { return connected_; }

  /// false when the server has closed meanwhile.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// One response; nullopt when the connection ends or the time is over before it is whole.
  std::optional<RawResponse> read(bool with_body = true, std::chrono::milliseconds time_max = std::chrono::seconds(10)) {
    const auto until = std::chrono::steady_clock::now() + time_max;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(until)) return std::nullopt;
    }
    RawResponse response;
    response.head = received_.substr(0, end + 4);
    received_.erase(0, end + 4);
    response.status = static_cast<int>(number(std::string_view(response.head).substr(std::min<std::size_t>(9, end), 3)));
    const std::size_t length = with_body ? number(response.header("Content-Length")) : 0;
    while (received_.size() < length) {
      if (!receive(until)) return std::nullopt;
    }
    response.body = received_.substr(0, length);
    received_.erase(0, length);
    return response;
  }

  /// Whether the server closes the connection, with nothing more said, within the time.
  bool closed_by_server(std::chrono::milliseconds time_max = std::chrono::seconds(10)) {
    const auto until = std::chrono::steady_clock::now() + time_max;
    while (received_.empty()) {
      if (!receive(until)) return ended_;
    }
    return false;
  }

 private:
  static std::size_t number(std::string_view digits) {
    std::size_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

  bool receive(std::chrono::steady_clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd waiting{socket_, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return false;
    std::array<char, 16384> buffer{};
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

}  // namespace skerry::net::test

// Finished pages by address, thrown away together when what they were made from changes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace skerry::web {

/// Thread-safe. `look` says what the pages depend on, as one text; nullopt when it cannot be told (then nothing is kept).
class PageCache {
 public:
  using Look = std::function<std::optional<std::string>()>;

  PageCache(Look look, std::chrono::milliseconds recheck_interval);

  /// A page kept and known to be good within the interval. Does not call `look`.
  [[nodiscard]] std::optional<net::Response> ready(std::string_view path) const;

  /// What the pages depend on now, and how often it has changed.
  struct State {
    std::string stamp;
    std::uint64_t generation = 0;
  };
  /// Calls `look` when the interval is over, and drops the pages when something changed.
  State check();
  /// Keeps a page rendered after check() said `state`, unless something has changed since.
  void keep(std::string path, net::Response response, const State& state);
  [[nodiscard]] std::optional<net::Response> find(std::string_view path) const;

 private:
  using Clock = std::chrono::steady_clock;

  Look look_;
  std::chrono::milliseconds recheck_interval_;
  std::mutex look_mutex_;
  std::atomic<Clock::rep> good_until_{0};
  mutable std::shared_mutex pages_mutex_;
  State state_;
  bool keeping_ = false;
  std::map<std::string, net::Response, std::less<>> pages_;
};

}  // namespace skerry::web

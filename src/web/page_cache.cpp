#include "web/page_cache.hpp"

#include <utility>

namespace skerry::web {

PageCache::PageCache(Look look, std::chrono::milliseconds recheck_interval) : look_(std::move(look)), recheck_interval_(recheck_interval) {}

std::optional<net::Response> PageCache::ready(std::string_view path) const {
  if (Clock::now().time_since_epoch().count() >= good_until_.load(std::memory_order_acquire)) return std::nullopt;
  return find(path);
}

PageCache::State PageCache::check() {
  const std::lock_guard looking(look_mutex_);
  const auto now = Clock::now();
  if (now.time_since_epoch().count() >= good_until_.load(std::memory_order_acquire)) {
    auto stamp = look_();
    const std::unique_lock lock(pages_mutex_);
    keeping_ = stamp.has_value();
    if (!stamp || *stamp != state_.stamp) {
      pages_.clear();
      state_.stamp = stamp ? std::move(*stamp) : std::string{};
      ++state_.generation;
    }
    good_until_.store((now + std::chrono::duration_cast<Clock::duration>(recheck_interval_)).time_since_epoch().count(),
                      std::memory_order_release);
  }
  const std::shared_lock lock(pages_mutex_);
  return state_;
}

void PageCache::keep(std::string path, net::Response response, const State& state) {
  const std::unique_lock lock(pages_mutex_);
  if (keeping_ && state_.generation == state.generation) pages_.insert_or_assign(std::move(path), std::move(response));
}

std::optional<net::Response> PageCache::find(std::string_view path) const {
  const std::shared_lock lock(pages_mutex_);
  const auto found = pages_.find(path);
  return found == pages_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace skerry::web

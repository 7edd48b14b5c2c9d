#include <algorithm>
#include <utility>
#include <vector>

#include "net/connection.hpp"

namespace skerry::net {

bool OpenCount::enter(std::size_t max) {
  const std::lock_guard lock(mutex_);
  if (open_ >= max) return false;
  ++open_;
  return true;
}

void OpenCount::leave() {
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) none_.notify_all();
}

bool OpenCount::wait_until_none(std::chrono::milliseconds time_max) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, time_max, [this] { return open_ == 0; });
}

IoLoop::IoLoop(Service& service) : context(1), service_(service), sweep_timer_(context) {}

void IoLoop::adopt(boost::asio::ip::tcp::socket socket) {
  const auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connections_.insert(connection);
  if (service_.stopping.load(std::memory_order_relaxed)) return connection->finish();
  connection->start();
  if (!sweeping_) schedule_sweep();
}

void IoLoop::stop_idle() {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->stop_idle();
}

void IoLoop::close_all() {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->finish();
}

void IoLoop::remove(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) != 0) service_.open.leave();
}

std::string_view IoLoop::date() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
  if (now != date_seconds_) {
    date_seconds_ = now;
    date_ = http_date(now);
  }
  return date_;
}

// One timer a thread instead of one a connection: deadlines may pass by an eighth of the shortest limit.
void IoLoop::schedule_sweep() {
  using std::chrono::milliseconds;
  const Limits& limits = service_.options.limits;
  const auto shortest = std::min({limits.read_time_max, limits.idle_time_max, limits.write_time_max});
  sweeping_ = true;
  sweep_timer_.expires_after(std::clamp(shortest / 8, milliseconds(5), milliseconds(250)));
  sweep_timer_.async_wait([this](boost::system::error_code error) {
    sweeping_ = false;
    if (!error) sweep();
  });
}

void IoLoop::sweep() {
  const auto now = Clock::now();
  std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->check_deadline(now);
  if (!connections_.empty()) schedule_sweep();
}

}  // namespace skerry::net

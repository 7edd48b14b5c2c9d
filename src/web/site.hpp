// The pages of a registry: from a request to a response, without a server.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/date.hpp"
#include "base/error.hpp"
#include "net/http.hpp"
#include "web/figure_desk.hpp"

namespace skerry::web {

struct SiteOptions {
  std::string name;            ///< of the registry
  bool demonstration = false;  ///< every page says that the data is synthetic
  int floor = disclosure::floor_default;
  std::string base_url;  ///< "https://poh.example.org", for addresses that must be whole; empty when not known
  std::function<Instant()> clock = Instant::now;
  /// How long a rendered page may be sent without looking whether records or signatures changed.
  std::chrono::milliseconds recheck_interval{250};
  /// A figure is recomputed at most this often, however many ask.
  std::chrono::milliseconds recompute_interval{2'000};
};

/// Thread-safe. Pages are cached by address until the ledger, the signatures, the reviewers or the day change.
class Site {
 public:
  /// Errors: those of reading the interface texts (a bug).
  static Result<std::unique_ptr<Site>> create(SiteParts parts, SiteOptions options);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  /// Always a response; an unknown address, method or query parameter is 404, 405, 400 with a page that says so.
  [[nodiscard]] net::Response handle(const net::Request& request);
  /// A page or file that is ready; never blocks on the ledger.
  [[nodiscard]] std::optional<net::Response> fast(const net::Request& request);

 private:
  struct Impl;
  explicit Site(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::web

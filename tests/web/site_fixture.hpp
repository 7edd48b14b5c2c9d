// A site over a registry of its own, in a folder of its own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "consent/view.hpp"
#include "exchange/synthetic.hpp"
#include "ledger/ledger.hpp"
#include "pack/pack.hpp"
#include "web/responses.hpp"
#include "web/site.hpp"

namespace skerry::web {

class TestSite {
 public:
  explicit TestSite(std::int64_t people = 0, SiteOptions options = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "skerry-web-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder = name;
    ledger = ledger::Ledger::create(folder).value();
    gate = std::make_unique<consent::Gate>(*ledger);
    const std::filesystem::path pack_folder = std::filesystem::path(SKERRY_SOURCE_DIR) / "packs" / "poh";
    pack = pack::load_pack(pack_folder).value();
    if (people > 0) {
      const auto made =
          exchange::generate_participants(*ledger, pack_folder, {.participants = people, .seed = 1, .actor = "test", .progress = {}});
      if (!made) ADD_FAILURE() << made.error().text();
    }
    options.recheck_interval = std::chrono::milliseconds(0);
    options.recompute_interval = std::chrono::milliseconds(0);
    options.clock = [] { return parse_instant("2026-11-22T10:00:00Z").value(); };
    restart(std::move(options));
  }
  TestSite(const TestSite&) = delete;
  TestSite& operator=(const TestSite&) = delete;
  ~TestSite() {
    site.reset();
    gate.reset();
    ledger.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  void restart(SiteOptions options) {
    site = Site::create(SiteParts{*ledger, *gate, pack, pack.vocabulary, folder}, std::move(options)).value();
  }

  [[nodiscard]] static net::Request request(std::string path, std::string method = "GET") {
    net::Request request;
    request.method = std::move(method);
    request.target = path;
    request.path = std::move(path);
    return request;
  }
  [[nodiscard]] net::Response get(std::string path) const { return site->handle(request(std::move(path))); }
  [[nodiscard]] std::string body(std::string path) const { return *get(std::move(path)).body; }

  std::filesystem::path folder;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<consent::Gate> gate;
  pack::Pack pack;
  std::unique_ptr<Site> site;
};

}  // namespace skerry::web

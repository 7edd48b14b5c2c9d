// Serves one file from memory on the fast path, at any address, until it is told to stop: Skerry's side of bench/http_page.sh.

#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

#include "base/log.hpp"
#include "net/http.hpp"

namespace {

using namespace skerry;

net::Response page_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  net::Response page;
  page.body = std::make_shared<const std::string>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    log::error("usage: http_page_server PORT FILE");
    return 2;
  }
  const std::string_view digits = argv[1];
  net::ServerOptions options;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), options.port);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
    log::error("the port is a number up to 65535");
    return 2;
  }
  options.fast = [page = page_of(argv[2])](const net::Request&) { return page; };
  const auto server = net::Server::start(std::move(options), [](const net::Request&) { return net::Response{}; });
  if (!server) {
    log::error("{}", server.error().text());
    return exit_code_of(server.error().code);
  }
  (*server)->run_until_signal();
  return 0;
}

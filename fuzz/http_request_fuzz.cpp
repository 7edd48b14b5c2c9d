// Bytes as a connection brings them: the first says how they are cut, the rest are requests, query and address at once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/request_reader.hpp"
#include "net/request_target.hpp"

namespace {

using skerry::net::RequestReader;

void expect(bool holds) {
  if (!holds) std::abort();
}

void read_requests(std::string_view bytes, std::size_t piece) {
  skerry::net::Limits limits;
  limits.header_bytes_max = 512;
  limits.body_bytes_max = 256;
  RequestReader reader(limits);
  std::size_t offered = 0;
  while (reader.state() != RequestReader::State::refused) {
    const std::size_t taken = reader.feed(bytes.substr(0, offered));
    expect(taken <= offered);
    bytes.remove_prefix(taken);
    offered -= taken;
    if (reader.state() == RequestReader::State::done) {
      const auto request = reader.take();
      expect(request.path.starts_with('/'));
      expect((request.path + "/").find("/../") == std::string::npos);
      expect(request.path.find('\0') == std::string::npos);
      expect(request.body.size() <= limits.body_bytes_max);
      expect(request.target.size() <= limits.header_bytes_max);
    } else if (offered == bytes.size()) {
      return;
    } else {
      offered = std::min(offered + piece, bytes.size());
    }
  }
  const int status = reader.refused_status();
  expect(status >= 400 && status < 600);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  read_requests(text, std::size_t{data[0]} + 1);
  if (const auto query = skerry::net::parse_query(text)) expect(query->size() <= size);
  if (const auto target = skerry::net::parse_request_target(text)) expect(target->path.starts_with('/'));
  return 0;
}

// Any bytes: a packet that is taken comes out and goes in again as the same facts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/phenopackets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry;
  const std::string_view json(static_cast<const char*>(static_cast<const void*>(data)), size);
  const auto first = exchange::read_phenopacket(json, "fuzz");
  if (!first) return 0;
  for (const auto& fact : first->batch.facts) {
    if (!check(fact)) std::abort();
  }
  const auto written = exchange::write_phenopacket(first->batch.facts, first->batch.identity);
  if (!written) std::abort();
  const auto second = exchange::read_phenopacket(*written, "fuzz");
  if (!second || !(second->batch.facts == first->batch.facts) || second->batch.identity != first->batch.identity ||
      second->batch.origin != first->batch.origin) {
    std::abort();
  }
  return 0;
}

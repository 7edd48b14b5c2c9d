// Whatever the decoder accepts must have been the fact's only spelling; everything else must be refused without harm.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fact/encoding.hpp"

namespace {

template <class Decode>
void try_one(std::string_view bytes, Decode decode) {
  const auto thing = decode(bytes);
  if (!thing) return;
  std::string again;
  encode(*thing, again);
  if (again != bytes) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try_one(bytes, [](std::string_view b) { return skerry::decode_fact(b); });
  try_one(bytes, [](std::string_view b) { return skerry::decode_value(b); });
  try_one(bytes, [](std::string_view b) { return skerry::decode_when(b); });
  try_one(bytes, [](std::string_view b) { return skerry::decode_qualifiers(b); });
  return 0;
}

// A vocabulary file, plain or gzip: no bytes may crash the reader, and what it takes survives being stored.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "vocabulary/registry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto file = std::filesystem::temp_directory_path() / ("skerry-obograph-fuzz-" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary) << std::string(data, data + size);
  const auto read = skerry::vocabulary::read_obograph(file);
  if (read) {
    const auto again = skerry::vocabulary::decode_terms(skerry::vocabulary::encode_terms(*read));
    if (!again || again->size() != read->size()) std::abort();
    for (const auto& term : read->terms()) {
      if (!read->is_a(term.id, term.id) || again->ancestors(term.id) != read->ancestors(term.id)) std::abort();
    }
  }
  static_cast<void>(skerry::vocabulary::decode_terms(std::string(data, data + size)));
  std::filesystem::remove(file);
  return 0;
}

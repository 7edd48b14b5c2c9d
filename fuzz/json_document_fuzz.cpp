// The reader of the files people write: no input may crash it, and what it takes Boost.JSON takes too.
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pack/json_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto read = skerry::pack::parse_json(text, "fuzz.json");
  if (!read) {
    if (read.error().place.line == 0 && read.error().code != skerry::ErrorCode::too_large) std::abort();
    return 0;
  }
  boost::json::parse_options options;
  options.max_depth = 100;
  boost::system::error_code error;
  const std::string_view without_mark = text.starts_with("\xEF\xBB\xBF") ? std::string_view(text).substr(3) : std::string_view(text);
  static_cast<void>(boost::json::parse(without_mark, error, {}, options));
  if (error) std::abort();
  return 0;
}

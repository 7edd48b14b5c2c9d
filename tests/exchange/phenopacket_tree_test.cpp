#include "exchange/phenopacket_tree.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace skerry::exchange {
namespace {

TEST(JsonText, IsEscapedWhereverItMustBe) {
  const std::pair<std::string, std::string> parts[] = {{"\"", "\\\""},
                                                       {"\\", "\\\\"},
                                                       {"\n", "\\n"},
                                                       {"\x1f", "\\u001f"},
                                                       {std::string(1, '\0'), "\\u0000"},
                                                       {" ", " "},
                                                       {"\x7f", "\x7f"},
                                                       {"!#[]", "!#[]"},
                                                       {"\xc3\xa9\xa2\xdc", "\xc3\xa9\xa2\xdc"}};
  for (const auto& [plain, escaped] : parts) {
    for (std::size_t at = 0; at <= 20; ++at) {
      std::string out;
      pp::write_json_text(std::string(20, 'x').insert(at, plain), out);
      EXPECT_EQ(out, "\"" + std::string(20, 'x').insert(at, escaped) + "\"") << at;
    }
  }
}

}  // namespace
}  // namespace skerry::exchange

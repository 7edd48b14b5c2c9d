// Published packets, read from ../shared/data: in and out without loss.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "exchange/phenopackets.hpp"

namespace skerry::exchange {
namespace {

namespace fs = std::filesystem;
namespace bj = boost::json;

std::vector<fs::path> published_packets() {
  std::vector<fs::path> out;
  const fs::path root = fs::path(SKERRY_SHARED_DIR) / "data" / "phenopackets";
  if (!fs::exists(root)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".json") out.push_back(entry.path());
  }
  return out;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_default(const bj::value& value) {
  return value == false || value == "" || value == "UNKNOWN_ACTIONABILITY" || value == "NOT_PROVIDED" || value == "UNKNOWN_SEX" ||
         value == "UNKNOWN_STATUS" || value == "UNKNOWN_PROGRESS";
}

/// What protobuf would write for the packets of the store: position as a text, defaults left out.
bj::value canonical(const bj::value& value) {
  if (const auto* array = value.if_array()) {
    bj::array out;
    for (const auto& item : *array) out.push_back(canonical(item));
    return out;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  bj::object out;
  for (const auto& [key, item] : *object) {
    if (is_default(item)) continue;
    if (item.is_array() && item.as_array().empty()) continue;
    if (key == "pos" && item.is_int64()) {
      out[key] = std::to_string(item.as_int64());
    } else {
      out[key] = canonical(item);
    }
  }
  return out;
}

TEST(PublishedPackets, GoInAndComeOutWithoutLoss) {
  const auto files = published_packets();
  if (files.empty()) GTEST_SKIP() << "needs " << SKERRY_SHARED_DIR << "/data/phenopackets, which is not here";
  EXPECT_EQ(files.size(), 254U);
  for (const auto& file : files) {
    const auto text = text_of(file);
    const auto read = read_phenopacket(text, file.filename().string());
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(read->not_modelled.empty()) << read->not_modelled.begin()->first;
    for (const auto& fact : read->batch.facts) ASSERT_TRUE(check(fact)) << check(fact).error().text();
    const auto written = write_phenopacket(read->batch.facts, read->batch.identity);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(bj::serialize(bj::parse(*written)), bj::serialize(bj::parse(indented(*written))));
    EXPECT_TRUE(canonical(bj::parse(text)) == bj::parse(*written)) << *written;
    const auto again = read_phenopacket(*written, file.filename().string());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_TRUE(again->batch.facts == read->batch.facts) << file;
    EXPECT_TRUE(again->batch.origin == read->batch.origin) << file;
  }
}

}  // namespace
}  // namespace skerry::exchange

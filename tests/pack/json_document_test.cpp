#include "pack/json_document.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <string>

namespace skerry::pack {
namespace {

struct Fault {
  std::string text;
  ErrorCode code;
  std::uint32_t line, column;
  std::string path;
};

class JsonFaults : public testing::TestWithParam<Fault> {};

TEST_P(JsonFaults, AreNamedWithTheirPlace) {
  const auto& fault = GetParam();
  const auto read = parse_json(fault.text, "a.json");
  ASSERT_FALSE(read) << fault.text;
  EXPECT_EQ(read.error().code, fault.code) << read.error().text();
  EXPECT_EQ(read.error().place, (Place{"a.json", fault.line, fault.column, fault.path})) << read.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonFaults,
    testing::Values(Fault{"", ErrorCode::malformed, 1, 1, ""}, Fault{"{", ErrorCode::malformed, 1, 2, ""},
                    Fault{"[1,\n 2", ErrorCode::malformed, 2, 3, ""},
                    Fault{"{\"a\": 1,\n  \"b\": 2,\n  \"a\": 3}", ErrorCode::duplicate_key, 3, 3, "/a"},
                    Fault{"{\"a\": {\"x/y\": tru}}", ErrorCode::malformed, 1, 15, "/a/x~1y"},
                    Fault{"[1,]", ErrorCode::malformed, 1, 4, "/1"}, Fault{"{\"a\":1,}", ErrorCode::malformed, 1, 8, ""},
                    Fault{"{a:1}", ErrorCode::malformed, 1, 2, ""}, Fault{"[01]", ErrorCode::malformed, 1, 2, "/0"},
                    Fault{"[1.]", ErrorCode::malformed, 1, 4, "/0"}, Fault{"[-]", ErrorCode::malformed, 1, 2, "/0"},
                    Fault{"[1e]", ErrorCode::malformed, 1, 4, "/0"}, Fault{"[1e999]", ErrorCode::out_of_range, 1, 2, "/0"},
                    Fault{"[NaN]", ErrorCode::malformed, 1, 2, "/0"}, Fault{"[\"\xC3\x28\"]", ErrorCode::invalid_text, 1, 3, "/0"},
                    Fault{"[\"\xED\xA0\x80\"]", ErrorCode::invalid_text, 1, 3, "/0"},
                    Fault{"[\"\\ud800\"]", ErrorCode::invalid_text, 1, 3, "/0"},
                    Fault{"[\"\\ud800\\u0041\"]", ErrorCode::invalid_text, 1, 3, "/0"},
                    Fault{"[\"\\u12\"]", ErrorCode::malformed, 1, 3, "/0"}, Fault{"[\"\\x\"]", ErrorCode::malformed, 1, 3, "/0"},
                    Fault{"[\"a\nb\"]", ErrorCode::malformed, 1, 4, "/0"}, Fault{"[\"abc", ErrorCode::malformed, 1, 6, "/0"},
                    Fault{"{} {}", ErrorCode::malformed, 1, 4, ""}, Fault{"[\"\\", ErrorCode::malformed, 1, 3, "/0"},
                    Fault{"[1 2]", ErrorCode::malformed, 1, 4, ""}));

TEST(JsonDocument, KnowsWhereEveryValueStands) {
  const auto read = parse_json("{\n  \"names\": [\"a\", {\"n\": -1.5e2}],\r\n\t\"yes\": true, \"no\": null\n}", "a.json");
  ASSERT_TRUE(read) << read.error().text();
  const Node& names = *read->find("names");
  EXPECT_EQ(names.line, 2u);
  EXPECT_EQ(names.column, 12u);
  const Node& number = *names.items.at(1).find("n");
  EXPECT_EQ(number.number, -150);
  EXPECT_FALSE(number.integer);
  EXPECT_EQ(number.place("a.json"), (Place{"a.json", 2, 24, "/names/1/n"}));
  EXPECT_EQ(read->find("yes")->line, 3u);
  EXPECT_EQ(read->find("yes")->column, 9u);
  EXPECT_EQ(read->find("no")->kind, NodeKind::null);
  EXPECT_EQ(read->find("maybe"), nullptr);
}

TEST(JsonDocument, ReadsEscapesAndWholeNumbers) {
  const auto read = parse_json("\xEF\xBB\xBF[\"\\u00e9\\ud83d\\ude00\\n\\/\", 9007199254740991, 9007199254740993, 0, -0.0]", "a.json");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->items[0].string, "é😀\n/");
  EXPECT_TRUE(read->items[1].integer);
  EXPECT_FALSE(read->items[2].integer);
  EXPECT_TRUE(read->items[3].integer);
  EXPECT_FALSE(read->items[4].integer);
}

TEST(JsonDocument, HasLimits) {
  const auto deep = [](std::size_t levels) { return parse_json(std::string(levels, '[') + std::string(levels, ']'), "a.json"); };
  EXPECT_TRUE(deep(64));
  EXPECT_EQ(deep(66).error().code, ErrorCode::too_deep);
  EXPECT_EQ(parse_json(std::string(100'000, '['), "a.json").error().code, ErrorCode::too_deep);
  EXPECT_EQ(parse_json(std::string((16u << 20) + 1, ' '), "a.json").error().code, ErrorCode::too_large);
  std::string many = "[1";
  for (int i = 0; i < 1'000'001; ++i) many += ",1";
  EXPECT_EQ(parse_json(many + "]", "a.json").error().code, ErrorCode::too_large);
  std::string bomb = "{\"" + std::string(1u << 20, 'k') + "\": [1";
  for (int i = 0; i < 1000; ++i) bomb += ",1";
  EXPECT_EQ(parse_json(bomb + "]}", "a.json").error().code, ErrorCode::too_large);
}

TEST(JsonDocument, FindsARepeatedKeyAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 2000; ++i) text += "\"k" + std::to_string(i) + "\": 0,\n";
  EXPECT_EQ(parse_json(text + "\"k7\": 1}", "a.json").error().place, (Place{"a.json", 2001, 1, "/k7"}));
  EXPECT_TRUE(parse_json(text + "\"k2000\": 1}", "a.json"));
}

TEST(JsonDocument, SuggestsTheNearestWord) {
  const std::vector<std::string_view> known = {"title", "short_answer", "answer"};
  EXPECT_EQ(nearest("titel", known), "");
  EXPECT_EQ(nearest("titles", known), "title");
  EXPECT_EQ(nearest("shrot_answer", known), "short_answer");
  EXPECT_EQ(nearest("colour", known), "");
  EXPECT_EQ(nearest("", known), "");
}

TEST(JsonDocument, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(read_text_file("/nowhere/at/all").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_text_file(testing::TempDir()).error().code, ErrorCode::not_found);
  EXPECT_EQ(read_text_file(SKERRY_SOURCE_DIR "/CMakeLists.txt", 10).error().code, ErrorCode::too_large);
}

namespace json = boost::json;

bool same(const Node& node, const json::value& value) {
  switch (node.kind) {
    case NodeKind::null: return value.is_null();
    case NodeKind::boolean: return value.is_bool() && value.get_bool() == node.boolean;
    case NodeKind::number: return value.is_number() && value.to_number<double>() == node.number;
    case NodeKind::string: return value.is_string() && std::string_view(value.get_string()) == node.string;
    case NodeKind::array: {
      if (!value.is_array() || value.get_array().size() != node.items.size()) return false;
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (!same(node.items[i], value.get_array()[i])) return false;
      }
      return true;
    }
    case NodeKind::object: {
      if (!value.is_object() || value.get_object().size() != node.members.size()) return false;
      for (const auto& [key, member] : node.members) {
        const auto* other = value.get_object().if_contains(key);
        if (other == nullptr || !same(member, *other)) return false;
      }
      return true;
    }
  }
  return false;
}

json::value random_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 4 ? 5 : 7)) {
    case 0: return nullptr;
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return *rc::gen::arbitrary<std::int32_t>();
    case 3: return *rc::gen::inRange(-1'000'000, 1'000'000) / 1024.0;
    case 4: {
      static const std::vector<std::string> pieces = {"a", "\"", "\\", "/", "~", "\n", "\t", "\x01", "é", "😀", "€", " "};
      std::string text;
      for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
      return json::string(text);
    }
    case 5: {
      json::array array;
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) array.push_back(random_value(depth + 1));
      return array;
    }
    default: {
      json::object object;
      for (int i = *rc::gen::inRange(0, 5); i > 0; --i) object["k" + std::to_string(i) + "~/é"] = random_value(depth + 1);
      return object;
    }
  }
}

RC_GTEST_PROP(JsonDocument, ReadsWhatBoostJsonWrites, ()) {
  const json::value value = random_value(0);
  const auto read = parse_json(json::serialize(value), "a.json");
  RC_ASSERT(read);
  RC_ASSERT(same(*read, value));
}

RC_GTEST_PROP(JsonDocument, AgreesWithBoostJsonOnDamagedTexts, ()) {
  std::string text = json::serialize(random_value(0));
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
  const char byte = *rc::gen::elementOf(std::string("{}[]\",:0123456789.eE+-tfn\\u \n\x80\xC3"));
  *rc::gen::arbitrary<bool>() ? text.erase(at, 1) : text.replace(at, 1, 1, byte);
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const auto read = parse_json(text, "a.json");
  if (read) {
    RC_ASSERT(!error);
    RC_ASSERT(same(*read, value));
  } else if (!error) {
    // Boost.JSON keeps the last of two equal keys and rounds what is too large; we refuse both.
    RC_ASSERT(read.error().code == ErrorCode::duplicate_key || read.error().code == ErrorCode::out_of_range);
  }
}

}  // namespace
}  // namespace skerry::pack

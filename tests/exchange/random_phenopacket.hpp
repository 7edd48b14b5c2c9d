// Random phenopackets over the whole schema: one as protobuf would write it, and one as anybody might.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/phenopacket_schema.hpp"
#include "exchange/phenopacket_tree.hpp"

namespace skerry::exchange {

class RandomPhenopacket {
 public:
  explicit RandomPhenopacket(std::uint32_t seed) : random_(seed) {}

  /// `canonical` and `loose` say the same: in `loose` fields stand in any order and under either name, defaults and nulls are
  /// written out, enumerations are numbers and numbers texts here and there.
  struct Both {
    std::string canonical, loose;
  };
  Both packet() {
    depth_ = 0;
    return message(pp::type(pp::Type::Phenopacket));
  }
  /// "Disease.onset": every field that was ever given a value that is not its default.
  [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }

 private:
  std::uint32_t below(std::uint32_t count) { return std::uniform_int_distribution<std::uint32_t>(0, count - 1)(random_); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  std::string space() { return chance(10) ? " \n\t" : ""; }

  static std::string quoted(std::string_view text) {
    std::string out;
    pp::write_json_text(text, out);
    return out;
  }

  std::string words(const pp::MessageType& type, const pp::Field& field) {
    static const char* const texts[] = {
        "",         "a",      "HP:0000001",        "OMIM:166350",       "PMID:1",
        "doi:10.1", "Left",   "skerry:not-coded",  "é\u4e2d\U0001F9B4", "\"\\/\n\t\x01\x7f",
        "{}",       "a b c ", "skerry:not-stated", "phenopacket:x",     "a text too long to be held in place"};
    static const char* const ages[] = {"P3Y", "P03Y6M", "P1Y2M3W4DT5H6M7S", "P0.5Y", "", "three", "PT1H", "P", "P3Y0M"};
    if (type.name == "Age") return ages[below(9)];
    if (type.name == "Phenopacket" && field.name == "id") return texts[1 + below(14)];
    return texts[below(15)];
  }

  /// High on the way down to the variations, which lie deepest; low so deep that lists of lists would never end.
  [[nodiscard]] std::uint32_t percent(const pp::MessageType& type) const {
    if (depth_ > 13) return 5;
    static const std::set<std::string_view> way{"Phenopacket",           "Interpretation", "Diagnosis",           "GenomicInterpretation",
                                                "VariantInterpretation", "Variation",      "VariationDescriptor", "Allele",
                                                "VariationSet",          "CopyNumber"};
    return way.contains(type.name) ? 80 : depth_ > 7 ? 65 : 40;
  }

  Both message(const pp::MessageType& type) {
    ++depth_;
    std::uint32_t groups = 0;
    std::vector<Both> fields(type.fields.size());
    std::vector<std::size_t> order(type.fields.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random_);  // so that each of a group has its turn
    for (const auto slot : order) {
      const auto& field = type.fields[slot];
      const bool needed = type.name == "Phenopacket" && field.name == "id";
      const bool taken = field.group != 0 && (groups & (1U << field.group)) != 0;
      const std::uint32_t likely = percent(type);
      const std::string name = quoted(chance(25) ? field.snake : field.name);
      if (!needed && (taken || !chance(likely))) {
        if (chance(5)) fields[slot].loose = name + ":null";
        continue;
      }
      groups |= 1U << field.group;
      Both value = field.repeated ? list(type, field) : single(type, field);
      const bool dropped = !needed && field.group == 0 && is_default(field, value.canonical);
      if (!dropped) seen_.insert(std::string(type.name) + "." + field.name);
      fields[slot] = {dropped ? "" : quoted(field.name) + ":" + value.canonical, name + space() + ":" + value.loose};
    }
    --depth_;
    Both out{"{", "{"};
    for (const auto& field : fields) {
      if (!field.canonical.empty()) out.canonical += (out.canonical.size() > 1 ? "," : "") + field.canonical;
    }
    std::shuffle(fields.begin(), fields.end(), random_);
    std::erase_if(fields, [](const Both& field) { return field.loose.empty(); });
    for (const auto& field : fields) out.loose += (out.loose.size() > 1 ? "," : "") + space() + field.loose;
    out.canonical += "}";
    out.loose += space() + "}";
    return out;
  }

  static bool is_default(const pp::Field& field, const std::string& text) {
    if (field.repeated) return text == "[]";
    switch (field.kind) {
      case pp::FieldKind::text: return text == "\"\"";
      case pp::FieldKind::flag: return text == "false";
      case pp::FieldKind::uint64: return text == "\"0\"";
      case pp::FieldKind::int32:
      case pp::FieldKind::uint32:
      case pp::FieldKind::number: return text == "0";
      case pp::FieldKind::enumeration: return text == quoted(field.enumeration->name_of(0));
      case pp::FieldKind::text_map: return text == "{}";
      case pp::FieldKind::instant:
      case pp::FieldKind::message: return false;
    }
    return false;
  }

  Both list(const pp::MessageType& type, const pp::Field& field) {
    Both out{"[", "["};
    for (auto count = below(depth_ > 7 ? 2 : 4); count > 0; --count) {
      const Both one = single(type, field);
      out.canonical += (out.canonical.size() > 1 ? "," : "") + one.canonical;
      out.loose += (out.loose.size() > 1 ? "," : "") + one.loose;
    }
    return {out.canonical + "]", out.loose + "]"};
  }

  Both number(std::string text, bool quotes) {
    const std::string other = chance(30) ? quoted(text) : text;
    return {quotes ? quoted(text) : text, other};
  }

  Both single(const pp::MessageType& type, const pp::Field& field) {
    static const char* const naturals[] = {"0", "7", "58909704", "18446744073709551615", "9007199254740993"};
    static const char* const integers[] = {"0", "-3", "2147483647", "-2147483648", "12"};
    static const char* const reals[] = {"0", "0.1", "-2.5", "1e+300", "5e-324", "600000", "1e+21"};
    switch (field.kind) {
      case pp::FieldKind::text: {
        const auto text = quoted(words(type, field));
        return {text, text};
      }
      case pp::FieldKind::flag: return chance(50) ? Both{"true", "true"} : Both{"false", "false"};
      case pp::FieldKind::int32: return number(integers[below(5)], false);
      case pp::FieldKind::uint32: return number(chance(20) ? "4294967295" : naturals[below(3)], false);
      case pp::FieldKind::uint64: return number(naturals[below(5)], true);
      case pp::FieldKind::number: return number(reals[below(7)], false);
      case pp::FieldKind::instant:
        return chance(50) ? Both{"\"2020-02-29T12:30:00Z\"", "\"2020-02-29T13:30:00.000+01:00\""}
                          : Both{"\"0001-01-01T00:00:00.000000001Z\"", "\"0001-01-01T00:00:00.000000001Z\""};
      case pp::FieldKind::enumeration: return enumeration(*field.enumeration);
      case pp::FieldKind::text_map: return map();
      case pp::FieldKind::message: return message(*field.message);
    }
    return {};
  }

  Both enumeration(const pp::EnumType& type) {
    if (chance(5)) return {"77", "77"};
    const auto& [name, value] = type.values[below(static_cast<std::uint32_t>(type.values.size()))];
    return {quoted(name), chance(30) ? std::to_string(value) : quoted(name)};
  }

  Both map() {
    Both out{"{", "{"};
    const char* const keys[] = {"a", "b", "é"};
    const auto count = below(4);
    for (std::uint32_t i = 0; i < count; ++i)
      out.canonical += (i != 0 ? "," : "") + quoted(keys[i]) + ":" + quoted("v" + std::to_string(i));
    for (std::uint32_t i = count; i > 0; --i)
      out.loose += (i != count ? "," : "") + quoted(keys[i - 1]) + ":" + quoted("v" + std::to_string(i - 1));
    return {out.canonical + "}", out.loose + "}"};
  }

  std::mt19937 random_;
  int depth_ = 0;
  std::set<std::string> seen_;
};

}  // namespace skerry::exchange

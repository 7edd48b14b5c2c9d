// As much of JSON Schema 2020-12 as packs/study.schema.json uses; a keyword it does not know fails the test.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace skerry::cohort {

class JsonSchema {
 public:
  explicit JsonSchema(std::string_view text) : root_(boost::json::parse(text)) {}

  [[nodiscard]] bool accepts(const boost::json::value& value) const { return valid(root_, value); }

 private:
  using Value = boost::json::value;
  using Object = boost::json::object;

  [[nodiscard]] const Value& referenced(std::string_view reference) const {
    if (!reference.starts_with("#/$defs/")) throw std::runtime_error("a reference out of the schema: " + std::string(reference));
    return root_.as_object().at("$defs").as_object().at(reference.substr(8));
  }

  static bool of_type(std::string_view type, const Value& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    throw std::runtime_error("type " + std::string(type));
  }

  [[nodiscard]] bool valid(const Value& schema, const Value& value) const {
    if (schema.is_bool()) return schema.as_bool();
    return std::ranges::all_of(schema.as_object(), [&](const auto& entry) {
      return keyword(schema.as_object(), std::string_view(entry.key()), entry.value(), value);
    });
  }

  [[nodiscard]] std::ptrdiff_t how_many(const Value& schemas, const Value& value) const {
    return std::ranges::count_if(schemas.as_array(), [&](const Value& one) { return valid(one, value); });
  }

  [[nodiscard]] bool keyword(const Object& schema, std::string_view key, const Value& asks, const Value& value) const {
    static const std::set<std::string_view> says_nothing{"$schema", "title", "description", "default", "$defs"};
    if (says_nothing.contains(key)) return true;
    if (key == "$ref") return valid(referenced(asks.as_string()), value);
    if (key == "type") return of_type(asks.as_string(), value);
    if (key == "const") return asks == value;
    if (key == "enum") return std::ranges::count(asks.as_array(), value) > 0;
    if (key == "oneOf") return how_many(asks, value) == 1;
    if (key == "anyOf") return how_many(asks, value) > 0;
    if (key == "allOf") return how_many(asks, value) == static_cast<std::ptrdiff_t>(asks.as_array().size());
    if (key == "not") return !valid(asks, value);
    if (key == "minimum" || key == "maximum" || key == "exclusiveMinimum") return !value.is_number() || in_range(key, asks, value);
    if (key == "minLength") return !value.is_string() || value.as_string().size() >= asks.to_number<std::size_t>();
    if (key == "maxLength") return !value.is_string() || value.as_string().size() <= asks.to_number<std::size_t>();
    if (key == "pattern")
      return !value.is_string() || std::regex_search(std::string(value.as_string()), std::regex(std::string(asks.as_string())));
    if (key == "items" || key == "minItems" || key == "maxItems" || key == "uniqueItems")
      return !value.is_array() || of_array(key, asks, value.as_array());
    return !value.is_object() || of_object(schema, key, asks, value.as_object());
  }

  static bool in_range(std::string_view key, const Value& asks, const Value& value) {
    const auto limit = asks.to_number<double>();
    const auto number = value.to_number<double>();
    return key == "minimum" ? number >= limit : key == "maximum" ? number <= limit : number > limit;
  }

  [[nodiscard]] bool of_array(std::string_view key, const Value& asks, const boost::json::array& array) const {
    if (key == "minItems") return array.size() >= asks.to_number<std::size_t>();
    if (key == "maxItems") return array.size() <= asks.to_number<std::size_t>();
    if (key == "items") return std::ranges::all_of(array, [&](const Value& item) { return valid(asks, item); });
    return std::ranges::all_of(array, [&](const Value& item) { return std::ranges::count(array, item) == 1; });
  }

  [[nodiscard]] bool of_object(const Object& schema, std::string_view key, const Value& asks, const Object& object) const {
    const auto has = [&object](const Value& name) { return object.contains(name.as_string()); };
    if (key == "required") return std::ranges::all_of(asks.as_array(), has);
    if (key == "minProperties") return object.size() >= asks.to_number<std::size_t>();
    if (key == "maxProperties") return object.size() <= asks.to_number<std::size_t>();
    if (key == "propertyNames") {
      return std::ranges::all_of(object, [&](const auto& member) { return valid(asks, Value(member.key())); });
    }
    if (key == "properties") {
      return std::ranges::all_of(asks.as_object(), [&](const auto& entry) {
        return !object.contains(entry.key()) || valid(entry.value(), object.at(entry.key()));
      });
    }
    if (key == "additionalProperties") {
      const auto* named = schema.if_contains("properties");
      return std::ranges::all_of(object, [&](const auto& member) {
        return (named != nullptr && named->as_object().contains(member.key())) || valid(asks, member.value());
      });
    }
    if (key == "dependentRequired") {
      return std::ranges::all_of(asks.as_object(), [&](const auto& entry) {
        return !object.contains(entry.key()) || std::ranges::all_of(entry.value().as_array(), has);
      });
    }
    throw std::runtime_error("keyword " + std::string(key));
  }

  Value root_;
};

}  // namespace skerry::cohort

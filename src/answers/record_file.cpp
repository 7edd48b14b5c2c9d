#include "answers/record_file.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace skerry::answers {
namespace {

constexpr std::size_t record_bytes_max = 1 << 20;

}  // namespace

RecordReader::RecordReader(const pack::Node& node, std::string file, std::initializer_list<std::string_view> known)
    : node_(node), file_(std::move(file)) {
  if (node.kind != pack::NodeKind::object) {
    failed_ = true;
    error_ = {ErrorCode::wrong_type, "expected an object", node.place(file_)};
  }
  for (const auto& [key, value] : node.members) {
    if (std::find(known.begin(), known.end(), key) == known.end() && !failed_) {
      failed_ = true;
      error_ = {ErrorCode::unknown_parameter, "this member is not known here", value.place(file_)};
    }
  }
}

void RecordReader::wrong(std::string_view key, ErrorCode code, std::string message) {
  if (failed_) return;
  failed_ = true;
  const auto* node = node_.find(key);
  error_ = {code, std::move(message), node == nullptr ? node_.place(file_) : node->place(file_)};
}

const pack::Node* RecordReader::member(std::string_view key, pack::NodeKind kind, std::string_view expected) {
  if (failed_) return nullptr;
  const auto* node = node_.find(key);
  if (node == nullptr) {
    wrong(key, ErrorCode::missing_field, "\"" + std::string(key) + "\" is missing");
  } else if (node->kind != kind) {
    wrong(key, ErrorCode::wrong_type, "expected " + std::string(expected));
  }
  return failed_ ? nullptr : node;
}

std::string RecordReader::text(std::string_view key) {
  const auto* node = member(key, pack::NodeKind::string, "a text");
  return node == nullptr ? std::string() : node->string;
}

bool RecordReader::flag(std::string_view key) {
  const auto* node = member(key, pack::NodeKind::boolean, "true or false");
  return node != nullptr && node->boolean;
}

void RecordReader::bytes(std::string_view key, std::span<std::uint8_t> bytes) {
  const auto digits = text(key);
  if (failed_) return;
  const bool lower = std::all_of(digits.begin(), digits.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  std::size_t length = 0;
  if (!lower || digits.size() != 2 * bytes.size() ||
      sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(), nullptr, &length, nullptr) != 0 || length != bytes.size()) {
    wrong(key, ErrorCode::malformed, "expected " + std::to_string(2 * bytes.size()) + " lower-case hexadecimal digits");
  }
}

const pack::Node* RecordReader::list(std::string_view key) { return member(key, pack::NodeKind::array, "a list"); }

Result<void> RecordReader::finish() const {
  if (failed_) return fail(error_);
  return {};
}

Result<pack::Node> read_record_file(const std::filesystem::path& file) {
  const auto text = pack::read_text_file(file.string(), record_bytes_max);
  if (!text) return fail(text.error());
  return pack::parse_json(*text, file.string());
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string out(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
  out.pop_back();
  return out;
}

}  // namespace skerry::answers

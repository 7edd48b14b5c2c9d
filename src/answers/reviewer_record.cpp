#include "answers/reviewer_record.hpp"

#include <simdjson.h>

#include "base/digest.hpp"

namespace skerry::answers {
namespace {

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    // U+202A to U+202E and U+2066 to U+2069 turn the direction of what follows: a name could show as another.
    const auto rest = text.substr(i);
    if (rest.size() >= 3 && rest.starts_with("\xe2\x80") && rest[2] >= '\xaa' && rest[2] <= '\xae') return true;
    if (rest.size() >= 3 && rest.starts_with("\xe2\x81") && rest[2] >= '\xa6' && rest[2] <= '\xa9') return true;
  }
  return false;
}

}  // namespace

Result<void> check_words(std::string_view field, std::string_view text) {
  const Place place{{}, 0, 0, std::string(field)};
  if (text.find_first_not_of(' ') == std::string_view::npos)
    return fail(ErrorCode::missing_field, "a reviewer has a name and a role", place);
  if (!simdjson::validate_utf8(text.data(), text.size())) return fail(ErrorCode::invalid_text, "not valid UTF-8", place);
  if (text.size() > 200) return fail(ErrorCode::malformed, "longer than 200 bytes", place);
  if (has_control(text)) return fail(ErrorCode::malformed, "a control character stands in it", place);
  return {};
}

Reviewer read_reviewer(RecordReader& reader) {
  Reviewer reviewer;
  reviewer.key_id = reader.text("key_id");
  reviewer.name = reader.text("name");
  reviewer.role = reader.text("role");
  reader.bytes("public_key", reviewer.public_key);
  reviewer.demonstration = reader.flag("demonstration");
  if (!reader.finish()) return reviewer;
  if (reviewer.key_id != key_id_of(reviewer.public_key)) reader.wrong("key_id", ErrorCode::conflict, "the key id is not this public key's");
  if (auto good = check_words("name", reviewer.name); !good) reader.wrong("name", good.error().code, good.error().message);
  if (auto good = check_words("role", reviewer.role); !good) reader.wrong("role", good.error().code, good.error().message);
  return reviewer;
}

std::string key_id_of(const PublicKey& key) { return to_hex(Hasher().add_field("skerry reviewer key 1").add(key).finish()).substr(0, 32); }

}  // namespace skerry::answers

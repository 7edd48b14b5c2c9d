// Escaping, and the addresses an answer may link to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::answers {

/// Appends `text` so that it is text, also inside a quoted attribute.
void append_escaped(std::string& out, std::string_view text);

/// "&amp;", "&#38;" or "&#x26;" as UTF-8: every numeric reference and the few names people write; nullopt for other names.
[[nodiscard]] std::optional<std::string> decode_entity(std::string_view entity);

enum class LinkKind { external, internal };
/// Whether an address (entities decoded) may stand in a link: https with a host and no user, "/..." of this site, "#..." of this page.
[[nodiscard]] std::optional<LinkKind> kind_of_link(std::string_view address);

/// Bytes outside ASCII percent-encoded.
[[nodiscard]] std::string percent_encoded(std::string_view address);

}  // namespace skerry::answers

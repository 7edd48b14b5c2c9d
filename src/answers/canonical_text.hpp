// The bytes a signature is over: fields with their name and length.
#pragma once

#include <string>
#include <string_view>

#include "answers/signature.hpp"

namespace skerry::answers {

/// Appends "NAME LENGTH\nVALUE\n".
void append_field(std::string& out, std::string_view name, std::string_view value);

/// What Ed25519 signs. It begins with its purpose, so that no signature made for anything else can stand here.
[[nodiscard]] std::string signed_message(const Signature& signature);

}  // namespace skerry::answers

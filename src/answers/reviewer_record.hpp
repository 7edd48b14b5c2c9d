// What the registry's list and a key file both say of a reviewer.
#pragma once

#include <string_view>

#include "answers/record_file.hpp"
#include "answers/reviewer.hpp"
#include "base/error.hpp"

namespace skerry::answers {

/// A name or a role: not blank, UTF-8, at most 200 bytes, nothing that controls how text is shown.
/// Errors: missing_field, invalid_text, malformed; the place's path is `field`.
[[nodiscard]] Result<void> check_words(std::string_view field, std::string_view text);

/// key_id, name, role, public_key and demonstration; faults are the reader's.
[[nodiscard]] Reviewer read_reviewer(RecordReader& reader);

}  // namespace skerry::answers

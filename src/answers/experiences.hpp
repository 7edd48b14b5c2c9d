// First-person accounts that people chose to publish, apart from everything else known of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "consent/view.hpp"

namespace skerry::answers {

/// One account as the page shows it: no participant, date, source or order that leads back to a record.
struct Experience {
  std::string text;      ///< as it was approved; plain text, escape it
  std::string language;  ///< BCP 47, for the lang attribute; empty when not told
};

struct Experiences {
  std::size_t people = 0;  ///< participants, not texts: one person may have shared several
  std::vector<Experience> stories;
};

/// The approved accounts that answer `question`: facts of Kind::experience with code "skerry:question/<question>", a Text as value,
/// and among their qualifiers "skerry:moderation" with the Code "skerry:approved" or the Text "approved"; "skerry:language" tells
/// the language. Whatever is not approved is neither shown nor counted.
/// The floor k of disclosure does not apply: these are not figures about people but words they chose to publish, and the number is
/// the number of those authors.
/// The order is that of the texts' digests: it is stable, and says nothing of who came first.
/// Errors: consent_refused when the View was opened for another purpose than story_publication; those of reading the ledger.
[[nodiscard]] Result<Experiences> experiences(const consent::View& view, std::string_view question);

}  // namespace skerry::answers

// What the page says of an answer's medical review.
#pragma once

#include "answers/signature.hpp"
#include "pack/pack.hpp"
#include "web/page.hpp"

namespace skerry::web {

/// Signature files that cannot be read are logged, and the answer counts as not reviewed.
[[nodiscard]] answers::ReviewStatus review_status(const SiteContext& context, const pack::Question& question, std::string_view language);

/// Data of the section {{#review}} in home.mustache and question.mustache. "Reviewed by" is said only under Review::reviewed.
[[nodiscard]] Data review_data(const answers::ReviewStatus& status, const Phrases& phrases);

}  // namespace skerry::web

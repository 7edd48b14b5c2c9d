// What the question page tells machines: schema.org as JSON-LD.
#pragma once

#include <string>
#include <string_view>

#include "answers/answer_text.hpp"
#include "answers/signature.hpp"
#include "base/error.hpp"
#include "pack/pack.hpp"

namespace skerry::answers {

/// A MedicalWebPage that is also an FAQPage, about a MedicalCondition with its codes, with the cited sources.
/// lastReviewed and reviewedBy are there only while `status` is Review::reviewed by a reviewer who is not a demonstration.
/// Valid JSON in ASCII for '<', '>' and '&', so that it stands safely inside <script type="application/ld+json">: set it in as it is.
/// A data block is not executed, so a Content-Security-Policy without inline scripts does not stop or need to allow it.
/// `page_url` is absolute; empty leaves the address out.
[[nodiscard]] std::string structured_data(const pack::Pack& pack, const pack::Question& question, std::string_view language,
                                          const ReviewStatus& status, const RenderedAnswer& answer, std::string_view page_url);

}  // namespace skerry::answers

#include "web/review_view.hpp"

#include "base/log.hpp"

namespace skerry::web {
namespace {

pack::Arguments arguments_of(const answers::ReviewStatus& status) {
  pack::Arguments arguments{{"name", status.name}, {"role", status.role}};
  if (status.reviewed_on) arguments["date"] = day_argument(*status.reviewed_on);
  if (status.due_on) arguments["due"] = day_argument(*status.due_on);
  return arguments;
}

/// The key of the sentence below the label; empty when the label says it all.
std::string_view explanation_key(answers::Review review) {
  switch (review) {
    case answers::Review::not_reviewed: return "review.not_reviewed_explained";
    case answers::Review::review_due: return "review.due_explained";
    case answers::Review::changed_since_review: return "review.changed_explained";
    case answers::Review::unknown_reviewer: return "review.unknown_explained";
    case answers::Review::invalid_signature: return "review.invalid_explained";
    case answers::Review::reviewed: break;
  }
  return {};
}

}  // namespace

answers::ReviewStatus review_status(const SiteContext& context, const pack::Question& question, std::string_view language) {
  const auto today = date_of_day(day_of(context.options.clock()));
  auto status = answers::status(context.parts.directory, context.parts.pack, question, language, today);
  if (status) return *status;
  log::error("the review of {} in {} cannot be read: {}", question.id, language, status.error().text());
  return {};
}

Data review_data(const answers::ReviewStatus& status, const Phrases& phrases) {
  const bool reviewed = status.review == answers::Review::reviewed;
  const auto arguments = arguments_of(status);
  Data data;
  data.set("label", phrases.say("review." + std::string(name_of(status.review)), arguments));
  data.set("warning", Data(!reviewed));
  data.set("demonstration", Data(status.demonstration));
  const auto explanation = explanation_key(status.review);
  data.set("explained", explanation.empty() ? Data(false) : Data(phrases.say(explanation, arguments)));
  data.set("next", reviewed && status.due_on ? Data(phrases.say("review.next", {{"date", day_argument(*status.due_on)}})) : Data(false));
  return data;
}

}  // namespace skerry::web

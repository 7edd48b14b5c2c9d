#include "answers/experiences.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "base/digest.hpp"
#include "fact/concepts.hpp"

namespace skerry::answers {
namespace {

/// A qualifier's word, however it was said: the end of "skerry:approved", or the text "approved".
std::string word_of(const Fact& fact, std::string_view role) {
  constexpr std::string_view prefix = "skerry:";
  for (const auto& qualifier : fact.qualifiers) {
    if (qualifier.role.id != role) continue;
    if (const auto* text = std::get_if<Text>(&qualifier.value)) return text->text;
    if (const auto* code = std::get_if<Code>(&qualifier.value)) {
      return code->id.starts_with(prefix) ? code->id.substr(prefix.size()) : code->id;
    }
  }
  return {};
}

std::optional<Experience> published(const Fact& fact, std::string_view code) {
  if (fact.kind != Kind::experience || fact.status != Status::present || fact.code.id != code) return std::nullopt;
  const auto* text = std::get_if<Text>(&fact.value);
  if (text == nullptr || text->text.empty() || word_of(fact, "skerry:moderation") != "approved") return std::nullopt;
  return Experience{text->text, word_of(fact, "skerry:language")};
}

}  // namespace

Result<Experiences> experiences(const consent::View& view, std::string_view question) {
  if (view.purpose() != Purpose::story_publication) {
    return fail(ErrorCode::consent_refused, "experiences are read for publication only, with the purpose story_publication");
  }
  const auto code = std::string(concepts::question_prefix) + std::string(question);
  std::vector<std::pair<Digest, Experience>> found;
  std::set<ParticipantId> people;
  const auto read = view.for_each([&](const Fact& fact) {
    if (auto experience = published(fact, code)) {
      const auto order = Hasher().add_field(question).add_field(experience->language).add_field(experience->text).finish();
      found.emplace_back(order, std::move(*experience));
      people.insert(fact.participant);
    }
    return true;
  });
  if (!read) return fail(read.error());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Experiences out;
  out.people = people.size();
  out.stories.reserve(found.size());
  for (auto& [order, experience] : found) out.stories.push_back(std::move(experience));
  return out;
}

}  // namespace skerry::answers

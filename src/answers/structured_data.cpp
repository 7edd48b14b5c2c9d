#include "answers/structured_data.hpp"

#include <boost/json.hpp>

namespace skerry::answers {
namespace {

namespace json = boost::json;

/// A code as MedicalCode: its system is the part of the CURIE before the colon.
json::object medical_code(const Code& code) {
  const auto system = system_of(code.id);
  const auto value = system.empty() ? std::string_view(code.id) : std::string_view(code.id).substr(system.size() + 1);
  return {{"@type", "MedicalCode"}, {"codeValue", value}, {"codingSystem", system}};
}

json::object condition_of(const pack::Pack& pack, std::string_view language) {
  json::array codes{medical_code(pack.disease)};
  for (const auto& code : pack.same_as) codes.push_back(medical_code(code));
  return {{"@type", "MedicalCondition"},
          {"name", pack::text_in(pack.name, language)},
          {"alternateName", pack::text_in(pack.short_name, language)},
          {"code", std::move(codes)}};
}

json::array citations_of(const pack::Pack& pack, const RenderedAnswer& answer) {
  json::array out;
  for (const auto& cited : answer.cited) {
    const auto* source = pack.source(cited.source_id);
    if (source == nullptr) continue;
    json::object entry{{"@type", "CreativeWork"}, {"name", source->citation}};
    if (!source->url.empty()) entry["url"] = source->url;
    out.push_back(std::move(entry));
  }
  return out;
}

/// "</script" and "<!--" would end or change the element the data stands in; JSON may write every character as an escape.
std::string safe_in_script(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default: out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string structured_data(const pack::Pack& pack, const pack::Question& question, std::string_view language, const ReviewStatus& status,
                            const RenderedAnswer& answer, std::string_view page_url) {
  const auto& title = pack::text_in(question.title, language);
  json::object accepted{{"@type", "Answer"}, {"text", pack::text_in(question.short_answer, language)}, {"inLanguage", language}};
  json::object asked{{"@type", "Question"}, {"name", title}, {"inLanguage", language}, {"acceptedAnswer", std::move(accepted)}};
  json::object page{{"@context", "https://schema.org"},
                    {"@type", json::array{"MedicalWebPage", "FAQPage"}},
                    {"name", title},
                    {"inLanguage", language},
                    {"dateModified", to_text(question.updated)},
                    {"about", condition_of(pack, language)},
                    {"mainEntity", json::array{std::move(asked)}},
                    {"citation", citations_of(pack, answer)}};
  if (!page_url.empty()) {
    page["@id"] = page_url;
    page["url"] = page_url;
  }
  if (status.review == Review::reviewed && !status.demonstration && status.reviewed_on) {
    page["lastReviewed"] = to_text(*status.reviewed_on);
    page["reviewedBy"] = {{"@type", "Person"}, {"name", status.name}, {"jobTitle", status.role}};
  }
  return safe_in_script(json::serialize(page));
}

}  // namespace skerry::answers

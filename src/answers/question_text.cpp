#include "answers/answer_text.hpp"

namespace skerry::answers {

Result<RenderedAnswer> render_question(const pack::Pack& pack, const pack::Question& question, std::string_view language,
                                       RenderOptions options) {
  std::vector<pack::Source> sources;
  for (const auto& id : question.sources) {
    if (const auto* source = pack.source(id)) sources.push_back(*source);
  }
  if (options.file.empty()) options.file = "answers/" + question.id + "." + std::string(language) + ".md";
  return render_answer(pack::text_in(question.answer, language), sources, options);
}

}  // namespace skerry::answers

#include <algorithm>

#include "answers/answer_text.hpp"
#include "answers/experiences.hpp"
#include "answers/structured_data.hpp"
#include "base/log.hpp"
#include "web/figure_view.hpp"
#include "web/page.hpp"
#include "web/review_view.hpp"

namespace skerry::web {
namespace {

using kainjow::mustache::list;

/// First the sources the text cites, with their numbers; then the others that the question names.
Data source_list(const SiteContext& context, const pack::Question& question, const answers::RenderedAnswer& answer,
                 const Phrases& phrases) {
  Data sources(list{});
  std::vector<std::string> listed;
  for (const auto& cited : answer.cited) {
    const auto* source = context.parts.pack.source(cited.source_id);
    if (source == nullptr) continue;
    auto data = source_data(*source);
    data.set("anchor", cited.anchor);
    data.set("number", std::to_string(cited.number));
    Data uses(list{});
    for (const auto& use : cited.uses) {
      Data one;
      one.set("use", use);
      one.set("label", phrases.say("question.source_back", {{"number", static_cast<std::int64_t>(cited.number)}}));
      uses.push_back(one);
    }
    data.set("uses", uses);
    sources.push_back(data);
    listed.push_back(cited.source_id);
  }
  for (const auto& id : question.sources) {
    const auto* source = context.parts.pack.source(id);
    if (source != nullptr && std::find(listed.begin(), listed.end(), id) == listed.end()) sources.push_back(source_data(*source));
  }
  return sources;
}

Data figure_list(const SiteContext& context, const pack::Question& question, const Phrases& phrases) {
  Data figures(list{});
  int number = 0;
  for (const auto& study : question.studies) {
    const auto figure = context.desk.shown(study, context.stamp);
    auto data = figure ? figure_data(*figure, phrases, "figure-" + std::to_string(++number)) : figure_problem(figure.error(), phrases);
    const auto title = figure ? phrases.text((*figure)->title) : study;
    data.set("title", title);
    data.set("address", "/" + phrases.language() + "/figures/" + study);
    data.set("recompute", phrases.say("figure.recompute_of", {{"title", title}}));
    figures.push_back(data);
  }
  return figures;
}

answers::Experiences experiences_of(const SiteContext& context, const pack::Question& question) {
  const auto view = context.parts.gate.open({consent::Role::system, "pages"}, Purpose::story_publication);
  if (!view) {
    log::error("experiences cannot be read: {}", view.error().text());
    return {};
  }
  auto found = answers::experiences(*view, question.id);
  if (found) return std::move(*found);
  log::error("experiences cannot be read: {}", found.error().text());
  return {};
}

void set_experiences(Data& data, const answers::Experiences& experiences, const Phrases& phrases) {
  data.set("experience_count", phrases.say("experiences.count", {{"people", static_cast<std::int64_t>(experiences.people)}}));
  Data stories(list{});
  for (const auto& story : experiences.stories) {
    Data one;
    one.set("text", story.text);
    one.set("story_lang", text_or_nothing(story.language));
    stories.push_back(one);
  }
  data.set("stories", stories);
}

}  // namespace

Result<Page> question_page(const SiteContext& context, const Phrases& phrases, std::string_view id) {
  const auto& pack = context.parts.pack;
  const auto* question = pack.question(id);
  if (question == nullptr) return fail(ErrorCode::not_found, "the pack has no question of that name");
  answers::RenderOptions options;
  options.citation_label = [&phrases](std::size_t number, const pack::Source& source) {
    return phrases.say("question.citation", {{"number", static_cast<std::int64_t>(number)}, {"citation", source.citation}});
  };
  const auto answer = answers::render_question(pack, *question, phrases.language(), options);
  if (!answer) return fail(answer.error());
  const auto status = review_status(context, *question, phrases.language());

  Page page;
  page.title = phrases.text(question->title);
  page.description = phrases.text(question->short_answer);
  page.path = "questions/" + question->id;
  const auto& base = context.options.base_url;
  const auto address = base.empty() ? base : base + "/" + phrases.language() + "/" + page.path;
  page.json_ld = answers::structured_data(pack, *question, phrases.language(), status, *answer, address);

  Data data;
  data.set("title", page.title);
  data.set("short_answer", page.description);
  data.set("review", review_data(status, phrases));
  data.set("updated", phrases.say("question.updated", {{"date", day_argument(question->updated)}}));
  data.set("answer", answer->html);
  data.set("disclaimer", phrases.text(pack.disclaimer));
  data.set("has_figures", Data(!question->studies.empty()));
  data.set("figures", figure_list(context, *question, phrases));
  set_experiences(data, experiences_of(context, *question), phrases);
  data.set("sources", source_list(context, *question, *answer, phrases));
  page.content = fill_template("question", data, phrases);
  return page;
}

}  // namespace skerry::web

#include <set>

#include "web/figure_view.hpp"
#include "web/page.hpp"
#include "web/review_view.hpp"

namespace skerry::web {
namespace {

using kainjow::mustache::list;

Data question_list(const SiteContext& context, const Phrases& phrases) {
  Data questions(list{});
  for (const auto& question : context.parts.pack.questions) {
    Data one;
    one.set("title", phrases.text(question.title));
    one.set("short_answer", phrases.text(question.short_answer));
    one.set("address", "/" + phrases.language() + "/questions/" + question.id);
    one.set("review", review_data(review_status(context, question, phrases.language()), phrases));
    questions.push_back(one);
  }
  return questions;
}

/// The figures that the questions show, each once.
Data figure_list(const SiteContext& context, const Phrases& phrases) {
  Data figures(list{});
  std::set<std::string> seen;
  for (const auto& question : context.parts.pack.questions) {
    for (const auto& study : question.studies) {
      if (!seen.insert(study).second) continue;
      const auto figure = context.desk.shown(study, context.stamp);
      if (!figure) continue;
      Data one;
      one.set("title", phrases.text((*figure)->title));
      one.set("address", "/" + phrases.language() + "/questions/" + question.id + "#figures");
      one.set("summary", headline(*figure, phrases));
      one.set("based_on", based_on(*figure, phrases));
      figures.push_back(one);
    }
  }
  return figures;
}

Data code_list(const pack::Pack& pack) {
  Data codes(list{});
  auto all = pack.same_as;
  all.insert(all.begin(), pack.disease);
  std::set<std::string> seen;
  for (const auto& code : all) {
    if (code.empty() || !seen.insert(code.id).second) continue;
    const auto system = system_of(code.id);
    Data one;
    one.set("system", std::string(system));
    one.set("code", system.empty() ? code.id : code.id.substr(system.size() + 1));
    one.set("label", text_or_nothing(code.label));
    codes.push_back(one);
  }
  return codes;
}

}  // namespace

Page home_page(const SiteContext& context, const Phrases& phrases) {
  const auto& pack = context.parts.pack;
  const auto name = context.options.name.empty() ? phrases.text(pack.name) : context.options.name;
  Page page;
  page.title = phrases.text(pack.name);
  page.description = phrases.text(pack.summary);
  Data data;
  data.set("title", page.title);
  data.set("summary", page.description);
  data.set("questions", question_list(context, phrases));
  auto figures = figure_list(context, phrases);
  data.set("has_figures", Data(figures.is_non_empty_list()));
  data.set("figures", figures);
  data.set("who", phrases.say(context.options.demonstration ? "home.who_demonstration" : "home.who_registry", {{"name", name}}));
  data.set("codes", code_list(pack));
  Data sources(list{});
  for (const auto& source : pack.sources) sources.push_back(source_data(source));
  data.set("sources", sources);
  page.content = fill_template("home", data, phrases);
  return page;
}

}  // namespace skerry::web

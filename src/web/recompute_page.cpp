#include "base/log.hpp"
#include "web/figure_view.hpp"
#include "web/page.hpp"

namespace skerry::web {
namespace {

using kainjow::mustache::list;

void add_fact(Data& facts, const std::string& key, const std::string& value, bool code) {
  Data one;
  one.set("key", key);
  one.set("value", value);
  one.set("code", Data(code));
  facts.push_back(one);
}

Data snapshot_facts(const ReleasedFigure& figure, const Phrases& phrases) {
  Data facts(list{});
  add_fact(facts, phrases.say("recompute.sequence"), std::to_string(figure->snapshot.sequence), false);
  add_fact(facts, phrases.say("recompute.written"), to_text(figure->snapshot.at), false);
  add_fact(facts, phrases.say("recompute.chain"), to_hex(figure->snapshot.chain), true);
  add_fact(facts, phrases.say("recompute.digest"), to_hex(figure->digest), true);
  return facts;
}

Data verdict_data(const Recomputed& result, const Phrases& phrases) {
  const std::string time = to_text(Instant{result.at.seconds, 0});
  Data verdict;
  verdict.set("title", phrases.say(result.equal ? "recompute.equal" : "recompute.differs"));
  verdict.set("done", phrases.say("recompute.done", {{"time", time.substr(11, 8)}}));
  verdict.set("explained", phrases.say(result.equal ? "recompute.equal_explained" : "recompute.differs_explained"));
  return verdict;
}

int status_for(const Error& error) {
  const bool refused = error.code == ErrorCode::disclosure_refused || error.code == ErrorCode::consent_refused;
  return refused ? 200 : 500;  // that a figure is not released is what the page has to say, not a fault
}

}  // namespace

Result<Page> recompute_page(const SiteContext& context, const Phrases& phrases, std::string_view study) {
  const auto* file = context.parts.pack.study(study);
  if (file == nullptr) return fail(ErrorCode::not_found, "the pack has no study of that name");
  const auto shown = context.desk.shown(study, context.stamp);
  const auto result = shown ? context.desk.recompute(study) : Result<Recomputed>(fail(shown.error()));

  Page page;
  page.path = "figures/" + file->id;
  Data data;
  data.set("problem", Data(false));
  data.set("verdict", Data(false));
  data.set("figure", Data(false));
  std::string title = file->id;
  if (result) {
    title = phrases.text(result->figure->title);
    data.set("verdict", verdict_data(*result, phrases));
    auto figure = figure_data(result->figure, phrases, "figure");
    figure.set("facts", snapshot_facts(result->figure, phrases));
    data.set("figure", figure);
  } else {
    page.status = status_for(result.error());
    auto problem = figure_problem(result.error(), phrases);
    data.set("problem", *problem.get("problem"));
  }
  page.title = phrases.say("recompute.title", {{"title", title}});
  data.set("heading", page.title);
  data.set("command", "skerry ask study.json --data FOLDER");
  const auto address = "/" + phrases.language() + "/figures/" + file->id;
  data.set("json_address", address + ".json");
  data.set("csv_address", address + ".csv");
  data.set("study", file->text);
  page.content = fill_template("recompute", data, phrases);
  return page;
}

}  // namespace skerry::web

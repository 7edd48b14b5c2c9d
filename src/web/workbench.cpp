#include "web/workbench.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "cohort/words.hpp"
#include "disclosure/ask.hpp"
#include "web/figure_view.hpp"
#include "web/form.hpp"
#include "web/responses.hpp"

namespace skerry::web {
namespace {

using kainjow::mustache::list;

constexpr std::chrono::seconds time_limit{60};
constexpr std::array<std::string_view, 4> form_fields{"form", "replaces", "text", "action"};

net::Response shown(Page page, const SiteContext& context, const Phrases& phrases) {
  page.has_address = page.status == 200;
  auto response = html(page.status, in_frame(page, context, phrases), phrases.language(), Caching::never);
  // Under "no-referrer" a browser sends a form with the origin "null", and where it came from could not be checked.
  for (auto& [name, value] : response.headers) {
    if (name == "referrer-policy") value = "same-origin";
  }
  return response;
}

std::string_view header(const net::Request& request, std::string_view name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view{} : std::string_view(found->second);
}

/// A browser says from which site a form was sent; one from elsewhere is refused whatever it carries.
bool sent_from_here(const net::Request& request) {
  const auto site = header(request, "sec-fetch-site");
  if (!site.empty() && site != "same-origin") return false;
  const auto origin = header(request, "origin");
  if (origin.empty() || origin == "null") return origin.empty();
  const auto scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == header(request, "host");
}

/// The line a fault stands in, with a mark below it.
std::string excerpt(std::string_view text, const Place& place) {
  if (place.line == 0) return {};
  for (std::uint32_t line = 1; line < place.line; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  auto found = text.substr(0, text.find('\n'));
  constexpr std::size_t width_max = 160;
  const std::size_t column = place.column == 0 ? 0 : place.column - 1;
  if (found.size() > width_max || column > found.size()) return {};
  return std::string(found) + "\n" + std::string(column, ' ') + "^";
}

Data row(std::string key, std::string value, bool code = false) {
  Data one;
  one.set("key", std::move(key));
  one.set("value", std::move(value));
  one.set("code", Data(code));
  return one;
}

constexpr std::string_view blank_study = R"({
  "id": "registry/my-study",
  "title": {"en": "What the study asks"},
  "cohort": {"everyone": true},
  "statistic": {"type": "count"},
  "by": {"code": "skerry:sex", "kind": "person", "values": ["skerry:female", "skerry:male"]}
}
)";

/// The same study under an id of the registry's own, so that one of the pack can be begun from.
std::string under_own_id(std::string text, std::string_view id) {
  const auto quoted = "\"" + std::string(id) + "\"";
  const auto found = text.find(quoted);
  const auto slash = id.find('/');
  if (found == std::string::npos || slash == std::string_view::npos) return text;
  return text.replace(found, quoted.size(), "\"" + std::string(cohort::saved_prefix) + std::string(id.substr(slash + 1)) + "\"");
}

}  // namespace

struct Workbench::Draft {
  std::string id;  ///< of a study that was opened; empty for a new one
  std::string text;
  std::string replaces;  ///< digest of the saved text it began with, hex; empty for a new one
  int status = 200;
  std::optional<Error> error;
  std::optional<cohort::Study> study;  ///< what was understood
  Data figure = Data(false);
  bool saved = false;
};

net::Response Workbench::answer(const net::Request& request, const Match& match, const SiteContext& context) {
  const auto phrases = context.phrases(match.language);
  if (match.kind == RouteKind::workbench_enter) return enter(match.name, context, phrases);
  const auto key = WorkbenchKey::read(directory_, false);
  const auto token = pass_in_cookies(header(request, "cookie"));
  const auto pass = key ? key->check(token, context.options.clock()) : std::nullopt;
  if (!pass) return closed(context, phrases);
  const Visitor visitor{*pass, key->form_token(token)};
  if (match.kind == RouteKind::workbench_study) return open(visitor, match.name, context, phrases);
  if (request.method != "POST") return overview(visitor, context, phrases);
  return submitted(visitor, request, context, phrases);
}

net::Response Workbench::enter(std::string_view token, const SiteContext& context, const Phrases& phrases) const {
  const auto key = WorkbenchKey::read(directory_, false);
  const auto pass = key ? key->check(token, context.options.clock()) : std::nullopt;
  if (!pass) return closed(context, phrases);
  Page page;
  page.title = phrases.say("workbench.title");
  page.path = "workbench";
  Data data;
  data.set("welcome",
           phrases.say("workbench.welcome",
                       {{"name", pass->name}, {"role", phrases.say("workbench.role." + std::string(consent::name_of(pass->role)))}}));
  data.set("address", "/" + phrases.language() + "/workbench");
  page.content = fill_template("workbench_enter", data, phrases);
  auto response = shown(std::move(page), context, phrases);
  const bool secure = context.options.base_url.starts_with("https://");
  const auto days = std::max<std::int64_t>(pass->until_day - day_of(context.options.clock()) + 1, 1);
  response.headers.emplace_back("set-cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", workbench_cookie, token,
                                                          days * 86'400, secure ? "; Secure" : ""));
  return response;
}

net::Response Workbench::closed(const SiteContext& context, const Phrases& phrases) const {
  Page page;
  page.status = 403;
  page.title = phrases.say("workbench.closed_title");
  Data data;
  data.set("heading", page.title);
  page.content = fill_template("workbench_closed", data, phrases);
  return shown(std::move(page), context, phrases);
}

net::Response Workbench::overview(const Visitor& visitor, const SiteContext& context, const Phrases& phrases) const {
  const auto prefix = "/" + phrases.language() + "/workbench/studies/";
  const auto entry = [&](const std::string& id, const std::string& text) {
    Data one;
    const auto study = cohort::parse_study(text, id);
    one.set("id", id);
    one.set("title", study ? phrases.text(study->title) : id);
    one.set("broken", Data(!study));
    one.set("address", prefix + id);
    return one;
  };
  Data own(list{}), packs(list{});
  const auto saved = shelf_.all();
  if (!saved) log::error("saved studies cannot be read: {}", saved.error().text());
  if (saved) {
    for (const auto& study : *saved) own.push_back(entry(study.id, study.text));
  }
  for (const auto& study : context.parts.pack.studies) packs.push_back(entry(study.id, study.text));
  Page page;
  page.title = phrases.say("workbench.title");
  page.path = "workbench";
  Data data;
  data.set("who",
           phrases.say("workbench.who", {{"name", visitor.pass.name},
                                         {"role", phrases.say("workbench.role." + std::string(consent::name_of(visitor.pass.role)))}}));
  data.set("has_own", Data(saved && !saved->empty()));
  data.set("own", own);
  data.set("packs", packs);
  data.set("new_address", prefix + "new");
  page.content = fill_template("workbench", data, phrases);
  return shown(std::move(page), context, phrases);
}

net::Response Workbench::open(const Visitor& visitor, std::string_view id, const SiteContext& context, const Phrases& phrases) const {
  Draft draft;
  if (id == "new") {
    draft.text = blank_study;
  } else if (const auto* file = context.parts.pack.study(id); file != nullptr) {
    draft.id = file->id;
    draft.text = under_own_id(file->text, file->id);
  } else {
    auto saved = shelf_.find(id);
    if (!saved) {
      return html(404, in_frame(error_page(404, phrases), context, phrases), phrases.language(), Caching::never);
    }
    draft.id = saved->id;
    draft.replaces = to_hex(digest_of(saved->text));
    draft.text = std::move(saved->text);
  }
  return editor(visitor, std::move(draft), context, phrases);
}

net::Response Workbench::submitted(const Visitor& visitor, const net::Request& request, const SiteContext& context,
                                   const Phrases& phrases) {
  const auto refused = [&](int status) {
    return html(status, in_frame(error_page(status, phrases), context, phrases), phrases.language(), Caching::never);
  };
  if (!header(request, "content-type").starts_with("application/x-www-form-urlencoded")) return refused(400);
  auto form = read_form(request.body, form_fields);
  if (!form || form->size() != form_fields.size()) return refused(400);
  const auto key = WorkbenchKey::read(directory_, false);
  const auto token = pass_in_cookies(header(request, "cookie"));
  if (!sent_from_here(request) || !key || !key->form_token_holds(token, (*form)["form"])) return closed(context, phrases);

  Draft draft;
  draft.text = std::move((*form)["text"]);
  draft.replaces = (*form)["replaces"];
  const auto& action = (*form)["action"];
  if (action != "check" && action != "preview" && action != "explain" && action != "save") return refused(400);
  std::optional<Digest> replaces;
  if (!draft.replaces.empty()) {
    const auto digest = parse_digest(draft.replaces);
    if (!digest) return refused(400);
    replaces = *digest;
  }
  auto study = draft.text.size() > cohort::study_bytes_max
                   ? Result<cohort::Study>(fail(ErrorCode::too_large, phrases.say("workbench.too_long")))
                   : cohort::parse_study(draft.text, "study");
  if (study && action == "save") study = shelf_.save(draft.text, replaces);
  if (!study) {
    draft.error = study.error();
    draft.status = http_status_of(study.error().code);
    return editor(visitor, std::move(draft), context, phrases);
  }
  draft.id = study->id;
  if (action == "save") {
    draft.saved = true;
    draft.replaces = to_hex(digest_of(draft.text));
    log::info("study {} was saved on the workbench", study->id);
  }
  if (action == "preview" || action == "explain") preview(visitor, *study, context, phrases, action == "explain", draft);
  draft.study = std::move(*study);
  return editor(visitor, std::move(draft), context, phrases);
}

void Workbench::preview(const Visitor& visitor, const cohort::Study& study, const SiteContext& context, const Phrases& phrases, bool steps,
                        Draft& draft) {
  const std::unique_lock lock(previewing_, std::try_to_lock);
  if (!lock) {
    draft.status = 503;
    draft.error = Error{ErrorCode::overloaded, phrases.say("workbench.busy"), {}};
    return;
  }
  const auto& parts = context.parts;
  const disclosure::AskContext question{.ledger = parts.ledger,
                                        .gate = parts.gate,
                                        .actor = {visitor.pass.role, visitor.pass.name},
                                        .vocabulary = parts.vocabulary,
                                        .policy = disclosure::Policy(context.options.floor),
                                        .limits = {.deadline = std::chrono::steady_clock::now() + time_limit}};
  const auto figure = steps ? disclosure::explain(study, question) : disclosure::ask(study, question);
  if (figure) {
    draft.figure = figure_data(*figure, phrases, "preview");
  } else {
    draft.error = figure.error();
    draft.status = http_status_of(figure.error().code);
  }
}

net::Response Workbench::editor(const Visitor& visitor, Draft draft, const SiteContext& context, const Phrases& phrases) const {
  Page page;
  page.status = draft.status;
  const auto name = draft.study ? phrases.text(draft.study->title) : draft.id.empty() ? phrases.say("workbench.new") : draft.id;
  page.title = phrases.say(draft.error ? "workbench.title_error" : "workbench.title_study", {{"title", name}});
  page.path = "workbench";
  Data data;
  data.set("heading", name);
  data.set("text", draft.text);
  data.set("replaces", draft.replaces);
  data.set("form", visitor.form_token);
  data.set("action_address", "/" + phrases.language() + "/workbench");
  data.set("saved", draft.saved ? Data(phrases.say("workbench.saved", {{"id", draft.id}})) : Data(false));
  data.set("figure", draft.figure);
  Data error(false);
  if (draft.error) {
    Data told;
    const auto& place = draft.error->place;
    told.set("message", draft.error->message);
    told.set("place", place.line == 0 ? Data(false)
                                      : Data(phrases.say("workbench.place",
                                                         {{"line", std::int64_t{place.line}}, {"column", std::int64_t{place.column}}})));
    told.set("excerpt", text_or_nothing(excerpt(draft.text, place)));
    error = std::move(told);
  }
  data.set("error", error);
  data.set("faulty", Data(draft.error.has_value()));
  Data understood(false);
  if (draft.study && !draft.error) {
    Data rows(list{});
    rows.push_back(row(phrases.say("workbench.id"), draft.study->id, true));
    rows.push_back(row(phrases.say("workbench.words"), cohort::in_words(draft.study->cohort, context.parts.vocabulary)));
    rows.push_back(row(phrases.say("workbench.statistic"), std::string(cohort::name_of(draft.study->type)), true));
    rows.push_back(row(phrases.say("workbench.purpose"), std::string(consent::name_of(draft.study->purpose)), true));
    rows.push_back(row(phrases.say("workbench.digest"), to_hex(draft.study->digest), true));
    understood = std::move(rows);
  }
  data.set("has_understood", Data(draft.study && !draft.error));
  data.set("understood", understood);
  page.content = fill_template("workbench_study", data, phrases);
  return shown(std::move(page), context, phrases);
}

}  // namespace skerry::web

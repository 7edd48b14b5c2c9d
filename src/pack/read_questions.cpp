#include <algorithm>
#include <set>

#include "pack/pack_reader.hpp"

namespace skerry::pack {

namespace {

bool is_https_address(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return false;
  const auto rest = url.substr(scheme.size());
  const auto host = rest.substr(0, rest.find_first_of("/?#"));
  const auto plain = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>'; };
  return !host.empty() && host.find('@') == std::string_view::npos && std::all_of(rest.begin(), rest.end(), plain);
}

/// Every source that a Markdown text cites as [@one] or [@one; @two] must be listed by its question.
void check_citations(Reading& reading, const std::string& file, const std::string& text, const Question& question) {
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      ++line;
      line_start = at + 1;
    }
    if (text.compare(at, 2, "[@") != 0) continue;
    const auto end = text.find_first_of("]\n", at);
    auto rest = std::string_view(text).substr(at + 1, end == std::string::npos ? std::string::npos : end - at - 1);
    while (!rest.empty()) {
      const auto semicolon = rest.find(';');
      auto id = rest.substr(0, semicolon);
      rest = semicolon == std::string_view::npos ? std::string_view{} : rest.substr(semicolon + 1);
      id.remove_prefix(std::min(id.find_first_not_of(" @"), id.size()));
      id = id.substr(0, id.find(' '));
      if (std::find(question.sources.begin(), question.sources.end(), id) != question.sources.end()) continue;
      const Place place{file, line, static_cast<std::uint32_t>(at - line_start + 1), {}};
      const std::vector<std::string_view> known(question.sources.begin(), question.sources.end());
      reading.checking.error(
          ErrorCode::not_found,
          "the source \"" + std::string(id) + "\" is cited, but not among the question's sources" + did_you_mean(id, known), place);
    }
  }
}

/// The answer files of a question, each read; a file that must not leave the folder.
Texts answers_of(Reading& reading, Fields& fields, const Question& question) {
  Texts out;
  for (const auto& [language, path] : fields.texts("answer")) {
    const Place place = fields.node("answer")->find(language)->place(fields.file());
    const auto text = reading.checking.text_of(path, place);
    if (!text) continue;
    check_citations(reading, reading.checking.named(path), *text, question);
    out[language] = *text;
  }
  return out;
}

void check_references(Reading& reading, Fields& fields, const Question& question) {
  std::vector<std::string_view> sources;
  std::vector<std::string_view> studies;
  for (const auto& source : reading.pack.sources) sources.push_back(source.id);
  for (const auto& study : reading.pack.studies) studies.push_back(study.id);
  const auto among = [](std::string_view id, const std::vector<std::string_view>& known) {
    return std::find(known.begin(), known.end(), id) != known.end();
  };
  for (const auto& id : question.sources) {
    if (!among(id, sources))
      fields.error(ErrorCode::not_found, "sources.json has no source \"" + id + "\"" + did_you_mean(id, sources), "sources");
  }
  for (const auto& id : question.studies) {
    if (!among(id, studies)) fields.error(ErrorCode::not_found, "there is no study \"" + id + "\"" + did_you_mean(id, studies), "studies");
  }
}

void one_question(Reading& reading, const std::string& relative) {
  const auto root = reading.checking.json_of(relative, true);
  if (!root) return;
  Fields fields(reading.checking, reading.checking.named(relative), *root,
                {"id", "title", "short_answer", "answer", "updated", "review_months", "sources", "studies"});
  Question question;
  question.id = fields.slug("id");
  if (!question.id.empty() && relative != "questions/" + question.id + ".json") {
    fields.error(ErrorCode::conflict, "the file of a question has its id as name: " + question.id + ".json", "id");
  }
  question.title = fields.texts("title");
  question.short_answer = fields.texts("short_answer");
  const auto updated = fields.text("updated");
  const auto date = parse_partial_date(updated);
  if (!updated.empty() && (!date || date->day == 0)) fields.error(ErrorCode::malformed, "a day like 2026-11-22 was expected", "updated");
  if (date) question.updated = *date;
  question.review_months = static_cast<int>(fields.integer("review_months", 1, 120));
  question.sources = fields.words("sources");
  question.studies = fields.words("studies");
  check_references(reading, fields, question);
  question.answer = answers_of(reading, fields, question);
  reading.pack.questions.push_back(std::move(question));
}

/// The questions that pack.json names come first, in its order; the others follow by id.
void order_questions(Reading& reading) {
  const auto root = reading.checking.json_of("pack.json", false);
  const Node* first = root ? root->find("first_questions") : nullptr;
  if (first == nullptr || first->kind != NodeKind::array) return;
  auto& questions = reading.pack.questions;
  auto next = questions.begin();
  for (const auto& item : first->items) {
    const auto found = std::find_if(next, questions.end(), [&item](const auto& question) { return question.id == item.string; });
    if (found == questions.end()) {
      reading.checking.error(ErrorCode::not_found, "there is no question \"" + item.string + "\", or it stands twice here",
                             item.place(reading.checking.named("pack.json")));
      continue;
    }
    std::rotate(next, found, found + 1);
    ++next;
  }
}

}  // namespace

void read_sources(Reading& reading) {
  const std::string file = reading.checking.named("sources.json");
  const auto root = reading.checking.json_of("sources.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"sources"});
  const auto* list = fields.items("sources");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "citation", "url", "read"});
    Source source{one.slug("id"), one.text("citation"), one.optional_text("url"), one.boolean("read", false)};
    if (reading.pack.source(source.id) != nullptr)
      one.error(ErrorCode::duplicate_key, "the source \"" + source.id + "\" stands twice", "id");
    if (!source.url.empty() && !is_https_address(source.url))
      one.error(ErrorCode::unknown_value, "an address that begins with https:// was expected", "url");
    reading.pack.sources.push_back(std::move(source));
  }
}

void read_studies(Reading& reading) {
  for (const auto& relative : reading.checking.files_in("studies", ".json")) {
    const std::string file = reading.checking.named(relative);
    const auto text = reading.checking.text_of(relative, {file, 0, 0, {}});
    if (!text) continue;
    const auto root = parse_json(*text, file);
    if (!root) {
      reading.checking.report.errors.push_back(root.error());
      continue;
    }
    const Node* id = root->find("id");
    const std::string begin = reading.pack.id + "/";
    if (id == nullptr || id->kind != NodeKind::string || !id->string.starts_with(begin) || !is_slug(id->string.substr(begin.size()))) {
      reading.checking.error(ErrorCode::invalid_study,
                             "a study's \"id\" is \"" + begin + "\" and a name of small letters, digits and \"-\"",
                             (id == nullptr ? *root : *id).place(file));
      continue;
    }
    if (reading.pack.study(id->string) != nullptr)
      reading.checking.error(ErrorCode::duplicate_key, "the study \"" + id->string + "\" stands twice", id->place(file));
    reading.pack.studies.push_back({id->string, file, *text});
  }
}

void read_questions(Reading& reading) {
  for (const auto& relative : reading.checking.files_in("questions", ".json")) one_question(reading, relative);
  order_questions(reading);
}

}  // namespace skerry::pack

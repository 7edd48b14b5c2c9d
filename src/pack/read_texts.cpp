#include <algorithm>
#include <set>

#include "pack/messages.hpp"
#include "pack/pack_reader.hpp"

namespace skerry::pack {

namespace {

/// The texts of one language's file by key, with their places; empty when the file is missing.
struct TextFile {
  std::string file;
  std::optional<Node> root;
};

TextFile text_file(Reading& reading, std::string_view kind, const std::string& language) {
  const std::string relative = "texts/" + std::string(kind) + "." + language + ".json";
  TextFile out{reading.checking.named(relative), reading.checking.json_of(relative, false)};
  if (!out.root) return out;
  if (out.root->kind != NodeKind::object) {
    reading.checking.error(ErrorCode::wrong_type, "an object of texts was expected", out.root->place(out.file));
    out.root.reset();
    return out;
  }
  std::erase_if(out.root->members, [&](const Member& member) {
    if (member.key == "$schema" || member.key == "about_this_file") return true;
    if (member.value.kind == NodeKind::string && !member.value.string.empty()) return false;
    reading.checking.error(ErrorCode::wrong_type, "a text was expected", member.value.place(out.file));
    return true;
  });
  return out;
}

/// Every key of the first language should be in the others; a key of another language must be in the first.
void compare_keys(Reading& reading, const TextFile& first, const TextFile& other, const std::string& language) {
  if (!first.root) return;
  const Place whole{other.file, 0, 0, {}};
  if (!other.root) {
    reading.checking.warning(ErrorCode::missing_field, "there is no such file: every text of it is missing in \"" + language + "\"", whole);
    return;
  }
  std::vector<std::string_view> known;
  for (const auto& [key, value] : first.root->members) {
    known.push_back(key);
    if (other.root->find(key) == nullptr)
      reading.checking.warning(ErrorCode::missing_field, "the text \"" + key + "\" is missing in \"" + language + "\"", whole);
  }
  for (const auto& [key, value] : other.root->members) {
    if (first.root->find(key) != nullptr) continue;
    reading.checking.error(ErrorCode::unknown_parameter, "the text \"" + key + "\" is not in " + first.file + did_you_mean(key, known),
                           value.place(other.file));
  }
}

std::string listed(const std::set<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "{" : ", {") + name + "}";
  return out.empty() ? "none" : out;
}

/// A pattern and the arguments that its first language takes.
void check_pattern(Reading& reading, const TextFile& file, const Member& message, const std::string& language,
                   std::map<std::string, std::set<std::string>>& expected) {
  const auto place = message.value.place(file.file);
  const auto arguments = arguments_of(message.value.string, language);
  if (!arguments) {
    reading.checking.error(arguments.error().code, arguments.error().message, place);
    return;
  }
  const auto [first, added] = expected.try_emplace(message.key, *arguments);
  if (added || first->second == *arguments) return;
  reading.checking.error(ErrorCode::conflict,
                         "the arguments differ between languages: " + listed(*arguments) + " here, " + listed(first->second) + " in \"" +
                             reading.checking.languages.front() + "\"",
                         place);
}

}  // namespace

void read_messages(Reading& reading) {
  std::optional<TextFile> first;
  std::map<std::string, std::set<std::string>> expected;
  for (const auto& language : reading.checking.languages) {
    auto file = text_file(reading, "messages", language);
    if (first) compare_keys(reading, *first, file, language);
    if (file.root) {
      for (const auto& message : file.root->members) {
        check_pattern(reading, file, message, language, expected);
        reading.pack.messages[message.key][language] = message.value.string;
      }
    }
    if (!first) first = std::move(file);
  }
}

void read_labels(Reading& reading) {
  std::optional<TextFile> first;
  for (const auto& language : reading.checking.languages) {
    auto file = text_file(reading, "labels", language);
    if (first) compare_keys(reading, *first, file, language);
    if (file.root) {
      for (const auto& [code, label] : file.root->members) {
        reading.require_code(code, label.place(file.file));
        reading.pack.labels[code][language] = label.string;
      }
    }
    if (!first) first = std::move(file);
  }
}

void read_warnings(Reading& reading) {
  const std::string file = reading.checking.named("warnings.json");
  const auto root = reading.checking.json_of("warnings.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"warnings"});
  const auto* list = fields.items("warnings");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "text", "about", "sources"});
    Warning warning{one.slug("id"), one.texts("text"), one.words("about"), one.words("sources")};
    if (reading.pack.warning(warning.id) != nullptr)
      one.error(ErrorCode::duplicate_key, "the warning \"" + warning.id + "\" stands twice", "id");
    for (const auto& about : warning.about) {
      if (is_curie(about)) reading.require_code(about, one.place("about"));
    }
    for (const auto& source : warning.sources) {
      if (reading.pack.source(source) == nullptr)
        one.error(ErrorCode::not_found, "sources.json has no source \"" + source + "\"", "sources");
    }
    reading.pack.warnings.push_back(std::move(warning));
  }
}

void read_consent(Reading& reading) {
  const std::string file = reading.checking.named("consent.json");
  const auto root = reading.checking.json_of("consent.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"version", "texts"});
  reading.pack.consent_version = fields.text("version");
  const auto* list = fields.items("texts");
  if (list == nullptr) return;
  std::set<std::string> seen;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"purpose", "title", "text"});
    // The purposes of ledger/consent_record.hpp.
    ConsentText text{
        one.choice("purpose", {"own_care", "registry_research", "federated_studies", "public_figures", "recontact", "story_publication"}),
        one.texts("title"), one.texts("text")};
    if (!text.purpose.empty() && !seen.insert(text.purpose).second)
      one.error(ErrorCode::duplicate_key, "the purpose \"" + text.purpose + "\" stands twice", "purpose");
    reading.pack.consent_texts.push_back(std::move(text));
  }
}

void read_forms(Reading& reading) {
  const std::string file = reading.checking.named("forms.json");
  const auto root = reading.checking.json_of("forms.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"to_come"});
  const auto* list = fields.items("to_come");
  if (list == nullptr) return;
  std::set<std::string> seen;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "title", "codes"});
    FormToCome form{one.slug("id"), one.texts("title")};
    if (!seen.insert(form.id).second) one.error(ErrorCode::duplicate_key, "the form \"" + form.id + "\" stands twice", "id");
    for (const auto& code : one.words("codes")) reading.require_code(code, one.place("codes"));
    reading.pack.forms_to_come.push_back(std::move(form));
  }
}

}  // namespace skerry::pack

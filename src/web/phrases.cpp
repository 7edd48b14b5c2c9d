#include "web/phrases.hpp"

#include "base/log.hpp"
#include "pack/json_document.hpp"

namespace skerry::web {

Result<Catalogue> Catalogue::read(std::span<const EmbeddedFile> files) {
  Catalogue catalogue;
  constexpr std::string_view folder = "texts/", ending = ".json";
  for (const auto& file : files) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(ending)) continue;
    const std::string name(file.path);
    auto root = pack::parse_json(file.bytes, name);
    if (!root) return fail(std::move(root.error()));
    auto& texts = catalogue.languages_[name.substr(folder.size(), name.size() - folder.size() - ending.size())];
    for (const auto& [key, value] : root->members) {
      if (value.kind != pack::NodeKind::string) return fail(ErrorCode::wrong_type, "a text was expected", value.place(name));
      texts[key] = value.string;
    }
  }
  return catalogue;
}

const std::string* Catalogue::find(std::string_view language, std::string_view key) const {
  for (const auto tag : {language, std::string_view("en")}) {
    const auto& in_language = texts(tag);
    if (const auto found = in_language.find(key); found != in_language.end()) return &found->second;
  }
  return nullptr;
}

std::vector<std::string> Catalogue::languages() const {
  std::vector<std::string> tags;
  for (const auto& [tag, texts] : languages_) tags.push_back(tag);
  return tags;
}

const std::map<std::string, std::string, std::less<>>& Catalogue::texts(std::string_view language) const {
  static const std::map<std::string, std::string, std::less<>> none;
  const auto found = languages_.find(language);
  return found == languages_.end() ? none : found->second;
}

Phrases::Phrases(const Catalogue& catalogue, const pack::Pack& pack, std::string language)
    : catalogue_(catalogue), pack_(pack), language_(std::move(language)) {}

std::string Phrases::say(std::string_view key, const pack::Arguments& arguments) const {
  const auto* pattern = catalogue_.find(language_, key);
  if (pattern == nullptr) {
    log::error("no interface text {} in {}", key, language_);
    return std::string(key);
  }
  auto text = pack::format_message(*pattern, language_, arguments);
  if (!text) {
    log::error("interface text {} in {}: {}", key, language_, text.error().text());
    return std::string(key);
  }
  return *text;
}

std::string Phrases::note(const evidence::Note& note) const {
  // A figure's note "figure.few" is the interface text "note.few", unless the pack has words of its own for it.
  if (const auto message = pack_.messages.find(note.key); message != pack_.messages.end()) {
    if (auto text = pack::format_message(pack::text_in(message->second, language_), language_, note.arguments)) return *text;
  }
  const auto key = "note." + note.key.substr(note.key.find('.') + 1);
  return catalogue_.find(language_, key) == nullptr ? note.english : say(key, note.arguments);
}

const std::string& Phrases::text(const pack::Texts& texts) const { return pack::text_in(texts, language_); }

std::string Phrases::name(const pack::Texts& title, const Code& code, std::string_view id) const {
  if (!title.empty()) return text(title);
  if (const auto label = pack_.labels.find(code.id); label != pack_.labels.end()) return text(label->second);
  if (!code.label.empty()) return code.label;
  return std::string(id.empty() ? code.id : id);
}

std::string Phrases::count(const evidence::Count& count, int floor) const {
  if (count.mark == evidence::Mark::few) return say("figure.few", {{"floor", std::int64_t{floor}}});
  if (count.mark == evidence::Mark::withheld || !count.number) return say("figure.withheld");
  return number(static_cast<double>(*count.number));
}

std::string Phrases::percent(double share) const { return say("figure.percent", {{"share", share}}); }

std::string Phrases::number(double value) const {
  auto text = pack::format_message("{value, number}", language_, {{"value", value}});
  return text ? *text : fmt::format("{}", value);
}

double day_argument(PartialDate day) {
  constexpr double seconds_per_day = 86'400;
  return (days_of(day).first * seconds_per_day + seconds_per_day / 2) * 1000;
}

double day_argument(Instant instant) { return day_argument(date_of_day(day_of(instant))); }

}  // namespace skerry::web

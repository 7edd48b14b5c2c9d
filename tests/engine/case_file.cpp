#include "engine/case_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace skerry::engine {
namespace {

constexpr std::array study_keys{"cohort", "statistic", "by", "snapshot", "floor", "purpose", "let", "comment"};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

std::pair<std::string_view, std::string_view> first_word(std::string_view text) {
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  return {text.substr(0, end), trimmed(text.substr(end))};
}

/// How many brackets stay open; texts in quotes aside.
int open_brackets(std::string_view json) {
  int open = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' || c == '[') ++open;
    if (c == '}' || c == ']') --open;
  }
  return open;
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Result<std::vector<Case>> read(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      ++line_;
      if (auto done = line(text.substr(at, end - at)); !done) {
        done.error().place = {file_, line_, 0, ""};
        return fail(std::move(done.error()));
      }
      at = end + 1;
    }
    if (in_study_) return fail(ErrorCode::malformed, "the text after \"study\" is not ended by \"end\"", {file_, line_, 0, ""});
    if (auto done = finish_case(); !done) return fail(std::move(done.error()));
    return std::move(cases_);
  }

 private:
  enum class Section : std::uint8_t { none, vocabulary, facts, in_case };

  Result<void> line(std::string_view raw) {
    if (in_study_) {
      if (trimmed(raw) == "end") {
        in_study_ = false;
      } else {
        study_ = (study_ ? *study_ + "\n" : "") + std::string(raw);
      }
      return {};
    }
    const auto text = trimmed(raw);
    if (!open_.empty()) {
      keys_[open_] += "\n" + std::string(text);
      if (open_brackets(keys_[open_]) <= 0) open_.clear();
      return {};
    }
    if (text.empty() || text.starts_with('#')) return {};
    const auto [word, rest] = first_word(text);
    if (word == "vocabulary" || word == "facts" || word == "case") return section(word, rest);
    switch (section_) {
      case Section::vocabulary: return vocabulary_.line(text);
      case Section::facts: return facts_.line(text);
      case Section::in_case: return of_case(word, rest);
      case Section::none: break;
    }
    return fail(ErrorCode::malformed, "a file begins with \"vocabulary\", \"facts\" or \"case NAME\"");
  }

  Result<void> section(std::string_view word, std::string_view rest) {
    if (auto done = finish_case(); !done) return done;
    if (word == "vocabulary") {
      vocabulary_ = {};
      made_vocabulary_.reset();
      section_ = Section::vocabulary;
    } else if (word == "facts") {
      facts_ = {};
      scene_.reset();
      section_ = Section::facts;
    } else {
      if (rest.empty()) return fail(ErrorCode::malformed, "a case needs a name");
      section_ = Section::in_case;
      case_ = Case{std::string(rest), line_, {}, {}, {}, {}};
    }
    return {};
  }

  Result<void> of_case(std::string_view word, std::string_view rest) {
    if (word == "study") {
      in_study_ = true;
    } else if (std::ranges::find(study_keys, word) != study_keys.end()) {
      keys_[std::string(word)] = std::string(rest);
      if (open_brackets(rest) > 0) open_ = std::string(word);
    } else {
      case_->expected.push_back({std::string(word), std::string(rest), line_});
    }
    return {};
  }

  Result<void> finish_case() {
    if (!case_) return {};
    if (!made_vocabulary_) {
      auto made = vocabulary_.finish();
      if (!made) return fail(made.error());
      made_vocabulary_ = std::make_shared<const vocabulary::Vocabulary>(std::move(*made));
    }
    if (!scene_) scene_ = std::make_shared<const Scene>(facts_.finish());
    if (case_->expected.empty()) return fail(ErrorCode::malformed, "nothing is expected of the case \"" + case_->name + "\"");
    keys_.try_emplace("cohort", R"({"everyone": true})");
    keys_.try_emplace("statistic", R"({"type": "count"})");
    std::string made = R"({"id": "test/case", "title": {"en": "a test"})";
    for (const auto& [key, value] : keys_) made += ",\n\"" + key + "\": " + value;
    case_->study = study_ ? *study_ : made + "}";
    case_->vocabulary = made_vocabulary_;
    case_->scene = scene_;
    cases_.push_back(std::move(*case_));
    case_.reset();
    study_.reset();
    keys_.clear();
    return {};
  }

  std::string file_;
  std::uint32_t line_ = 0;
  Section section_ = Section::none;
  VocabularyText vocabulary_;
  FactsText facts_;
  std::shared_ptr<const vocabulary::Vocabulary> made_vocabulary_;
  std::shared_ptr<const Scene> scene_;
  std::optional<Case> case_;
  std::optional<std::string> study_;
  std::map<std::string, std::string> keys_;
  std::string open_;  ///< the key whose JSON goes on in the next line
  bool in_study_ = false;
  std::vector<Case> cases_;
};

}  // namespace

Result<std::vector<Case>> read_cases(std::string_view text, const std::string& file) { return Reader(file).read(text); }

}  // namespace skerry::engine

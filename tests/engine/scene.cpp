#include "engine/scene.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace skerry::engine {

/// The words of one line, taken one after the other.
class Words {
 public:
  explicit Words(std::string_view text) : words_(words_of(text)) {}
  [[nodiscard]] bool more() const { return at_ < words_.size(); }
  [[nodiscard]] std::string take() { return more() ? words_[at_++] : std::string{}; }
  [[nodiscard]] const std::string& next() const { return words_[at_]; }

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

namespace {

tl::unexpected<Error> unreadable(std::string what) { return fail(ErrorCode::malformed, std::move(what)); }

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number out{};
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return out;
}

Moment moment_of(const std::string& word) {
  if (word == "open") return StatedTime{};
  if (const auto age = parse_age(word)) return *age;
  if (const auto date = parse_partial_date(word)) return *date;
  if (const auto instant = parse_instant(word)) return *instant;
  if (word.find(' ') == std::string::npos && word.find(':') != std::string::npos) return Code{word, ""};
  return StatedTime{word};
}

/// "= CODE", "= 5.2 mg/dL", "= 7", "= true": a word with a point or followed by a unit is a quantity.
Value value_of(Words& words) {
  const auto word = words.take();
  if (word == "true" || word == "false") return word == "true";
  const auto number = number_of<double>(word);
  if (!number) return Code{word, ""};
  static constexpr auto keys = {"at",   "before",  "after", "from", "site",    "left",       "right",
                                "both", "midline", "by",    "with", "part-of", "supersedes", "="};
  const bool unit = words.more() && !words.next().starts_with("#") && std::ranges::find(keys, words.next()) == keys.end();
  if (unit) return Quantity{*number, {"UCUM:" + words.take(), ""}, {}};
  if (const auto whole = number_of<std::int64_t>(word)) return *whole;
  return Quantity{*number, {}, {}};
}

Result<void> source_of(Words& words, Source& source) {
  const auto kind = parse_source_kind(words.take());
  if (!kind) return fail(kind.error());
  source.kind = *kind;
  if (words.more() && words.next().find(':') != std::string::npos) source.reference = words.take();
  return {};
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    const bool quoted = text[at] == '"';
    const auto begin = quoted ? at + 1 : at;
    auto end = quoted ? text.find('"', begin) : text.find_first_of(" \t", begin);
    end = std::min(end, text.size());
    if (text.substr(begin, end - begin) == "#") break;
    out.emplace_back(text.substr(begin, end - begin));
    at = quoted ? end + 1 : end;
  }
  return out;
}

vocabulary::Term& VocabularyText::term(std::string id) {
  auto& found = terms_[id];
  if (found.id.empty()) found.label = found.id = std::move(id);
  return found;
}

Result<void> VocabularyText::line(std::string_view text) {
  Words words(text);
  const auto id = words.take();
  auto& about = term(id);
  if (!words.more()) return {};
  const auto verb = words.take();
  while (words.more()) {
    const auto word = words.take();
    if (verb == "is-a") {
      about.parents.push_back(word);
      term(word);
    } else if (verb == "also") {
      about.alternative_ids.push_back(word);
    } else if (verb == "named") {
      about.label = word;
    } else if (verb == "replaced-by") {
      about.obsolete = true;
      about.replaced_by = word;
    } else {
      return unreadable("\"" + verb + "\" is not one of is-a, also, named, replaced-by");
    }
  }
  return {};
}

Result<vocabulary::Vocabulary> VocabularyText::finish() const {
  std::vector<vocabulary::Term> terms;
  for (const auto& [id, term] : terms_) terms.push_back(term);
  return vocabulary::Vocabulary::from_terms(std::move(terms), "test");
}

/// One thing said about a fact.
Result<void> FactsText::part(Words& words, Fact& fact) {
  const auto word = words.take();
  if (word == "=") {
    fact.value = value_of(words);
  } else if (word == "origin") {
    Variant variant;
    variant.origin.id = words.take();
    fact.value = std::move(variant);
  } else if (word == "at") {
    fact.when = When::at(moment_of(words.take()));
  } else if (word == "before") {
    fact.when = When::before(moment_of(words.take()));
  } else if (word == "after") {
    fact.when = When::after(moment_of(words.take()));
  } else if (word == "from") {
    auto from = moment_of(words.take());
    if (words.take() != "to") return unreadable("\"from\" goes with \"to\"");
    fact.when = When::between(std::move(from), moment_of(words.take()));
  } else if (word == "site") {
    fact.where.site.id = words.take();
  } else if (const auto side = parse_side(word)) {
    fact.where.side = *side;
  } else if (word == "by") {
    if (const auto source = source_of(words, fact.source); !source) return source;
  } else if (word == "with") {
    Qualifier qualifier;
    qualifier.role.id = words.take();
    if (words.more() && words.next() == "=") {
      static_cast<void>(words.take());
      qualifier.value = value_of(words);
    }
    fact.qualifiers.push_back(std::move(qualifier));
  } else if (word == "part-of" || word == "supersedes") {
    const auto found = named_.find(words.take());
    if (found == named_.end()) return unreadable(word + " names no fact above");
    (word == "part-of" ? fact.part_of : fact.supersedes) = found->second;
  } else if (word.starts_with('#')) {
    named_[word] = fact.id;
  } else if (const auto status = parse_status(word)) {
    fact.status = *status;
  } else {
    return unreadable("\"" + word + "\" is not understood");
  }
  return {};
}

Result<void> FactsText::line(std::string_view text) {
  if (text == "then") {
    written_.push_back(facts_.size());
    return {};
  }
  Words words(text);
  const auto person = number_of<std::int64_t>(words.take());
  if (!person) return unreadable("a line of facts begins with a participant's number");
  people_.push_back({*person});
  if (!words.more()) return {};
  if (number_of<std::int64_t>(words.next())) {
    while (words.more()) {
      const auto another = number_of<std::int64_t>(words.take());
      if (!another) return unreadable("either numbers of participants alone, or one participant and a fact");
      people_.push_back({*another});
    }
    return {};
  }
  Fact fact;
  fact.id = {static_cast<std::int64_t>(facts_.size()) + 1};
  fact.participant = {*person};
  fact.source.kind = SourceKind::clinician;
  const auto kind = parse_kind(words.take());
  if (!kind) return fail(kind.error());
  fact.kind = *kind;
  fact.code.id = words.take();
  while (words.more()) {
    if (const auto done = part(words, fact); !done) return done;
  }
  facts_.push_back(std::move(fact));
  return {};
}

Scene FactsText::finish() const {
  Scene out{facts_, people_, {}};
  for (std::size_t i = 0, from = 0; !written_.empty() && i <= written_.size(); ++i) {
    const auto to = i < written_.size() ? written_[i] : facts_.size();
    out.writes.emplace_back(facts_.begin() + static_cast<std::ptrdiff_t>(from), facts_.begin() + static_cast<std::ptrdiff_t>(to));
    from = to;
  }
  std::ranges::stable_sort(out.facts, {}, &Fact::participant);
  std::ranges::sort(out.people);
  const auto twice = std::ranges::unique(out.people);
  out.people.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace skerry::engine

#include <algorithm>

#include "pack/messages.hpp"
#include "pack/pack_reader.hpp"

namespace skerry::pack {

namespace {

Certainty certainty_of(std::string_view word) {
  if (word == "read") return Certainty::read;
  return word == "quoted" ? Certainty::quoted : Certainty::unverified;
}

/// Ids under `key`: [{"id": ..., "certainty": ...}]. The unverified ones are gathered in `unverified`.
std::vector<std::string> other_codes(Reading& reading, Fields& fields, std::string_view key, std::vector<std::string>& unverified) {
  std::vector<std::string> out;
  const auto* list = fields.items(key, false);
  if (list == nullptr) return out;
  for (const auto& item : *list) {
    Fields other(reading.checking, fields.file(), item, {"id", "certainty"});
    const auto id = other.curie("id");
    if (certainty_of(other.choice("certainty", {"read", "quoted", "unverified"})) == Certainty::unverified) unverified.push_back(id);
    if (!id.empty()) out.push_back(id);
  }
  return out;
}

void one_term(Reading& reading, const std::string& file, const Node& item) {
  Fields fields(reading.checking, file, item, {"id", "label", "synonyms", "is_a", "alternative_ids"});
  vocabulary::Term term;
  term.id = fields.curie("id");
  term.label = fields.text("label");
  term.synonyms = fields.words("synonyms");
  term.parents = fields.words("is_a");
  term.alternative_ids = fields.words("alternative_ids");
  if (!term.id.empty()) reading.add_term(std::move(term), fields.place("id"));
}

}  // namespace

void Reading::add_term(vocabulary::Term term, const Place& place) {
  const auto [first, added] = code_at.try_emplace(term.id, place);
  if (!added) {
    checking.error(ErrorCode::duplicate_key, "the code " + term.id + " stands twice (first at " + first->second.text() + ")", place);
    return;
  }
  for (const auto& id : term.alternative_ids) {
    const auto [other, fresh] = code_at.try_emplace(id, place);
    if (!fresh) checking.error(ErrorCode::duplicate_key, "the code " + id + " stands twice (first at " + other->second.text() + ")", place);
  }
  terms.push_back(std::move(term));
}

void Reading::require_code(std::string_view curie, const Place& place) {
  if (curie.empty() || code_at.contains(curie)) return;
  std::vector<std::string_view> known;
  for (const auto& entry : code_at) known.push_back(entry.first);
  checking.error(ErrorCode::unknown_code, "the pack carries no code " + std::string(curie) + did_you_mean(curie, known), place);
}

void read_manifest(Reading& reading) {
  auto& checking = reading.checking;
  auto& pack = reading.pack;
  const auto root = checking.json_of("pack.json", true);
  if (!root) return;
  Fields fields(checking, checking.named("pack.json"), *root,
                {"id", "version", "languages", "name", "short_name", "summary", "disease", "disclaimer", "first_questions"});
  pack.id = fields.slug("id");
  pack.version = fields.text("version");
  pack.languages = fields.words("languages", true);
  if (fields.node("languages") != nullptr && pack.languages.empty())
    fields.error(ErrorCode::missing_field, "at least one language was expected", "languages");
  for (const auto& language : pack.languages) {
    if (!known_language(language))
      fields.error(ErrorCode::unknown_value, "\"" + language + "\" is no language tag like \"en\" or \"it\"", "languages");
  }
  checking.languages = pack.languages;
  if (pack.languages.empty()) return;  // without languages every text would be at fault
  pack.name = fields.texts("name");
  pack.short_name = fields.texts("short_name");
  pack.summary = fields.texts("summary");
  pack.disclaimer = fields.texts("disclaimer");
  pack.disease.id = fields.curie("disease");
}

void read_terms(Reading& reading) {
  const std::string file = reading.checking.named("terms.json");
  const auto root = reading.checking.json_of("terms.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"vocabularies"});
  const auto* list = fields.items("vocabularies");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"name", "version", "url", "licence", "note", "terms"});
    const auto name = one.text("name");
    reading.versions.push_back(name + " " + one.text("version") + " (part)");
    if (const auto* terms = one.items("terms"); terms != nullptr) {
      for (const auto& term : *terms) one_term(reading, file, term);
    }
  }
}

void read_codes(Reading& reading) {
  const std::string file = reading.checking.named("codes.json");
  const auto root = reading.checking.json_of("codes.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"codes"});
  const auto* list = fields.items("codes");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "label", "kind", "certainty", "same_as", "classified_as", "is_a", "note"});
    PackCode code;
    std::vector<std::string> unverified;
    code.code = {one.curie("id"), one.text("label")};
    code.kind = one.choice("kind", {"disease", "gene", "medicine", "procedure", "measurement", "anatomy", "qualifier"});
    code.certainty = certainty_of(one.choice("certainty", {"read", "quoted", "unverified"}));
    if (code.certainty == Certainty::unverified) unverified.push_back(code.code.id);
    code.same_as = other_codes(reading, one, "same_as", unverified);
    code.classified_as = other_codes(reading, one, "classified_as", unverified);
    for (const auto& id : unverified)
      reading.checking.warning(ErrorCode::unknown_code, "the code " + id + " is unverified: no one has opened its source",
                               item.place(file));
    if (code.code.id.empty()) continue;
    reading.add_term({code.code.id, code.code.label, {}, one.words("is_a"), code.same_as, false, {}}, one.place("id"));
    reading.pack.codes.push_back(std::move(code));
  }
}

void read_body_sites(Reading& reading) {
  const std::string file = reading.checking.named("body_sites.json");
  const auto root = reading.checking.json_of("body_sites.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"sites"});
  const auto* list = fields.items("sites");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "label", "sided"});
    BodySite site{{one.curie("id"), one.text("label")}, one.boolean("sided", false)};
    if (site.code.id.empty()) continue;
    reading.add_term({site.code.id, site.code.label, {}, {}, {}, false, {}}, one.place("id"));
    reading.pack.body_sites.push_back(site.code);
    if (site.sided) reading.pack.sided_sites.push_back(site.code.id);
  }
}

void make_vocabulary(Reading& reading) {
  auto& checking = reading.checking;
  for (const auto& term : reading.terms) {
    for (const auto& parent : term.parents) reading.require_code(parent, reading.code_at.at(term.id));
  }
  auto made = vocabulary::Vocabulary::from_terms(reading.terms, reading.versions);
  if (!made) {
    Place place{checking.named("terms.json"), 0, 0, {}};
    for (const auto& [id, where] : reading.code_at) {
      if (made.error().message.find(" " + id + " ") != std::string::npos) place = where;
    }
    checking.error(made.error().code, made.error().message, place);
    return;
  }
  reading.pack.vocabulary = std::move(*made);
  // The disease: its label and other codes come from codes.json.
  auto& pack = reading.pack;
  if (pack.disease.id.empty()) return;
  const auto found =
      std::find_if(pack.codes.begin(), pack.codes.end(), [&pack](const auto& code) { return code.code.id == pack.disease.id; });
  if (found == pack.codes.end() || found->kind != "disease") {
    checking.error(ErrorCode::unknown_code, "the disease " + pack.disease.id + " is not among the diseases of codes.json",
                   {checking.named("pack.json"), 0, 0, "/disease"});
    return;
  }
  pack.disease.label = found->code.label;
  for (const auto& id : found->same_as) pack.same_as.push_back({id, found->code.label});
}

void read_rules(Reading& reading) {
  const std::string file = reading.checking.named("quality_rules.json");
  const auto root = reading.checking.json_of("quality_rules.json", false);
  if (!root) return;
  Fields fields(reading.checking, file, *root, {"rules"});
  const auto* list = fields.items("rules");
  if (list == nullptr) return;
  std::vector<std::string> ids;
  for (const auto& item : *list) {
    Fields one(reading.checking, file, item, {"id", "title", "present", "absent", "source"});
    QualityRule rule;
    rule.id = one.slug("id");
    if (std::find(ids.begin(), ids.end(), rule.id) != ids.end())
      one.error(ErrorCode::duplicate_key, "the rule \"" + rule.id + "\" stands twice", "id");
    ids.push_back(rule.id);
    rule.title = one.texts("title");
    rule.present.id = one.curie("present");
    rule.absent.id = one.curie("absent");
    reading.require_code(rule.present.id, one.place("present"));
    reading.require_code(rule.absent.id, one.place("absent"));
    if (!rule.present.id.empty() && rule.present.id == rule.absent.id)
      one.error(ErrorCode::conflict, "a rule needs two different codes", "absent");
    if (const auto* term = reading.pack.vocabulary.find(rule.present.id); term != nullptr) rule.present.label = term->label;
    if (const auto* term = reading.pack.vocabulary.find(rule.absent.id); term != nullptr) rule.absent.label = term->label;
    rule.source = one.text("source");
    reading.pack.quality_rules.push_back(std::move(rule));
  }
}

}  // namespace skerry::pack

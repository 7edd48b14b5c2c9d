#include "pack/small_pack.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>

namespace skerry::pack {

namespace {

const std::map<std::string, std::string> files = {
    {"pack.json", R"({
  "id": "small",
  "version": "1.0",
  "languages": ["en", "it"],
  "name": {"en": "Small disease", "it": "Malattia piccola"},
  "short_name": {"en": "SD", "it": "MP"},
  "summary": {"en": "A disease.", "it": "Una malattia."},
  "disease": "MONDO:1",
  "disclaimer": {"en": "No advice.", "it": "Nessun consiglio."},
  "first_questions": ["why"]
}
)"},
    {"terms.json", R"({"vocabularies": [{"name": "hp", "version": "2024", "terms": [
  {"id": "HP:1", "label": "All"},
  {"id": "HP:2", "label": "Bone", "is_a": ["HP:1"], "synonyms": ["Os"]},
  {"id": "HP:3", "label": "Skin bone", "is_a": ["HP:2"], "alternative_ids": ["HP:33"]},
  {"id": "HP:4", "label": "Other", "is_a": ["HP:1"]}
]}]}
)"},
    {"codes.json", R"({"codes": [
  {"id": "MONDO:1", "label": "small disease", "kind": "disease", "certainty": "read",
   "same_as": [{"id": "ORPHA:1", "certainty": "read"}]},
  {"id": "ATC:1", "label": "medicine", "kind": "medicine", "certainty": "quoted"}
]}
)"},
    {"body_sites.json", R"({"sites": [
  {"id": "SNOMEDCT:1", "label": "head"},
  {"id": "SNOMEDCT:2", "label": "hand", "sided": true}
]}
)"},
    {"quality_rules.json", R"({"rules": [
  {"id": "rule", "title": {"en": "Odd", "it": "Strano"},
   "present": "HP:3",
   "absent": "HP:4",
   "source": "a book"}
]}
)"},
    {"texts/labels.en.json", "{\n  \"HP:3\": \"bone in the skin\",\n  \"ATC:1\": \"the medicine\"\n}\n"},
    {"texts/labels.it.json", "{\n  \"HP:3\": \"osso nella pelle\",\n  \"ATC:1\": \"il farmaco\"\n}\n"},
    {"texts/messages.en.json",
     "{\n  \"people\": \"{n, plural, one {# person} other {# people}}\",\n  \"hello\": \"Hello {name}, it's {day}\"\n}\n"},
    {"texts/messages.it.json",
     "{\n  \"people\": \"{n, plural, one {# persona} other {# persone}}\",\n  \"hello\": \"Ciao {name}, oggi è {day}\"\n}\n"},
    {"sources.json", R"({"sources": [
  {"id": "book-1999", "citation": "A book.", "url": "https://example.org/book", "read": true},
  {"id": "page", "citation": "A page.", "url": "", "read": false}
]}
)"},
    {"warnings.json", R"({"warnings": [
  {"id": "care", "about": ["HP:2", "vaccines"], "text": {"en": "Careful.", "it": "Attenzione."}, "sources": ["page"]}
]}
)"},
    {"consent.json", R"({"version": "small-consent-1.0", "texts": [
  {"purpose": "own_care", "title": {"en": "Care", "it": "Cura"}, "text": {"en": "For care.", "it": "Per la cura."}}
]}
)"},
    {"forms.json", R"({"to_come": [{"id": "pain", "title": {"en": "Pain", "it": "Dolore"}, "codes": ["HP:2"]}]}
)"},
    {"studies/count.json", "{\"id\": \"small/count\"}\n"},
    {"questions/why.json", R"({
  "id": "why",
  "title": {"en": "Why?", "it": "Perché?"},
  "short_answer": {"en": "So.", "it": "Così."},
  "answer": {"en": "answers/why.en.md", "it": "answers/why.it.md"},
  "updated": "2026-11-22",
  "review_months": 24,
  "sources": ["book-1999"],
  "studies": ["small/count"]
}
)"},
    {"questions/also.json", R"({
  "id": "also",
  "title": {"en": "Also?", "it": "Anche?"},
  "short_answer": {"en": "Yes.", "it": "Sì."},
  "answer": {"en": "answers/why.en.md", "it": "answers/why.it.md"},
  "updated": "2026-01-02",
  "review_months": 12,
  "sources": ["book-1999"]
}
)"},
    {"answers/why.en.md", "# Why\n\nBecause [@book-1999].\n"},
    {"answers/why.it.md", "# Perché\n\nPerché sì [@book-1999].\n"},
};

}  // namespace

SmallPack::SmallPack() {
  static std::atomic<int> number{0};
  folder =
      std::filesystem::path(testing::TempDir()) / ("skerry-pack-" + std::to_string(::getpid()) + "-" + std::to_string(number++)) / "small";
  std::filesystem::remove_all(folder);
  for (const auto& [path, text] : files) put(path, text);
}

SmallPack::~SmallPack() {
  std::error_code ignored;
  std::filesystem::remove_all(folder.parent_path(), ignored);
}

void SmallPack::put(const std::string& path, const std::string& text) const {
  std::filesystem::create_directories((folder / path).parent_path());
  std::ofstream(folder / path, std::ios::binary) << text;
}

bool SmallPack::replace(const std::string& path, const std::string& what, const std::string& by) const {
  std::ifstream in(folder / path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto at = text.find(what);
  if (at == std::string::npos) return false;
  put(path, text.replace(at, what.size(), by));
  return true;
}

}  // namespace skerry::pack

#include "pack/pack.hpp"

#include <algorithm>

#include "pack/pack_reader.hpp"

namespace skerry::pack {

namespace {

template <class Items>
auto by_id(const Items& items, std::string_view id) noexcept -> decltype(items.data()) {
  const auto found = std::find_if(items.begin(), items.end(), [id](const auto& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

Reading read_folder(const std::filesystem::path& folder) {
  Reading reading;
  reading.checking.folder = folder;
  reading.pack.folder = folder;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    reading.checking.error(ErrorCode::not_found, "there is no folder of that name", {folder.string(), 0, 0, {}});
    return reading;
  }
  read_manifest(reading);
  if (reading.checking.languages.empty()) return reading;
  for (const auto part : {read_terms, read_codes, read_body_sites, make_vocabulary, read_rules, read_labels, read_messages, read_sources,
                          read_warnings, read_consent, read_forms, read_studies, read_questions}) {
    part(reading);
  }
  return reading;
}

}  // namespace

const std::string& text_in(const Texts& texts, std::string_view language) {
  static const std::string nothing;
  if (const auto found = texts.find(language); found != texts.end()) return found->second;
  // "it-CH" is served by "it".
  if (const auto dash = language.find('-'); dash != std::string_view::npos) return text_in(texts, language.substr(0, dash));
  if (const auto english = texts.find("en"); english != texts.end()) return english->second;
  return texts.empty() ? nothing : texts.begin()->second;
}

const Question* Pack::question(std::string_view wanted) const noexcept { return by_id(questions, wanted); }
const Source* Pack::source(std::string_view wanted) const noexcept { return by_id(sources, wanted); }
const StudyFile* Pack::study(std::string_view wanted) const noexcept { return by_id(studies, wanted); }
const Warning* Pack::warning(std::string_view wanted) const noexcept { return by_id(warnings, wanted); }

std::string Pack::label(std::string_view curie, std::string_view language) const {
  if (const auto found = labels.find(curie); found != labels.end()) return text_in(found->second, language);
  const auto* term = vocabulary.find(curie);
  return term == nullptr || term->label.empty() ? std::string(curie) : term->label;
}

CheckReport check_pack(const std::filesystem::path& folder) { return read_folder(folder).checking.report; }

Result<Pack> load_pack(const std::filesystem::path& folder) {
  Reading reading = read_folder(folder);
  const auto& errors = reading.checking.report.errors;
  if (errors.empty()) return std::move(reading.pack);
  Error first = errors.front();
  if (first.code != ErrorCode::not_found || errors.size() > 1 || !first.place.path.empty()) first.code = ErrorCode::invalid_pack;
  if (errors.size() > 1) first.message += " (and " + std::to_string(errors.size() - 1) + " more; `skerry pack check` tells all)";
  return fail(std::move(first));
}

}  // namespace skerry::pack

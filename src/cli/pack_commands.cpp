#include <fmt/format.h>

#include <memory>
#include <set>

#include "cli/command.hpp"
#include "cohort/study.hpp"
#include "cohort/study_codes.hpp"
#include "pack/json_document.hpp"
#include "vocabulary/registry.hpp"

namespace skerry::cli {
namespace {

/// Codes of the systems the pack knows: a code of one of them that it does not know is likely a slip.
std::set<std::string> known_codes(const pack::Pack& pack) {
  std::set<std::string> known;
  for (const auto& code : pack.codes) {
    known.insert(code.code.id);
    known.insert(code.same_as.begin(), code.same_as.end());
  }
  for (const auto& site : pack.body_sites) known.insert(site.id);
  for (const auto& term : pack.vocabulary.terms()) known.insert(term.id);
  return known;
}

void check_codes(const cohort::Study& study, const std::string& file, const std::set<std::string>& known, pack::CheckReport& report) {
  std::set<std::string_view> systems;
  for (const auto& code : known) systems.insert(system_of(code));
  systems.erase("skerry");  // many of its concepts are the program's, not a pack's
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  for (const auto& code : cohort::codes_of(study)) {
    if (known.contains(code) || !systems.contains(system_of(code))) continue;
    const auto near = pack::nearest(code, candidates);
    auto message = "the study speaks of " + code + ", which is not among the pack's codes and terms";
    if (!near.empty()) message += "; did you mean \"" + near + "\"?";
    report.warnings.push_back({ErrorCode::unknown_value, std::move(message), Place{file, 0, 0, {}}});
  }
}

/// pack/ checks the folder; the studies' own language is cohort/'s to check.
pack::CheckReport check_whole(const std::filesystem::path& folder) {
  auto report = pack::check_pack(folder);
  const auto loaded = pack::load_pack(folder);
  if (!loaded) return report;
  const auto known = known_codes(*loaded);
  for (const auto& file : loaded->studies) {
    const auto study = cohort::parse_study(file.text, file.file);
    if (study) {
      check_codes(*study, file.file, known, report);
    } else {
      report.errors.push_back(study.error());
    }
  }
  return report;
}

int check(const std::string& wanted, Output& output) {
  std::filesystem::path folder = wanted;
  if (std::error_code ignored; !std::filesystem::is_directory(folder, ignored)) {
    return output.error({ErrorCode::not_found, "there is no folder of that name", Place{wanted, 0, 0, {}}});
  }
  const auto report = check_whole(folder);
  boost::json::array errors, warnings;
  for (const auto& error : report.errors) {
    output.note("error: " + error.text());
    errors.push_back(to_json(error));
  }
  for (const auto& warning : report.warnings) {
    output.note("warning: " + warning.text());
    warnings.push_back(to_json(warning));
  }
  output.line(fmt::format("{}: {} errors, {} warnings", wanted, report.errors.size(), report.warnings.size()));
  const int code = report.errors.empty() ? 0 : exit_code_of(ErrorCode::invalid_pack);
  return output.finish({{"folder", wanted}, {"errors", std::move(errors)}, {"warnings", std::move(warnings)}}, code);
}

int add_vocabulary(Registry& registry, const std::string& file, Output& output) {
  const auto added = vocabulary::add_to_registry(registry.directory, file);
  if (!added) return output.error(added.error());
  const auto merged = vocabulary::load_registry(registry.directory, registry.pack.vocabulary);
  if (!merged) return output.error(merged.error());
  boost::json::array versions;
  for (const auto& version : merged->versions()) versions.push_back(boost::json::string(version));
  output.line(added->already_there ? fmt::format("{} was there already.", added->version)
                                   : fmt::format("Added {} with {} terms.", added->version, added->terms));
  output.line(fmt::format("The registry knows {} terms now.", merged->size()));
  return output.finish(
      {{"added", added->version}, {"already_there", added->already_there}, {"terms", merged->size()}, {"versions", std::move(versions)}});
}

}  // namespace

void add_pack_commands(CLI::App& app, Invocation& invocation) {
  auto* pack_group = app.add_subcommand("pack", "Work on a disease pack");
  pack_group->require_subcommand(1);
  auto* check_command = pack_group->add_subcommand("check", "Check a pack's folder; every fault with its line");
  auto folder = std::make_shared<std::string>();
  check_command->add_option("DIR", *folder, "The pack's folder; without one, the registry's own");
  check_command->callback([&invocation, folder] {
    invocation.action = [&invocation, folder](Output& output) {
      return check(folder->empty() ? (invocation.data / "pack").string() : *folder, output);
    };
  });

  auto* vocabulary_group = app.add_subcommand("vocabulary", "Work on the registry's vocabularies");
  vocabulary_group->require_subcommand(1);
  auto* add_command = vocabulary_group->add_subcommand("add", "Add an ontology (OBO Graph JSON such as hp.json, also .gz)");
  auto file = std::make_shared<std::string>();
  add_command->add_option("FILE", *file, "The ontology's file")->required();
  add_command->callback([&invocation, file] {
    invocation.action = [&invocation, file](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return add_vocabulary(registry, *file, output); });
    };
  });
}

}  // namespace skerry::cli

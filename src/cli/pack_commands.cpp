#include <fmt/format.h>

#include <memory>
#include <set>

#include "cli/command.hpp"
#include "cohort/study.hpp"
#include "vocabulary/registry.hpp"

namespace skerry::cli {
namespace {

/// pack/ checks the folder; the studies' own language is cohort/'s to check.
pack::CheckReport check_whole(const std::filesystem::path& folder) {
  auto report = pack::check_pack(folder);
  const auto loaded = pack::load_pack(folder);
  if (!loaded) return report;
  for (const auto& file : loaded->studies) {
    if (const auto study = cohort::parse_study(file.text, file.file); !study) report.errors.push_back(study.error());
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

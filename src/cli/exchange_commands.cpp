#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "exchange/phenopackets.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::vector<std::filesystem::path> paths;
  std::string basis = "published";
  std::filesystem::path out;
  std::string purpose = "registry_research";
  bool compact = false;
};

constexpr double megabyte = 1e6;

boost::json::object counts_of(const exchange::NotModelled& counts) {
  boost::json::object out;
  for (const auto& [path, count] : counts) out[path] = count;
  return out;
}

boost::json::object warnings_of(const exchange::Warnings& warnings) {
  boost::json::object out;
  for (const auto& [kind, counted] : warnings) {
    boost::json::array examples;
    for (const auto& warning : counted.examples) {
      boost::json::object example;
      if (!warning.place.file.empty()) example["file"] = warning.place.file;
      if (!warning.place.path.empty()) example["path"] = warning.place.path;
      if (!warning.detail.empty()) example["detail"] = warning.detail;
      examples.push_back(std::move(example));
    }
    out[exchange::name_of(kind)] =
        boost::json::object{{"count", counted.count}, {"meaning", exchange::meaning_of(kind)}, {"examples", std::move(examples)}};
  }
  return out;
}

void say_import(const exchange::ImportReport& report, Output& output) {
  for (const auto& error : report.rejected) output.note("rejected: " + error.text());
  if (report.rejected_count > report.rejected.size()) {
    output.note(fmt::format("... and {} more", report.rejected_count - report.rejected.size()));
  }
  for (const auto& [kind, counted] : report.warnings) {
    output.note(fmt::format("warning: {} ({} times)", exchange::meaning_of(kind), counted.count));
    for (const auto& warning : counted.examples) {
      output.note("  " + warning.place.text() + (warning.detail.empty() ? "" : ": " + warning.detail));
    }
  }
  for (const auto& [path, count] : report.not_modelled) output.note(fmt::format("not modelled, left out: {} ({} times)", path, count));
  output.line(fmt::format("{} files: {} new, {} updated, {} unchanged, {} rejected", report.files, report.accepted_new, report.updated,
                          report.unchanged, report.rejected_count));
  output.line(fmt::format("{} facts from {:.1f} MB in {:.2f} s ({:.0f} MB/s)", report.facts, static_cast<double>(report.bytes) / megabyte,
                          report.seconds.total, static_cast<double>(report.bytes) / megabyte / std::max(report.seconds.total, 1e-9)));
}

int import(Registry& registry, const Wanted& wanted, Output& output) {
  if (registry.configuration.demonstration) {
    return output.error(
        {ErrorCode::conflict,
         "this registry is a demonstration, and its pages say that nobody in it is real; make another with: skerry init DIR",
         Place{registry.directory.string(), 0, 0, {}}});
  }
  exchange::ImportOptions options;
  options.paths = wanted.paths;
  options.basis = wanted.basis == "none" ? exchange::ImportBasis::none : exchange::ImportBasis::published;
  options.progress = [&](const exchange::ImportProgress& progress) {
    const auto percent = progress.bytes_total == 0 ? 100 : 100 * progress.bytes_done / progress.bytes_total;
    constexpr std::size_t width = 30;
    const auto filled = static_cast<std::size_t>(percent) * width / 100;
    output.progress(fmt::format("[{}{}] {:3} %  {} of {} files", std::string(filled, '#'), std::string(width - filled, '.'), percent,
                                progress.files_done, progress.files_total));
  };
  const auto report = exchange::import_phenopackets(*registry.ledger, *registry.gate, registry.vocabulary, options);
  if (!report) return output.error(report.error());
  output.end_progress();
  say_import(*report, output);
  boost::json::array rejected;
  for (const auto& error : report->rejected) rejected.push_back(to_json(error));
  const auto& seconds = report->seconds;
  const int code = report->rejected_count == 0 ? 0 : exit_code_of(ErrorCode::malformed);
  return output.finish(
      {{"files", report->files},
       {"accepted", report->accepted_new},
       {"updated", report->updated},
       {"unchanged", report->unchanged},
       {"rejected", report->rejected_count},
       {"rejections", std::move(rejected)},
       {"warnings", warnings_of(report->warnings)},
       {"not_modelled", counts_of(report->not_modelled)},
       {"facts", report->facts},
       {"bytes", report->bytes},
       {"seconds",
        boost::json::object{
            {"read", seconds.read}, {"parse", seconds.parse}, {"map", seconds.map}, {"append", seconds.append}, {"total", seconds.total}}}},
      code);
}

int export_packets(Registry& registry, const Wanted& wanted, Output& output) {
  const auto purpose = consent::parse_purpose(wanted.purpose);
  if (!purpose) return output.error(purpose.error());
  const auto view = registry.gate->open({consent::Role::steward, "command line"}, *purpose);
  if (!view) return output.error(view.error());
  const auto report = exchange::export_phenopackets(*view, wanted.out, {wanted.compact});
  if (!report) return output.error(report.error());
  for (const auto& error : report->rejected) output.note("not written: " + error.text());
  for (const auto& [what, count] : report->not_written) {
    output.note(fmt::format("has no place in a phenopacket, left out: {} ({} times)", what, count));
  }
  output.line(fmt::format("{} phenopackets, {:.1f} MB, in {}", report->packets, static_cast<double>(report->bytes) / megabyte,
                          wanted.out.string()));
  boost::json::array rejected;
  for (const auto& error : report->rejected) rejected.push_back(to_json(error));
  const int code = report->rejected.empty() ? 0 : exit_code_of(ErrorCode::malformed);
  return output.finish({{"packets", report->packets},
                        {"bytes", report->bytes},
                        {"directory", wanted.out.string()},
                        {"not_written", counts_of(report->not_written)},
                        {"rejections", std::move(rejected)}},
                       code);
}

}  // namespace

void add_exchange_commands(CLI::App& app, Invocation& invocation) {
  auto wanted = std::make_shared<Wanted>();
  auto* import_group = app.add_subcommand("import", "Take records in");
  import_group->require_subcommand(1);
  auto* packets = import_group->add_subcommand("phenopackets", "GA4GH phenopackets v2: files, folders, .json.gz");
  packets->add_option("PATH", wanted->paths, "Files and folders")->required();
  packets->add_option("--basis", wanted->basis, "Why they may be used: published cases, or none until consent is recorded")
      ->check(one_of({"published", "none"}))
      ->capture_default_str();
  packets->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return import(registry, *wanted, output); });
    };
  });

  auto* export_group = app.add_subcommand("export", "Give records out");
  export_group->require_subcommand(1);
  auto* out = export_group->add_subcommand("phenopackets", "One GA4GH phenopacket a participant that consent covers");
  out->add_option("OUT", wanted->out, "A new or an empty folder")->required();
  out->add_option("--purpose", wanted->purpose, "What for: only those who agreed to it are in")->capture_default_str();
  out->add_flag("--compact", wanted->compact, "Without white space");
  out->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return export_packets(registry, *wanted, output); });
    };
  });
}

}  // namespace skerry::cli

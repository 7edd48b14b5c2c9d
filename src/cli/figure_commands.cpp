#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "cli/command.hpp"
#include "cohort/quality.hpp"
#include "cohort/study.hpp"
#include "cohort/study_shelf.hpp"
#include "disclosure/ask.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::string study;
  std::string language = "en";
  std::optional<std::int64_t> snapshot;
  bool csv = false;
  bool explain = false;
  bool progress = false;
  unsigned threads = 0;
  double timeout_seconds = 0;
};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

/// While it lives, Ctrl-C (and a request to end) cancels the question instead of the program.
class Interruptible {
 public:
  Interruptible() {
    interrupted = false;
    struct sigaction action{};
    action.sa_handler = [](int) { interrupted = true; };
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &before_interrupt_);
    ::sigaction(SIGTERM, &action, &before_end_);
  }
  ~Interruptible() {
    ::sigaction(SIGINT, &before_interrupt_, nullptr);
    ::sigaction(SIGTERM, &before_end_, nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_interrupt_{};
  struct sigaction before_end_{};
};

disclosure::Limits limits_of(const Wanted& wanted, Output& output) {
  disclosure::Limits limits;
  limits.threads = wanted.threads != 0 ? wanted.threads : std::max(1U, std::thread::hardware_concurrency());
  limits.cancelled = &interrupted;
  const auto began = std::chrono::steady_clock::now();
  if (wanted.timeout_seconds > 0) {
    limits.deadline = began + std::chrono::milliseconds(static_cast<std::int64_t>(wanted.timeout_seconds * 1000));
  }
  limits.progress = [began, always = wanted.progress, &output](std::string_view step) {
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const auto line = fmt::format("asking: {} ({:.0f} s)", step, seconds);
    if (always) {
      output.note(line);
    } else if (seconds >= 1) {
      output.progress(line);
    }
  };
  return limits;
}

/// A study of the registry's pack by its id (with or without the pack's), else a file.
Result<cohort::Study> find_study(const Registry& registry, const std::string& name) {
  for (const auto& id : {name, registry.pack.id + "/" + name}) {
    if (const auto* file = registry.pack.study(id); file != nullptr) return cohort::parse_study(file->text, file->file);
  }
  const cohort::StudyShelf shelf(registry.directory / "studies");
  if (const auto saved = shelf.find(name); saved) return cohort::parse_study(saved->text, saved->file);
  if (std::error_code ignored; std::filesystem::exists(name, ignored)) return cohort::read_study(name);
  std::string known;
  for (const auto& file : registry.pack.studies) known += (known.empty() ? "" : ", ") + file.id;
  return fail(ErrorCode::not_found, "there is no study or file \"" + name + "\"; the pack has: " + known);
}

int ask(Registry& registry, const Wanted& wanted, Output& output) {
  if (wanted.csv && output.json()) return output.error({ErrorCode::usage, "choose one of --csv and --json", {}});
  auto study = find_study(registry, wanted.study);
  if (!study) return output.error(study.error());
  if (wanted.snapshot) study->snapshot = wanted.snapshot;
  const disclosure::AskContext context{*registry.ledger,
                                       *registry.gate,
                                       {consent::Role::steward, "command line"},
                                       registry.vocabulary,
                                       disclosure::Policy(static_cast<int>(registry.configuration.floor)),
                                       limits_of(wanted, output)};
  const Interruptible interruptible;
  const auto figure = wanted.explain ? disclosure::explain(*study, context) : disclosure::ask(*study, context);
  if (!figure) return output.error(figure.error());
  if (output.json()) {
    auto value = boost::json::parse(disclosure::to_json(*figure));
    if (registry.configuration.demonstration) value.as_object()["synthetic"] = true;
    return output.finish(std::move(value.as_object()));
  }
  if (wanted.csv) {
    output.raw(disclosure::to_csv(*figure));
    return output.finish({});
  }
  if (registry.configuration.demonstration) output.line("SYNTHETIC DEMONSTRATION DATA: no real person is counted here.\n");
  output.raw(disclosure::to_text(*figure, wanted.language));
  return output.finish({});
}

boost::json::object to_json(const cohort::QualityFinding& finding) {
  boost::json::object out;
  out["kind"] = cohort::name_of(finding.kind);
  out["finding"] = cohort::describe(finding);
  out["code"] = finding.code.id;
  if (!finding.other.id.empty()) out["other"] = finding.other.id;
  if (!finding.rule.empty()) out["rule"] = finding.rule;
  if (!finding.source.empty()) out["source"] = finding.source;
  if (!finding.group.id.empty()) out["group"] = finding.group.id;
  if (finding.people != 0) {
    out["people"] = finding.people;
    out["excluded"] = finding.excluded;
    out["related_present"] = finding.related_present;
  }
  boost::json::array participants;
  for (const auto participant : finding.participants) participants.push_back(participant.number);
  out["participants"] = std::move(participants);
  return out;
}

int quality(Registry& registry, const std::string& purpose_name, Output& output) {
  const auto purpose = consent::parse_purpose(purpose_name);
  if (!purpose) return output.error(purpose.error());
  const auto view = registry.gate->open({consent::Role::curator, "command line"}, *purpose);
  if (!view) return output.error(view.error());
  const auto report = cohort::quality_report(*view, registry.vocabulary, registry.pack.quality_rules);
  if (!report) return output.error(report.error());
  output.line(fmt::format("{} people, {} facts, {} findings. For curators: this names participants.", report->people, report->facts,
                          report->findings.size()));
  boost::json::array findings;
  for (const auto& finding : report->findings) {
    output.line("- " + cohort::describe(finding));
    findings.push_back(to_json(finding));
  }
  return output.finish({{"people", report->people}, {"facts", report->facts}, {"findings", std::move(findings)}});
}

}  // namespace

void add_figure_commands(CLI::App& app, Invocation& invocation) {
  auto* ask_command = app.add_subcommand("ask", "Answer a study from the records that consent allows, under the disclosure floor");
  auto wanted = std::make_shared<Wanted>();
  ask_command->add_option("STUDY", wanted->study, "A study of the pack by its id, or a study's file")->required();
  ask_command->add_flag("--csv", wanted->csv, "As CSV");
  ask_command->add_flag("--explain", wanted->explain, "How many people each line of the study kept, and why the rest left");
  ask_command->add_option("--threads", wanted->threads, "Threads to compute with; 0: one a core")
      ->capture_default_str()
      ->check(CLI::Range(0U, 256U));
  ask_command->add_option("--timeout", wanted->timeout_seconds, "Seconds after which to give up; 0: never")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e6));
  ask_command->add_flag("--progress", wanted->progress, "Each step on standard error, also when that is no terminal");
  ask_command->add_option("--language", wanted->language, "Language of the titles")->capture_default_str();
  ask_command->add_option("--snapshot", wanted->snapshot, "Answer as of this ledger sequence (recomputes an earlier figure)");
  ask_command->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return ask(registry, *wanted, output); });
    };
  });

  auto* quality_command = app.add_subcommand("quality", "What cannot be right in the records (for curators)");
  auto purpose = std::make_shared<std::string>("registry_research");
  quality_command->add_option("--purpose", *purpose, "The purpose whose View is looked at")->capture_default_str();
  quality_command->callback([&invocation, purpose] {
    invocation.action = [&invocation, purpose](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return quality(registry, *purpose, output); });
    };
  });
}

}  // namespace skerry::cli

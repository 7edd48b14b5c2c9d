#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "consent/view.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::int64_t participant = 0;
  std::string purpose;
  std::string text_version;
  std::string given_by = "participant";
};

const consent::Actor actor{consent::Role::steward, "command line"};

std::vector<std::string> purposes() {
  std::vector<std::string> out;
  for (const auto purpose : {Purpose::own_care, Purpose::registry_research, Purpose::federated_studies, Purpose::public_figures,
                             Purpose::recontact, Purpose::story_publication}) {
    out.emplace_back(consent::name_of(purpose));
  }
  return out;
}

std::string_view name_of(Decision decision) { return decision == Decision::granted ? "granted" : "withdrawn"; }

std::string_view name_of(Basis basis) {
  switch (basis) {
    case Basis::consent: return "consent";
    case Basis::guardian_consent: return "guardian_consent";
    case Basis::published: return "published";
  }
  return "unknown";
}

/// A withdrawal names the text of the decision it takes back; nobody has to know its version to withdraw.
Result<std::string> text_withdrawn(Registry& registry, ParticipantId participant, Purpose purpose) {
  const auto history = registry.gate->history(participant);
  if (!history) return fail(history.error());
  for (auto record = history->rbegin(); record != history->rend(); ++record) {
    if (record->purpose == purpose) return record->text_version;
  }
  return std::string("withdrawn without an earlier decision");
}

int decide(Registry& registry, const Wanted& wanted, Decision decision, Output& output) {
  const auto purpose = consent::parse_purpose(wanted.purpose);
  if (!purpose) return output.error(purpose.error());
  ConsentRecord record;
  record.purpose = *purpose;
  record.decision = decision;
  record.basis = wanted.given_by == "participant" ? Basis::consent : Basis::guardian_consent;
  record.text_version = wanted.text_version;
  if (wanted.text_version.empty()) {
    const auto text = text_withdrawn(registry, ParticipantId{wanted.participant}, *purpose);
    if (!text) return output.error(text.error());
    record.text_version = *text;
  }
  record.given_by = wanted.given_by;
  record.decided_at = Instant::now();
  const auto stored = registry.gate->record(actor, ParticipantId{wanted.participant}, record);
  if (!stored) return output.error(stored.error());
  output.line(fmt::format("participant {}: {} {}; in force from the next View", wanted.participant, wanted.purpose, name_of(decision)));
  return output.finish({{"participant", wanted.participant}, {"purpose", wanted.purpose}, {"decision", name_of(decision)}});
}

int show(Registry& registry, std::int64_t participant, Output& output) {
  const auto history = registry.gate->history(ParticipantId{participant});
  if (!history) return output.error(history.error());
  if (history->empty()) {  // nothing can be opened then, but the door knows whether there is such a participant
    const auto opened = registry.gate->open_one(actor, Purpose::registry_research, ParticipantId{participant});
    if (!opened && opened.error().code == ErrorCode::not_found) return output.error(opened.error());
  }
  boost::json::array records;
  for (const auto& record : *history) {
    output.line(fmt::format("{}  {:<18} {:<9}  {} by {}, text {}", to_text(record.decided_at), consent::name_of(record.purpose),
                            name_of(record.decision), name_of(record.basis), record.given_by, record.text_version));
    records.push_back({{"decided_at", to_text(record.decided_at)},
                       {"recorded_at", to_text(record.recorded_at)},
                       {"purpose", consent::name_of(record.purpose)},
                       {"decision", name_of(record.decision)},
                       {"basis", name_of(record.basis)},
                       {"given_by", record.given_by},
                       {"text_version", record.text_version}});
  }
  if (history->empty()) output.line("No decision is recorded.");
  return output.finish({{"participant", participant}, {"decisions", std::move(records)}});
}

void add_decision(CLI::App& group, Invocation& invocation, const std::string& name, const std::string& help, Decision decision) {
  auto* command = group.add_subcommand(name, help);
  auto wanted = std::make_shared<Wanted>();
  command->add_option("PARTICIPANT", wanted->participant, "The participant's number")->required()->check(CLI::PositiveNumber);
  command->add_option("PURPOSE", wanted->purpose, "What the record may be used for")->required()->check(one_of(purposes()));
  auto* text = command->add_option("--text", wanted->text_version, "The version of the text agreed to, such as poh-consent-1.0/en");
  if (decision == Decision::granted) text->required();
  command->add_option("--given-by", wanted->given_by, "participant, or the guardian's relation to them (\"mother\")")
      ->capture_default_str();
  command->callback([&invocation, wanted, decision] {
    invocation.action = [&invocation, wanted, decision](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return decide(registry, *wanted, decision, output); });
    };
  });
}

}  // namespace

void add_consent_commands(CLI::App& app, Invocation& invocation) {
  auto* group = app.add_subcommand("consent", "Record and show what participants have agreed to");
  group->require_subcommand(1);
  add_decision(*group, invocation, "grant", "Record that a participant agreed to a purpose", Decision::granted);
  add_decision(*group, invocation, "withdraw", "Record that a participant withdrew a purpose", Decision::withdrawn);
  auto* show_command = group->add_subcommand("show", "The history of a participant's decisions");
  auto participant = std::make_shared<std::int64_t>(0);
  show_command->add_option("PARTICIPANT", *participant, "The participant's number")->required()->check(CLI::PositiveNumber);
  show_command->callback([&invocation, participant] {
    invocation.action = [&invocation, participant](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return show(registry, *participant, output); });
    };
  });
}

}  // namespace skerry::cli

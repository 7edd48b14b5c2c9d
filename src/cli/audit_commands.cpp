#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::int64_t from = 1;
  std::int64_t count = 100;
  std::int64_t participant = 0;
  bool sure = false;
};

int show(Registry& registry, const Wanted& wanted, Output& output) {
  const auto entries = registry.ledger->audit_entries(wanted.from, wanted.count);
  if (!entries) return output.error(entries.error());
  boost::json::array lines;
  for (const auto& entry : *entries) {
    output.line(fmt::format("{:>6}  {}  {:<16} {}  {}", entry.number, to_text(entry.at), entry.action, entry.actor, entry.detail));
    lines.push_back({{"number", entry.number},
                     {"at", to_text(entry.at)},
                     {"actor", entry.actor},
                     {"action", entry.action},
                     {"detail", entry.detail},
                     {"content", to_hex(entry.content)},
                     {"chain", to_hex(entry.chain)}});
  }
  if (entries->empty()) output.line("There are no entries from there on.");
  return output.finish({{"entries", std::move(lines)}});
}

int erase(Registry& registry, const Wanted& wanted, Output& output) {
  if (!wanted.sure) return output.error({ErrorCode::usage, "an erasure cannot be undone; say --yes to mean it", {}});
  const auto erased = registry.ledger->erase_identity("steward: command line", ParticipantId{wanted.participant});
  if (!erased) return output.error(erased.error());
  output.line(fmt::format("The identity of participant {} can never be read again in this folder.", wanted.participant));
  output.line("Copies of the keys made earlier are not reached: destroy those too (docs/ledger.md).");
  return output.finish({{"participant", wanted.participant}, {"erased", true}});
}

}  // namespace

void add_audit_commands(CLI::App& app, Invocation& invocation) {
  auto wanted = std::make_shared<Wanted>();
  auto* audit = app.add_subcommand("audit", "Who wrote and who opened what, when");
  audit->add_option("--from", wanted->from, "The first entry's number")->check(CLI::PositiveNumber)->capture_default_str();
  audit->add_option("--count", wanted->count, "How many at most")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  audit->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return show(registry, *wanted, output); });
    };
  });

  auto* identity = app.add_subcommand("identity", "Work on the vault of identities");
  identity->require_subcommand(1);
  auto* erase_command = identity->add_subcommand("erase", "Destroy the key under which a participant's identity is encrypted");
  erase_command->add_option("PARTICIPANT", wanted->participant, "The participant's number")->required()->check(CLI::PositiveNumber);
  erase_command->add_flag("--yes", wanted->sure, "Do it");
  erase_command->callback([&invocation, wanted] {
    invocation.action = [&invocation, wanted](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return erase(registry, *wanted, output); });
    };
  });
}

}  // namespace skerry::cli

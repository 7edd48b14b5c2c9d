#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "exchange/synthetic.hpp"

namespace skerry::cli {
namespace {

int init(const NewRegistry& wanted, Output& output) {
  if (auto made = make_registry(wanted); !made) return output.error(made.error());
  output.line(fmt::format("Made a registry in {}", wanted.directory.string()));
  output.line(fmt::format("Next: skerry import phenopackets PATH --data {0}, or skerry serve --data {0}", wanted.directory.string()));
  return output.finish({{"directory", wanted.directory.string()}, {"pack", wanted.pack}});
}

int verify(Registry& registry, Output& output) {
  const auto found = registry.ledger->verify();
  if (!found) return output.error(found.error());
  boost::json::array faults;
  for (const auto& fault : found->faults) {
    output.note("fault: " + fault.text());
    faults.push_back(to_json(fault));
  }
  const bool whole = found->faults.empty();
  output.line(fmt::format("{} participants, {} facts, {} audit entries", found->participants, found->facts, found->audit_entries));
  output.line(whole ? "The audit chain and every reference hold." : fmt::format("{} faults found.", found->faults.size()));
  boost::json::object result;
  result["ok"] = whole;
  result["participants"] = found->participants;
  result["facts"] = found->facts;
  result["audit_entries"] = found->audit_entries;
  result["faults"] = std::move(faults);
  return output.finish(std::move(result), whole ? 0 : exit_code_of(ErrorCode::verification_failed));
}

int generate(Registry& registry, std::int64_t participants, std::uint64_t seed, Output& output) {
  if (!registry.configuration.demonstration) {
    const auto head = registry.ledger->head();
    if (!head) return output.error(head.error());
    if (head->facts != 0) {
      return output.error(
          {ErrorCode::conflict, "this registry holds facts and is no demonstration: example participants stay out of it", {}});
    }
    registry.configuration.demonstration = true;
    if (auto stored = write_configuration(registry.directory / "skerry.toml", registry.configuration); !stored)
      return output.error(stored.error());
  }
  exchange::SyntheticOptions options;
  options.participants = participants;
  options.seed = seed;
  options.progress = [&](std::int64_t done) { output.progress(fmt::format("{} of {} example participants", done, participants)); };
  const auto made = exchange::generate_participants(*registry.ledger, registry.pack_folder(), options);
  if (!made) return output.error(made.error());
  output.end_progress();
  output.line(
      fmt::format("{} example participants with {} facts. They are synthetic: every page will say so.", made->participants, made->facts));
  return output.finish({{"participants", made->participants}, {"facts", made->facts}, {"seed", seed}, {"synthetic", true}});
}

}  // namespace

void add_registry_commands(CLI::App& app, Invocation& invocation) {
  auto* init_command = app.add_subcommand("init", "Make a registry in a new or an empty folder");
  auto wanted = std::make_shared<NewRegistry>();
  init_command->add_option("DIR", wanted->directory, "The folder")->required();
  init_command->add_option("--pack", wanted->pack, "A built-in disease pack, or a pack's folder")->capture_default_str();
  init_command->add_option("--name", wanted->name, "The registry's name, as the pages show it");
  init_command->callback([&invocation, wanted] { invocation.action = [wanted](Output& output) { return init(*wanted, output); }; });

  auto* verify_command = app.add_subcommand("verify", "Recompute the audit chain and check every reference");
  verify_command->callback([&invocation] {
    invocation.action = [&invocation](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return verify(registry, output); });
    };
  });

  auto* generate_command = app.add_subcommand("generate", "Add example participants (synthetic, for demonstrations and measurements)");
  auto participants = std::make_shared<std::int64_t>(300);
  auto seed = std::make_shared<std::uint64_t>(1);
  generate_command->add_option("--participants", *participants, "How many")->check(CLI::Range(1, 10'000'000))->capture_default_str();
  generate_command->add_option("--seed", *seed, "The same seed gives the same participants")->capture_default_str();
  generate_command->callback([&invocation, participants, seed] {
    invocation.action = [&invocation, participants, seed](Output& output) {
      return with_registry(invocation, output, [&](Registry& registry) { return generate(registry, *participants, *seed, output); });
    };
  });
}

}  // namespace skerry::cli

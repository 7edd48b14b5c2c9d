#include <fmt/format.h>

#include <memory>

#include "base/date.hpp"
#include "cli/command.hpp"
#include "web/workbench_pass.hpp"

namespace skerry::cli {
namespace {

struct Wanted {
  std::string role = "researcher";
  std::string name;
  std::int64_t days = 90;
  std::string base_url = "http://127.0.0.1:8080";
  std::string language = "en";
};

int link(const Invocation& invocation, const Wanted& wanted, Output& output) {
  // The key is a file of its own, so that links can be made while the registry is being served.
  if (std::error_code ignored; !std::filesystem::exists(invocation.data / "skerry.toml", ignored)) {
    return output.error({ErrorCode::not_a_registry, "the folder holds no skerry.toml", Place{invocation.data.string(), 0, 0, {}}});
  }
  const auto key = web::WorkbenchKey::read(invocation.data, true);
  if (!key) return output.error(key.error());
  web::WorkbenchPass pass;
  pass.role = wanted.role == "steward" ? consent::Role::steward : consent::Role::researcher;
  pass.name = wanted.name;
  pass.until_day = day_of(Instant::now()) + wanted.days;
  const auto token = key->seal(pass);
  if (!token) return output.error(token.error());
  auto base = wanted.base_url;
  while (base.ends_with('/')) base.pop_back();
  const auto address = fmt::format("{}/{}/workbench/enter/{}", base, wanted.language, *token);
  const auto until = to_text(date_of_day(static_cast<std::int32_t>(pass.until_day)));
  output.line(address);
  output.note(fmt::format("It lets whoever has it write and preview studies as {} \"{}\" until {}.", wanted.role, wanted.name, until));
  return output.finish({{"address", address}, {"role", wanted.role}, {"name", wanted.name}, {"until", until}});
}

}  // namespace

void add_workbench_commands(CLI::App& app, Invocation& invocation) {
  auto* group = app.add_subcommand("workbench", "The pages on which stewards and researchers write studies");
  group->require_subcommand(1);
  auto* command = group->add_subcommand("link", "Make a link that lets one person in");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("--role", wanted->role, "What the person may do")->check(one_of({"steward", "researcher"}))->capture_default_str();
  command->add_option("--name", wanted->name, "Who it is for; stands in the audit beside every preview")->required();
  command->add_option("--days", wanted->days, "How long the link and the pass behind it hold")
      ->check(CLI::Range(1, 366))
      ->capture_default_str();
  command->add_option("--base-url", wanted->base_url, "The address of the registry's pages")->capture_default_str();
  command->add_option("--language", wanted->language, "The language of the first page")->check(one_of({"en", "it"}))->capture_default_str();
  command->callback(
      [&invocation, wanted] { invocation.action = [&invocation, wanted](Output& output) { return link(invocation, *wanted, output); }; });
}

}  // namespace skerry::cli

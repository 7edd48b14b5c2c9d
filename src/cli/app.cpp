#include "cli/app.hpp"

#include <algorithm>
#include <exception>

#include "cli/command.hpp"

namespace skerry::cli {
namespace {

constexpr std::string_view version = "0.1.0";

constexpr std::string_view exit_codes =
    "Exit codes: 0 done, 1 some input was rejected, 2 wrong usage, 3 not found, 4 refused (consent, disclosure, signature),\n"
    "5 the data directory is in use, 6 storage failed, 7 verification failed, 70 a bug in Skerry.";

/// `skerry help [COMMAND...]`: the help of that command.
std::vector<std::string> without_help_word(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return arguments;
}

int run_checked(const std::vector<std::string>& given, std::ostream& out, std::ostream& err) {
  Invocation invocation;
  CLI::App app{"Skerry: a patient registry for ultra-rare diseases", "skerry"};
  app.footer(std::string(exit_codes));
  app.require_subcommand(1);
  app.set_version_flag("--version", "skerry " + std::string(version));
  app.add_option("--data", invocation.data, "The registry's data directory")->type_name("DIR")->capture_default_str();
  app.add_flag("--json", invocation.json, "One JSON object on standard output, and nothing else there");
  app.fallthrough();
  app.set_help_all_flag("--help-all", "The help of every command");
  add_registry_commands(app, invocation);
  add_exchange_commands(app, invocation);
  add_pack_commands(app, invocation);
  add_figure_commands(app, invocation);
  add_consent_commands(app, invocation);
  add_audit_commands(app, invocation);
  add_answer_commands(app, invocation);
  add_workbench_commands(app, invocation);
  add_serve_command(app, invocation);
  app.add_subcommand("help", "Show the help of a command: skerry help [COMMAND]");

  auto arguments = without_help_word(given);
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, out, err);
    Output output(out, err, json);
    output.error({ErrorCode::usage, error.what() + std::string("; see: skerry help"), {}});
    return exit_code_of(ErrorCode::usage);
  }
  Output output(out, err, invocation.json);
  return invocation.action(output);
}

}  // namespace

int with_registry(const Invocation& invocation, Output& output, const std::function<int(Registry&)>& body) {
  auto registry = open_registry(invocation.data);
  if (!registry) return output.error(registry.error());
  return body(*registry);
}

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  try {
    return run_checked(arguments, out, err);
  } catch (const std::exception& error) {
    Output output(out, err, false);
    return output.error({ErrorCode::internal, std::string("a bug in Skerry: ") + error.what(), {}});
  }
}

}  // namespace skerry::cli

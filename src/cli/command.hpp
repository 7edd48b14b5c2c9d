// What every command shares: the options before it runs, and the way it says its result.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "cli/output.hpp"
#include "cli/registry.hpp"

namespace skerry::cli {

/// Filled while the arguments are read; `action` is the command that was named.
struct Invocation {
  std::filesystem::path data = ".";
  bool json = false;
  std::function<int(Output&)> action;
};

/// Opens the registry of --data and runs `body` on it; says the error when it cannot be opened.
int with_registry(const Invocation& invocation, Output& output, const std::function<int(Registry&)>& body);

/// A choice of several, as CLI11 checks it: the message names those allowed.
[[nodiscard]] inline CLI::Validator one_of(std::vector<std::string> names) { return CLI::IsMember(std::move(names)); }

// One function a command group; each adds its subcommands to `app`.
void add_registry_commands(CLI::App& app, Invocation& invocation);   ///< init, verify, generate
void add_exchange_commands(CLI::App& app, Invocation& invocation);   ///< import, export
void add_pack_commands(CLI::App& app, Invocation& invocation);       ///< pack, vocabulary
void add_figure_commands(CLI::App& app, Invocation& invocation);     ///< ask, quality
void add_consent_commands(CLI::App& app, Invocation& invocation);    ///< consent
void add_audit_commands(CLI::App& app, Invocation& invocation);      ///< audit, identity
void add_answer_commands(CLI::App& app, Invocation& invocation);     ///< answer
void add_workbench_commands(CLI::App& app, Invocation& invocation);  ///< workbench
void add_serve_command(CLI::App& app, Invocation& invocation);       ///< serve

}  // namespace skerry::cli

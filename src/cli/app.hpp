// The command line: a contract (docs/cli.md).
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace skerry::cli {

/// Runs one command. `arguments` are those after the program's name. Returns the exit code (base/error_catalogue.def).
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace skerry::cli

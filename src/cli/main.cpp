#include <csignal>
#include <iostream>

#include "cli/app.hpp"

int main(int count, char** values) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error to report, not a reason to die half-way
  return skerry::cli::run({values + (count > 0 ? 1 : 0), values + count}, std::cout, std::cerr);
}

// What a command says: text for people or one JSON object for programs on standard output; errors on standard error.
#pragma once

#include <boost/json.hpp>
#include <ostream>
#include <string_view>

#include "base/error.hpp"

namespace skerry::cli {

class Output {
 public:
  Output(std::ostream& out, std::ostream& err, bool json) : out_(out), err_(err), json_(json) {}

  [[nodiscard]] bool json() const noexcept { return json_; }
  /// A line for people; nothing with --json.
  void line(std::string_view text);
  /// Text as it stands, for people or as the only output of its kind (CSV).
  void raw(std::string_view text);
  /// A line on standard error, in both modes.
  void note(std::string_view text);
  /// The result: with --json the one object, with "ok": true added when it has none. Returns `exit_code`.
  int finish(boost::json::object result, int exit_code = 0);
  /// The error on standard error; with --json also {"ok": false, "error": {...}}. Returns the catalogue's exit code.
  int error(const Error& error);
  /// Progress on a terminal's last line; nothing when standard error is no terminal.
  void progress(std::string_view text);
  void end_progress();

 private:
  std::ostream& out_;
  std::ostream& err_;
  bool json_;
  bool progressing_ = false;
};

[[nodiscard]] boost::json::object to_json(const Error& error);

}  // namespace skerry::cli

#include "cli/output.hpp"

#include <unistd.h>

namespace skerry::cli {

void Output::line(std::string_view text) {
  if (!json_) out_ << text << '\n';
}

void Output::raw(std::string_view text) { out_ << text; }

void Output::note(std::string_view text) {
  end_progress();
  err_ << text << '\n';
}

int Output::finish(boost::json::object result, int exit_code) {
  end_progress();
  if (json_) {
    if (!result.contains("ok")) result["ok"] = exit_code == 0;
    out_ << boost::json::serialize(result) << '\n';
  }
  out_.flush();
  return exit_code;
}

int Output::error(const Error& error) {
  end_progress();
  err_ << "skerry: " << error.text() << '\n';
  if (json_) {
    boost::json::object out;
    out["ok"] = false;
    out["error"] = to_json(error);
    out_ << boost::json::serialize(out) << '\n';
  }
  out_.flush();
  return exit_code_of(error.code);
}

void Output::progress(std::string_view text) {
  if (::isatty(STDERR_FILENO) == 0) return;
  err_ << "\r\x1b[K" << text << std::flush;
  progressing_ = true;
}

void Output::end_progress() {
  if (progressing_) err_ << "\r\x1b[K" << std::flush;
  progressing_ = false;
}

boost::json::object to_json(const Error& error) {
  boost::json::object out;
  out["code"] = name_of(error.code);
  out["number"] = static_cast<int>(error.code);
  out["message"] = error.message;
  if (!error.place.file.empty()) out["file"] = error.place.file;
  if (error.place.line != 0) out["line"] = error.place.line;
  if (error.place.column != 0) out["column"] = error.place.column;
  if (!error.place.path.empty()) out["path"] = error.place.path;
  return out;
}

}  // namespace skerry::cli

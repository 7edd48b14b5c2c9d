#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "exchange/phenopacket_concepts.hpp"
#include "exchange/phenopacket_update.hpp"
#include "exchange/phenopackets.hpp"

namespace skerry::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_bytes_max = 180;

std::string_view packet_id_of(const std::vector<Fact>& facts) {
  for (const auto& fact : facts) {
    if (fact.kind != Kind::document || fact.code.id != concepts::packet) continue;
    for (const auto& one : fact.qualifiers) {
      const auto* id = std::get_if<Text>(&one.value);
      if (one.role.id == concepts::packet_id && id != nullptr) return id->text;
    }
  }
  return {};
}

/// Letters, digits, "-", "_" and single dots inside; anything else is "_", so that no id leaves the folder.
std::string safe_name(std::string_view id) {
  std::string out;
  for (const char c : id.substr(0, name_bytes_max)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    const bool dot = c == '.' && !out.empty() && out.back() != '.';
    out += plain || dot ? c : '_';
  }
  return out;
}

Error failed(const fs::path& path, int number) {
  const std::error_code error(number, std::system_category());
  auto code = ErrorCode::storage_failed;
  if (number == ENOSPC || number == EDQUOT) code = ErrorCode::storage_full;
  if (number == EACCES || number == EROFS || number == EPERM) code = ErrorCode::storage_read_only;
  return {code, "cannot be written: " + error.message(), {path.string(), 0, 0, ""}};
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(failed(path, errno));
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int number = errno;
      ::close(descriptor);
      return fail(failed(path, number));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(descriptor) != 0) return fail(failed(path, errno));
  return {};
}

class Export {
 public:
  Export(const consent::View& view, const fs::path& directory, const ExportOptions& options)
      : view_(view), directory_(directory), options_(options) {}

  Result<ExportReport> run() {
    if (auto made = make_directory(); !made) return fail(std::move(made.error()));
    std::vector<Fact> facts;
    Result<void> done;
    auto read = view_.for_each([&](const Fact& fact) {
      if (!facts.empty() && facts.front().participant != fact.participant) done = write(facts);
      if (!done) return false;
      facts.push_back(fact);
      return true;
    });
    if (!read) return fail(std::move(read.error()));
    if (done && !facts.empty()) done = write(facts);
    if (!done) return fail(std::move(done.error()));
    return std::move(report_);
  }

 private:
  Result<void> make_directory() {
    std::error_code error;
    fs::create_directories(directory_, error);
    if (error) return fail(failed(directory_, error.value()));
    const bool empty = fs::is_empty(directory_, error);
    if (error) return fail(failed(directory_, error.value()));
    if (!empty) return fail(ErrorCode::already_exists, "is not empty; expected a new or empty folder", {directory_.string(), 0, 0, ""});
    return {};
  }

  Result<void> write(std::vector<Fact>& facts) {
    const auto participant = facts.front().participant;
    const auto sorted = in_packet_order(std::move(facts));
    facts.clear();
    Result<std::optional<ledger::Identity>> identity;
    if (has_identity(sorted)) identity = view_.identity(participant);
    if (!identity && identity.error().code != ErrorCode::consent_refused) return fail(std::move(identity.error()));
    auto json = write_phenopacket(sorted, identity ? *identity : std::nullopt, &report_.not_written);
    if (!json) {
      Error error = std::move(json.error());
      error.place.file = fmt::format("participant {}", participant.number);
      report_.rejected.push_back(std::move(error));
      return {};
    }
    const auto text = options_.compact ? std::move(*json) : indented(*json);
    ++report_.packets;
    report_.bytes += text.size();
    return write_file(directory_ / file_name(sorted, participant), text);
  }

  /// Two packets of one id, or of ids that differ in odd characters or case alone, get the participant's number behind.
  std::string file_name(const std::vector<Fact>& facts, ParticipantId participant) {
    auto name = safe_name(packet_id_of(facts));
    std::string folded = name;
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (name.empty() || !used_.insert(folded).second) {
      name += fmt::format("{}participant-{}", name.empty() ? "" : ".", participant.number);
      used_.insert(name);
    }
    return name + ".json";
  }

  const consent::View& view_;
  const fs::path& directory_;
  const ExportOptions& options_;
  ExportReport report_;
  std::set<std::string> used_;
};

}  // namespace

Result<ExportReport> export_phenopackets(const consent::View& view, const fs::path& directory, const ExportOptions& options) {
  return Export(view, directory, options).run();
}

}  // namespace skerry::exchange

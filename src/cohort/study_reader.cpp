// Reads a study's JSON. The first thing that is wrong ends it.
#include <array>

#include "cohort/statistic_reader.hpp"
#include "cohort/study.hpp"

namespace skerry::cohort {
namespace {

using pack::Node;
using pack::NodeKind;

constexpr std::size_t bytes_max = std::size_t{1} << 20;

bool valid_id(std::string_view id) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == id.size() || id.size() > 120) return false;
  return std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/'; }) &&
         id.find('/', slash + 1) == std::string_view::npos;
}

void read_purpose(StatisticReader& in, const Node& root, Study& study) {
  const auto* node = root.find("purpose");
  if (!node || in.failed()) return;
  static constexpr std::array<Named<Purpose>, 3> allowed{{{"registry_research", Purpose::registry_research},
                                                          {"federated_studies", Purpose::federated_studies},
                                                          {"public_figures", Purpose::public_figures}}};
  study.purpose = in.one_of<Purpose>(*node, allowed);
}

void read_snapshot(StatisticReader& in, const Node& root, Study& study) {
  const auto* node = root.find("snapshot");
  if (!node || in.failed() || (node->kind == NodeKind::string && node->string == "latest")) return;
  if (node->kind == NodeKind::string) return in.wrong(*node, "A snapshot is \"latest\" or a ledger sequence (a number)");
  study.snapshot = in.integer(*node, 1, std::int64_t{1} << 52);
}

Result<Study> read(const Node& root, std::string_view file) {
  StatisticReader in(file);
  Study study;
  in.keys(root, {"$schema", "id", "title", "purpose", "let", "cohort", "statistic", "by", "snapshot", "floor", "comment"});
  study.id = in.text(root, "id", true);
  if (!in.failed() && !valid_id(study.id)) {
    in.wrong(*root.find("id"), "A study's id is PACK/NAME in lower-case letters, digits and hyphens, as \"poh/treatments-tried\"");
  }
  study.title = in.texts(root, "title", true);
  read_purpose(in, root, study);
  if (const auto* lets = root.find("let"); lets && !in.failed()) in.read_lets(*lets);
  if (const auto* cohort = in.need(root, "cohort"); cohort && !in.failed()) study.cohort = in.condition(*cohort);
  if (const auto* by = root.find("by"); by && !in.failed()) study.by = in.grouping(*by);
  if (const auto* statistic = in.need(root, "statistic"); statistic && !in.failed()) in.statistic(*statistic, root, study);
  if (!in.failed()) read_snapshot(in, root, study);
  if (const auto* floor = root.find("floor"); floor && !in.failed()) study.floor = static_cast<int>(in.integer(*floor, 2, 1'000'000));
  if (in.failed()) return fail(*in.error());
  study.digest = digest_of(canonical_text(study));
  return study;
}

}  // namespace

Result<Study> parse_study(std::string_view text, std::string_view file) {
  if (text.size() > bytes_max) return fail(ErrorCode::too_large, "A study is at most 1 MiB of text", Place{std::string(file), 1, 1, {}});
  const auto root = pack::parse_json(text, file);
  if (!root) return fail(root.error());
  return read(*root, file);
}

Result<Study> read_study(const std::string& path) {
  const auto text = pack::read_text_file(path);
  if (!text) return fail(text.error());
  return parse_study(*text, path);
}

}  // namespace skerry::cohort

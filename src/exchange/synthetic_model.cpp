#include "exchange/synthetic_model.hpp"

#include <optional>
#include <string_view>

#include "pack/json_document.hpp"

namespace skerry::exchange {
namespace {

using pack::Node;
using pack::NodeKind;

/// Reads fields and remembers the first that is wrong; what it returns after that is not used.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  const Node& member(const Node& object, std::string_view key, NodeKind kind, std::string_view expected) {
    static const Node nothing;
    const Node* found = object.find(key);
    if (found == nullptr) {
      wrong(ErrorCode::missing_field, object, "has no \"" + std::string(key) + "\"; expected " + std::string(expected));
      return nothing;
    }
    if (found->kind != kind) {
      wrong(ErrorCode::wrong_type, *found, "expected " + std::string(expected));
      return nothing;
    }
    return *found;
  }
  const Node& object(const Node& from, std::string_view key) { return member(from, key, NodeKind::object, "an object"); }
  const Node& array(const Node& from, std::string_view key) {
    const Node& found = member(from, key, NodeKind::array, "a list");
    if (found.kind == NodeKind::array && found.items.empty()) wrong(ErrorCode::missing_field, found, "expected at least one entry");
    return found;
  }
  std::string text(const Node& from, std::string_view key) { return member(from, key, NodeKind::string, "a text").string; }
  double number(const Node& from, std::string_view key, double low, double high) {
    const Node& found = member(from, key, NodeKind::number, "a number");
    if (found.kind == NodeKind::number && (found.number < low || found.number > high)) {
      wrong(ErrorCode::out_of_range, found, "expected a number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return found.number;
  }
  double percent(const Node& from, std::string_view key) { return number(from, key, 0, 100) / 100; }
  double share(const Node& from, std::string_view key) {
    const Node& of = object(from, key);
    return number(of, "n", 0, 1e9) / number(of, "of", 1, 1e9);
  }
  Code code(const Node& from) { return {text(from, "code"), text(from, "label")}; }
  std::vector<WeightedCode> weighted(const Node& from, std::string_view key) {
    std::vector<WeightedCode> out;
    for (const auto& item : array(from, key).items) out.push_back({code(item), number(item, "weight", 0, 1e9)});
    return out;
  }
  std::vector<AskedCode> asked(const Node& from, std::string_view key) {
    std::vector<AskedCode> out;
    for (const auto& item : array(from, key).items) {
      AskedCode one{code(item), percent(item, "recorded"), percent(item, "present"), {}, {}};
      if (item.find("after_onset_months")) one.after_onset = waiting(object(item, "after_onset_months"));
      if (item.find("course")) one.course = course(object(item, "course"));
      out.push_back(std::move(one));
    }
    return out;
  }
  Waiting waiting(const Node& from) { return {number(from, "median", 0.01, 1200), number(from, "spread", 0, 10)}; }
  Course course(const Node& from) {
    return {number(from, "median_months", 0.1, 1200), percent(from, "stopped"), weighted(from, "reasons")};
  }
  bool flag(const Node& from, std::string_view key) { return member(from, key, NodeKind::boolean, "true or false").boolean; }
  Repeated repeated(const Node& item) {
    Repeated out;
    out.code = code(item);
    out.recorded = percent(item, "recorded");
    const Node& visits = object(item, "visits");
    out.visits_low = static_cast<std::int32_t>(number(visits, "from", 1, 100));
    out.visits_high = static_cast<std::int32_t>(number(visits, "to", out.visits_low, 100));
    out.start = number(item, "start", -1e6, 1e6);
    out.per_year = number(item, "per_year", -1e6, 1e6);
    out.paternal = number(item, "paternal", -1e6, 1e6);
    out.between_people = number(item, "between_people", 0, 1e6);
    out.within_person = number(item, "within_person", 0, 1e6);
    out.low = number(item, "low", -1e6, 1e6);
    out.high = number(item, "high", out.low, 1e6);
    out.whole = flag(item, "whole");
    return out;
  }
  void wrong(ErrorCode code, const Node& at, std::string message) {
    if (!error_) error_ = Error{code, std::move(message), at.place(file_)};
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::string file_;
  std::optional<Error> error_;
};

void read_rest(Reader& reader, const Node& root, SyntheticModel& model) {
  const Node& operation = reader.object(root, "operation");
  model.operation.code = reader.code(operation);
  model.operation.present = reader.percent(operation, "present");
  model.operation.regrowth_within_horizon = reader.percent(operation, "regrowth_within_horizon");
  model.operation.regrowth_median_months = reader.number(operation, "regrowth_median_months", 0.1, 1200);
  model.operation.regrowth_recorded = reader.percent(operation, "regrowth_recorded");
  model.operation.sites = reader.weighted(operation, "sites");
  model.operation.partial = reader.percent(operation, "partial");
  model.operation.partial_regrows_faster = reader.number(operation, "partial_regrows_faster", 0.1, 10);
  model.operation.adjuvants = reader.weighted(operation, "adjuvants");
  for (const auto& item : reader.array(root, "measurements").items) model.measurements.push_back(reader.repeated(item));
  model.contact_asked = reader.percent(reader.object(root, "contact_for_research"), "recorded");
  const Node& variant = reader.object(root, "variant");
  model.variant.gene = {reader.text(variant, "gene"), reader.text(variant, "symbol")};
  model.variant.recorded = reader.percent(variant, "recorded");
  model.variant.found = reader.share(variant, "found");
  model.variant.paternal = reader.share(variant, "paternal");
  model.variant.hgvs = reader.text(variant, "hgvs");
  model.variant.hgvs_protein = reader.text(variant, "hgvs_protein");
  const Node& consent = reader.object(root, "consent");
  model.consents = {{Purpose::registry_research, reader.percent(consent, "registry_research")},
                    {Purpose::federated_studies, reader.percent(consent, "federated_studies")},
                    {Purpose::public_figures, reader.percent(consent, "public_figures")},
                    {Purpose::recontact, reader.percent(consent, "recontact")}};
  model.withdrawn = reader.percent(consent, "withdrawn");
  for (const auto& item : reader.member(root, "experiences", NodeKind::array, "a list").items) {
    model.experiences.push_back({reader.text(item, "question"), reader.text(item, "language"), reader.text(item, "text")});
  }
}

}  // namespace

Result<SyntheticModel> read_synthetic_model(const std::filesystem::path& pack_folder) {
  const auto file = (pack_folder / "demonstration.json").string();
  const auto content = pack::read_text_file(file);
  if (!content) return fail(content.error());
  const auto root = pack::parse_json(*content, file);
  if (!root) return fail(root.error());
  Reader reader(file);
  if (root->kind != NodeKind::object) return fail(ErrorCode::wrong_type, "expected an object", root->place(file));
  SyntheticModel model;
  model.diagnosis = reader.code(reader.object(*root, "diagnosis"));
  model.female = reader.percent(reader.object(*root, "female"), "of_100");
  model.countries = reader.weighted(*root, "countries");
  const Node& onset = reader.object(*root, "onset_months");
  model.onset_median_months = reader.number(onset, "median", 0.1, 1200);
  model.onset_spread = reader.number(onset, "spread", 0, 10);
  model.features = reader.asked(*root, "features");
  model.treatments = reader.asked(*root, "treatments");
  read_rest(reader, *root, model);
  if (reader.error()) return fail(*reader.error());
  return model;
}

}  // namespace skerry::exchange

#include "answers/reviewer.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "answers/record_file.hpp"
#include "answers/reviewer_record.hpp"
#include "base/durable_file.hpp"

namespace skerry::answers {
namespace {

namespace json = boost::json;

constexpr std::string_view registry_format = "skerry reviewers 1";

Result<std::vector<Reviewer>> read_registry(const std::filesystem::path& file) {
  const auto root = read_record_file(file);
  if (!root) return fail(root.error());
  RecordReader reader(*root, file.string(), {"format", "reviewers"});
  if (reader.text("format") != registry_format) reader.wrong("format", ErrorCode::unknown_value, "expected \"skerry reviewers 1\"");
  const auto* list = reader.list("reviewers");
  if (auto good = reader.finish(); !good) return fail(good.error());
  std::vector<Reviewer> out;
  for (const auto& item : list->items) {
    RecordReader entry(item, file.string(), {"key_id", "name", "role", "public_key", "demonstration", "added_at"});
    auto reviewer = read_reviewer(entry);
    const auto added_at = parse_instant(entry.text("added_at"));
    if (!added_at) entry.wrong("added_at", added_at.error().code, added_at.error().message);
    if (std::any_of(out.begin(), out.end(), [&](const auto& other) { return other.key_id == reviewer.key_id; })) {
      entry.wrong("key_id", ErrorCode::conflict, "this key stands twice");
    }
    if (auto good = entry.finish(); !good) return fail(good.error());
    reviewer.added_at = *added_at;
    out.push_back(std::move(reviewer));
  }
  return out;
}

bool same_person(const Reviewer& a, const Reviewer& b) {
  return a.name == b.name && a.role == b.role && a.demonstration == b.demonstration && a.public_key == b.public_key;
}

}  // namespace

Result<std::vector<Reviewer>> read_reviewers(const std::filesystem::path& directory) {
  const auto file = directory / "reviewers.json";
  std::error_code error;
  if (std::filesystem::symlink_status(file, error).type() == std::filesystem::file_type::not_found) return std::vector<Reviewer>{};
  return read_registry(file);
}

Result<void> add_reviewer(const std::filesystem::path& directory, Reviewer reviewer) {
  for (const auto& [field, text] : {std::pair("name", reviewer.name), std::pair("role", reviewer.role)}) {
    if (auto good = check_words(field, text); !good) return good;
  }
  reviewer.key_id = key_id_of(reviewer.public_key);
  auto reviewers = read_reviewers(directory);
  if (!reviewers) return fail(reviewers.error());
  for (const auto& known : *reviewers) {
    if (known.key_id != reviewer.key_id) continue;
    if (same_person(known, reviewer)) return {};
    return fail(ErrorCode::conflict, "the key " + known.key_id + " is known under another name, role or label: make a new key");
  }
  reviewer.added_at = Instant::now();
  reviewers->push_back(std::move(reviewer));
  std::string text = "{\n\"format\": " + json::serialize(registry_format) + ",\n\"reviewers\": [";
  for (const auto& entry : *reviewers) {
    const json::object line({{"key_id", entry.key_id},
                             {"name", entry.name},
                             {"role", entry.role},
                             {"public_key", hex(entry.public_key)},
                             {"demonstration", entry.demonstration},
                             {"added_at", to_text(entry.added_at)}});
    text += (&entry == &reviewers->front() ? "\n" : ",\n") + json::serialize(line);
  }
  return write_durable_file(directory / "reviewers.json", text + "\n]\n}\n", Existing::replace);
}

}  // namespace skerry::answers

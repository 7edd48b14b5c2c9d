#include "pack/pack_file.hpp"

#include <algorithm>
#include <set>

namespace skerry::pack {

namespace {

constexpr std::size_t file_bytes_max = 4u << 20;

bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Whether `path`, links followed, is `folder` or below it.
bool inside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  std::error_code error;
  const auto whole = std::filesystem::weakly_canonical(path, error);
  const auto root = error ? std::filesystem::path{} : std::filesystem::weakly_canonical(folder, error);
  if (error) return false;
  return std::mismatch(root.begin(), root.end(), whole.begin(), whole.end()).first == root.end();
}

}  // namespace

bool is_curie(std::string_view text) noexcept {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto prefix = text.substr(0, colon);
  const auto local = text.substr(colon + 1);
  const auto in_prefix = [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  const auto in_local = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  return std::all_of(prefix.begin(), prefix.end(), in_prefix) && std::all_of(local.begin(), local.end(), in_local);
}

bool is_slug(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 100 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

std::string_view name_of(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return "true or false";
    case NodeKind::number: return "a number";
    case NodeKind::string: return "a text";
    case NodeKind::array: return "a list";
    case NodeKind::object: return "an object";
  }
  return "a value";
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = nearest(word, candidates);
  return near.empty() ? std::string{} : " (did you mean \"" + near + "\"?)";
}

std::optional<std::string> Checking::text_of(const std::string& relative, const Place& place) {
  const std::filesystem::path path(relative);
  const bool climbs = std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
  if (relative.empty() || path.is_absolute() || climbs) {
    error(ErrorCode::unknown_value, "a path must stay inside the pack's folder: \"" + relative + "\"", place);
    return std::nullopt;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(folder / path, ignored)) {
    error(ErrorCode::not_found, "there is no file \"" + relative + "\" in the pack", place);
    return std::nullopt;
  }
  if (!inside(folder / path, folder)) {
    error(ErrorCode::unknown_value, "\"" + relative + "\" leads out of the pack's folder through a link", place);
    return std::nullopt;
  }
  auto text = read_text_file(named(relative), file_bytes_max);
  if (!text) {
    error(text.error().code, text.error().message, text.error().place);
    return std::nullopt;
  }
  return std::move(*text);
}

std::optional<Node> Checking::json_of(const std::string& relative, bool required) {
  std::error_code ignored;
  if (!required && !std::filesystem::exists(folder / relative, ignored)) return std::nullopt;
  const auto text = text_of(relative, {named(relative), 0, 0, {}});
  if (!text) return std::nullopt;
  auto root = parse_json(*text, named(relative));
  if (!root) {
    report.errors.push_back(root.error());
    return std::nullopt;
  }
  return std::move(*root);
}

std::vector<std::string> Checking::files_in(const std::string& sub, std::string_view ending) const {
  std::vector<std::string> out;
  std::error_code error_found;
  for (std::filesystem::directory_iterator entry(folder / sub, error_found), end; !error_found && entry != end;
       entry.increment(error_found)) {
    const auto name = entry->path().filename().string();
    if (name.ends_with(ending) && !name.starts_with('.')) out.push_back(sub + "/" + name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Fields::Fields(Checking& checking, std::string file, const Node& node, std::initializer_list<std::string_view> known)
    : checking_(checking), file_(std::move(file)), node_(node) {
  if (node.kind != NodeKind::object) {
    error_at(ErrorCode::wrong_type, "an object was expected, not " + std::string(name_of(node.kind)), node);
    return;
  }
  for (const auto& [key, value] : node.members) {
    if (key == "$schema" || key == "about_this_file" || std::find(known.begin(), known.end(), key) != known.end()) continue;
    error_at(ErrorCode::unknown_parameter, "the key \"" + key + "\" is not known here" + did_you_mean(key, {known.begin(), known.size()}),
             value);
  }
}

void Fields::error(ErrorCode code, std::string message, std::string_view key) { checking_.error(code, std::move(message), place(key)); }
void Fields::error_at(ErrorCode code, std::string message, const Node& node) {
  checking_.error(code, std::move(message), node.place(file_));
}

Place Fields::place(std::string_view key) const {
  const Node* value = key.empty() ? nullptr : node_.find(key);
  if (value != nullptr) return value->place(file_);
  Place out = node_.place(file_);
  if (!key.empty()) out.path += "/" + std::string(key);
  return out;
}

const Node* Fields::typed(std::string_view key, NodeKind kind, bool required) {
  const Node* value = node_.find(key);
  if (value == nullptr) {
    if (required && node_.kind == NodeKind::object) error(ErrorCode::missing_field, "\"" + std::string(key) + "\" is missing", key);
    return nullptr;
  }
  if (value->kind == kind) return value;
  error_at(ErrorCode::wrong_type, std::string(name_of(kind)) + " was expected, not " + std::string(name_of(value->kind)), *value);
  return nullptr;
}

std::string Fields::text(std::string_view key, bool required) {
  const Node* value = typed(key, NodeKind::string, required);
  if (value == nullptr) return {};
  if (value->string.empty()) error_at(ErrorCode::missing_field, "the text is empty", *value);
  return value->string;
}

std::string Fields::optional_text(std::string_view key) {
  const Node* value = typed(key, NodeKind::string, false);
  return value == nullptr ? std::string{} : value->string;
}

std::string Fields::slug(std::string_view key) {
  auto word = text(key);
  if (!word.empty() && !is_slug(word)) error(ErrorCode::unknown_value, "small letters, digits and \"-\" were expected", key);
  return word;
}

std::string Fields::curie(std::string_view key, bool required) {
  auto word = text(key, required);
  if (!word.empty() && !is_curie(word)) error(ErrorCode::unknown_value, "a code like \"HP:0034282\" was expected", key);
  return word;
}

Texts Fields::texts(std::string_view key, bool required) {
  Texts out;
  const Node* value = typed(key, NodeKind::object, required);
  if (value == nullptr) return out;
  for (const auto& [language, text] : value->members) {
    if (std::find(checking_.languages.begin(), checking_.languages.end(), language) == checking_.languages.end()) {
      const std::vector<std::string_view> known(checking_.languages.begin(), checking_.languages.end());
      error_at(ErrorCode::unknown_value, "\"" + language + "\" is not among the languages of pack.json" + did_you_mean(language, known),
               text);
    } else if (text.kind != NodeKind::string) {
      error_at(ErrorCode::wrong_type, "a text was expected, not " + std::string(name_of(text.kind)), text);
    } else if (text.string.empty()) {
      error_at(ErrorCode::missing_field, "the text is empty", text);
    } else {
      out[language] = text.string;
    }
  }
  for (const auto& language : checking_.languages) {
    if (value->find(language) != nullptr) continue;
    if (language == checking_.languages.front()) {
      error_at(ErrorCode::missing_field, "the text is missing in \"" + language + "\", the pack's first language", *value);
    } else {
      checking_.warning(ErrorCode::missing_field, "the text is missing in \"" + language + "\"", value->place(file_));
    }
  }
  return out;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
  const Node* value = typed(key, NodeKind::number, true);
  if (value == nullptr) return lowest;
  const bool fits = value->integer && value->number >= static_cast<double>(lowest) && value->number <= static_cast<double>(highest);
  if (fits) return static_cast<std::int64_t>(value->number);
  error_at(ErrorCode::out_of_range, "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest) + " was expected",
           *value);
  return lowest;
}

bool Fields::boolean(std::string_view key, bool otherwise) {
  const Node* value = typed(key, NodeKind::boolean, false);
  return value == nullptr ? otherwise : value->boolean;
}

const std::vector<Node>* Fields::items(std::string_view key, bool required) {
  const Node* value = typed(key, NodeKind::array, required);
  return value == nullptr ? nullptr : &value->items;
}

std::vector<std::string> Fields::words(std::string_view key, bool required) {
  std::vector<std::string> out;
  const auto* list = items(key, required);
  if (list == nullptr) return out;
  std::set<std::string> seen;
  for (const auto& item : *list) {
    if (item.kind != NodeKind::string) {
      error_at(ErrorCode::wrong_type, "a text was expected, not " + std::string(name_of(item.kind)), item);
    } else if (!seen.insert(item.string).second) {
      error_at(ErrorCode::duplicate_key, "\"" + item.string + "\" stands twice in this list", item);
    } else {
      out.push_back(item.string);
    }
  }
  return out;
}

std::string Fields::choice(std::string_view key, std::initializer_list<std::string_view> allowed) {
  auto word = text(key);
  if (word.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  std::string list;
  for (const auto one : allowed) list += (list.empty() ? "" : ", ") + std::string(one);
  error(ErrorCode::unknown_value, "\"" + word + "\" is not one of: " + list + did_you_mean(word, {allowed.begin(), allowed.size()}), key);
  return {};
}

}  // namespace skerry::pack

#include <simdjson.h>

#include <algorithm>
#include <unordered_map>

#include "vocabulary/inflate.hpp"
#include "vocabulary/vocabulary.hpp"

// The format: https://github.com/geneontology/obographs (schema/obographs-schema.json).
namespace skerry::vocabulary {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t unpacked_max = 1u << 30;
constexpr std::string_view replaced_by_property = "http://purl.obolibrary.org/obo/IAO_0100001";
constexpr std::string_view alternative_id_property = "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId";
constexpr std::string_view version_property = "http://www.w3.org/2002/07/owl#versionInfo";

/// "HP:0034282" of "http://purl.obolibrary.org/obo/HP_0034282", "ORPHA:2762" of ".../ORDO/Orphanet_2762"; a CURIE stays as it
/// is; empty for any other address.
std::string curie_of(std::string_view iri) {
  if (iri.find("://") == std::string_view::npos) return iri.find(':') == std::string_view::npos ? std::string{} : std::string(iri);
  const auto local = iri.substr(iri.rfind('/') + 1);
  const auto underscore = local.find('_');
  if (underscore == std::string_view::npos || underscore == 0 || underscore + 1 == local.size() ||
      local.find('#') != std::string_view::npos) {
    return {};
  }
  const auto prefix = local.substr(0, underscore);
  return std::string(prefix == "Orphanet" ? "ORPHA" : prefix) + ":" + std::string(local.substr(underscore + 1));
}

/// Reads one document; the path of what is being read goes into every error.
class GraphReader {
 public:
  explicit GraphReader(std::string file) : file_(std::move(file)) {}

  Result<Vocabulary> read(const dom::element& root) {
    dom::array graphs;
    if (root["graphs"].get(graphs) != simdjson::SUCCESS)
      return fail(ErrorCode::missing_field, "an OBO graph has an array \"graphs\"", place("/graphs"));
    std::size_t number = 0;
    for (const auto graph : graphs) {
      if (auto done = one_graph(graph, "/graphs/" + std::to_string(number++)); !done) return fail(std::move(done.error()));
    }
    if (terms_.empty()) return fail(ErrorCode::missing_field, "the file holds no classes", place("/graphs"));
    auto made = Vocabulary::from_terms(std::move(terms_), std::move(versions_));
    if (!made) made.error().place = place("/graphs");
    return made;
  }

 private:
  [[nodiscard]] Place place(std::string path) const { return {file_, 0, 0, std::move(path)}; }
  [[nodiscard]] tl::unexpected<Error> wrong(std::string path, std::string_view wanted) const {
    return fail(ErrorCode::wrong_type, std::string(wanted) + " was expected", place(std::move(path)));
  }

  /// Members that may be missing but, when there, have their type. False only on a wrong type.
  template <class T>
  [[nodiscard]] bool optional(const dom::element& from, std::string_view key, T& out) {
    const auto code = from[key].get(out);
    return code == simdjson::SUCCESS || code == simdjson::NO_SUCH_FIELD || from[key].is_null();
  }

  Result<void> one_graph(const dom::element& graph, const std::string& path) {
    if (!graph.is_object()) return wrong(path, "an object");
    dom::array nodes;
    dom::array edges;
    if (!optional(graph, "nodes", nodes)) return wrong(path + "/nodes", "an array");
    if (!optional(graph, "edges", edges)) return wrong(path + "/edges", "an array");
    if (auto done = version(graph, path); !done) return done;
    std::size_t number = 0;
    for (const auto node : nodes_of(graph, "nodes")) {
      if (auto done = one_node(node, path + "/nodes/" + std::to_string(number++)); !done) return done;
    }
    number = 0;
    for (const auto edge : nodes_of(graph, "edges")) {
      if (auto done = one_edge(edge, path + "/edges/" + std::to_string(number++)); !done) return done;
    }
    return {};
  }

  // A default-made dom::array must not be walked, so a missing one becomes an empty list of elements.
  static std::vector<dom::element> nodes_of(const dom::element& graph, std::string_view key) {
    dom::array array;
    if (graph[key].get(array) != simdjson::SUCCESS) return {};
    return {array.begin(), array.end()};
  }

  /// "hp 2024-08-13" of ".../obo/hp/releases/2024-08-13/hp.json".
  Result<void> version(const dom::element& graph, const std::string& path) {
    std::string_view id;
    std::string_view release;
    if (!optional(graph, "id", id)) return wrong(path + "/id", "a text");
    dom::element meta;
    std::string told;
    if (graph["meta"].get(meta) == simdjson::SUCCESS) {
      if (!optional(meta, "version", release)) return wrong(path + "/meta/version", "a text");
      for (const auto property : nodes_of(meta, "basicPropertyValues")) {
        std::string_view name;
        std::string_view value;
        if (property["pred"].get(name) == simdjson::SUCCESS && name == version_property && property["val"].get(value) == simdjson::SUCCESS)
          told = value;
      }
    }
    std::string name(id.substr(id.rfind('/') + 1));
    name = name.substr(0, name.find('.'));
    const auto releases = release.find("/releases/");
    if (releases != std::string_view::npos) {
      const auto rest = release.substr(releases + 10);
      told = rest.substr(0, rest.find('/'));
      if (name.empty()) name = rest.substr(rest.rfind('/') + 1, rest.rfind('.') - rest.rfind('/') - 1);
    } else if (told.empty()) {
      told = release.empty() ? "of unknown version" : std::string(release);
    }
    if (name.empty()) name = "ontology";
    versions_.push_back(name + " " + told);
    return {};
  }

  Result<void> one_node(const dom::element& node, const std::string& path) {
    std::string_view id;
    std::string_view label;
    std::string_view type;
    if (!node.is_object()) return wrong(path, "an object");
    if (node["id"].get(id) != simdjson::SUCCESS) return fail(ErrorCode::missing_field, "a node has a text \"id\"", place(path + "/id"));
    if (!optional(node, "lbl", label)) return wrong(path + "/lbl", "a text");
    if (!optional(node, "type", type)) return wrong(path + "/type", "a text");
    Term term;
    term.id = curie_of(id);
    term.label = label;
    if (type != "CLASS" || term.id.empty()) return {};  // relations have ids and labels too, and some no type
    dom::element meta;
    if (node["meta"].get(meta) == simdjson::SUCCESS && !meta.is_null()) {
      if (auto done = meta_of(meta, term, path + "/meta"); !done) return done;
    }
    if (label.empty() && !term.obsolete) return {};  // a stub of another ontology
    if (!numbers_.try_emplace(term.id, terms_.size()).second) {
      return fail(ErrorCode::duplicate_key, "the term " + term.id + " stands twice", place(path + "/id"));
    }
    terms_.push_back(std::move(term));
    return {};
  }

  Result<void> meta_of(const dom::element& meta, Term& term, const std::string& path) {
    if (!meta.is_object()) return wrong(path, "an object");
    if (!optional(meta, "deprecated", term.obsolete)) return wrong(path + "/deprecated", "true or false");
    dom::array list;
    if (!optional(meta, "synonyms", list)) return wrong(path + "/synonyms", "an array");
    if (!optional(meta, "basicPropertyValues", list)) return wrong(path + "/basicPropertyValues", "an array");
    std::size_t number = 0;
    for (const auto synonym : nodes_of(meta, "synonyms")) {
      std::string_view text;
      if (synonym["val"].get(text) != simdjson::SUCCESS) return wrong(path + "/synonyms/" + std::to_string(number) + "/val", "a text");
      term.synonyms.emplace_back(text);
      ++number;
    }
    number = 0;
    for (const auto property : nodes_of(meta, "basicPropertyValues")) {
      const auto at = path + "/basicPropertyValues/" + std::to_string(number++);
      std::string_view name;
      std::string_view value;
      if (property["pred"].get(name) != simdjson::SUCCESS) return wrong(at + "/pred", "a text");
      if (name != replaced_by_property && name != alternative_id_property) continue;
      if (property["val"].get(value) != simdjson::SUCCESS) return wrong(at + "/val", "a text");
      auto other = curie_of(value);
      if (other.empty()) continue;
      if (name == replaced_by_property) {
        term.replaced_by = std::move(other);
      } else {
        term.alternative_ids.push_back(std::move(other));
      }
    }
    return {};
  }

  Result<void> one_edge(const dom::element& edge, const std::string& path) {
    std::string_view from;
    std::string_view to;
    std::string_view relation;
    if (!edge.is_object()) return wrong(path, "an object");
    if (edge["pred"].get(relation) != simdjson::SUCCESS) return wrong(path + "/pred", "a text");
    if (relation != "is_a" && relation != "http://www.w3.org/2000/01/rdf-schema#subClassOf") return {};
    if (edge["sub"].get(from) != simdjson::SUCCESS) return wrong(path + "/sub", "a text");
    if (edge["obj"].get(to) != simdjson::SUCCESS) return wrong(path + "/obj", "a text");
    const auto found = numbers_.find(curie_of(from));
    auto parent = curie_of(to);
    if (found != numbers_.end() && !parent.empty()) terms_[found->second].parents.push_back(std::move(parent));
    return {};
  }

  std::string file_;
  std::vector<Term> terms_;
  std::vector<std::string> versions_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

Error not_json(simdjson::error_code code, const std::string& file) {
  const Place place{file, 0, 0, {}};
  switch (code) {
    case simdjson::UTF8_ERROR: return {ErrorCode::invalid_text, "the file is not valid UTF-8", place};
    case simdjson::DEPTH_ERROR: return {ErrorCode::too_deep, "the file is nested more deeply than an OBO graph can be", place};
    case simdjson::CAPACITY: return {ErrorCode::too_large, "the file is too large", place};
    case simdjson::EMPTY: return {ErrorCode::malformed, "the file is empty", place};
    case simdjson::MEMALLOC: return {ErrorCode::too_large, "there is not enough memory for this file", place};
    default: return {ErrorCode::malformed, std::string("the file is not well-formed JSON: ") + simdjson::error_message(code), place};
  }
}

}  // namespace

Result<Vocabulary> read_obograph(const std::filesystem::path& file) {
  auto text = read_maybe_gzip(file, unpacked_max);
  if (!text) return fail(std::move(text.error()));
  try {
    text->reserve(text->size() + simdjson::SIMDJSON_PADDING);
    dom::parser parser;
    dom::element root;
    if (const auto code = parser.parse(text->data(), text->size(), false).get(root); code != simdjson::SUCCESS) {
      return fail(not_json(code, file.string()));
    }
    return GraphReader(file.string()).read(root);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::too_large, "there is not enough memory for this file", Place{file.string(), 0, 0, {}});
  }
}

}  // namespace skerry::vocabulary

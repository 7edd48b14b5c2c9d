#include "vocabulary/vocabulary.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace skerry::vocabulary {

namespace {

constexpr std::size_t terms_max = 5'000'000;
constexpr std::size_t ancestor_pairs_max = 64'000'000;  // SNOMED CT has some 10 million; a chain of a million terms 5e11
constexpr int replacements_max = 100;                   // in a row; more is a circle or worse
constexpr std::uint32_t none = UINT32_MAX;

/// Lower case for ASCII and for the Latin-1 letters (C3 80 to C3 9E but for the multiplication sign), which is what labels hold.
std::string folded(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    const bool after_c3 = i > 0 && static_cast<unsigned char>(out[i - 1]) == 0xC3;
    const bool lowers = (byte >= 'A' && byte <= 'Z') || (after_c3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97);
    if (lowers) out[i] = static_cast<char>(byte + 0x20);
  }
  return out;
}

/// Lists of numbers, one a term, in one block.
struct Lists {
  std::vector<std::uint32_t> starts{0};
  std::vector<std::uint32_t> numbers;

  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t term) const {
    return std::span(numbers).subspan(starts[term], starts[term + 1] - starts[term]);
  }
};

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Lists lists_of(Pairs pairs, std::size_t terms) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Lists out;
  out.starts.assign(terms + 1, 0);
  out.numbers.reserve(pairs.size());
  for (const auto& [term, number] : pairs) {
    ++out.starts[term + 1];
    out.numbers.push_back(number);
  }
  for (std::size_t i = 0; i < terms; ++i) out.starts[i + 1] += out.starts[i];
  return out;
}

}  // namespace

struct Vocabulary::Data {
  std::vector<Term> terms;  // sorted by id
  std::vector<std::string> versions;
  std::unordered_map<std::string_view, std::uint32_t> alternatives;  // an alternative id -> the term that names it
  std::vector<std::uint32_t> live;                                   // what each term stands for now, or none
  Lists children;
  Lists ancestors;  // with itself, sorted; empty for obsolete terms
  std::unordered_multimap<std::uint32_t, std::string_view> other_ids;

  mutable std::once_flag named_once;
  mutable std::unordered_multimap<std::string, std::uint32_t> by_name;  // of live terms; made when first asked

  [[nodiscard]] std::uint32_t exact(std::string_view id) const {
    const auto found =
        std::lower_bound(terms.begin(), terms.end(), id, [](const Term& term, std::string_view wanted) { return term.id < wanted; });
    return found != terms.end() && found->id == id ? static_cast<std::uint32_t>(found - terms.begin()) : none;
  }
  [[nodiscard]] std::uint32_t follow(std::string_view id) const;
  [[nodiscard]] std::uint32_t find(std::string_view id) const;
  void index_ids();
  [[nodiscard]] Result<void> index_is_a();
  [[nodiscard]] Result<void> close(const Lists& parents);
  void index_names() const;
};

/// The end of the chain of replacements from `id`; none for a dead end or a circle.
std::uint32_t Vocabulary::Data::follow(std::string_view id) const {
  for (int step = 0; step < replacements_max; ++step) {
    const std::uint32_t at = exact(id);
    if (at != none && !terms[at].obsolete) return at;
    if (at != none && !terms[at].replaced_by.empty()) {
      id = terms[at].replaced_by;
      continue;
    }
    const auto named = alternatives.find(id);
    if (named == alternatives.end()) return none;
    if (!terms[named->second].obsolete) return named->second;
    id = terms[named->second].id;
  }
  return none;
}

std::uint32_t Vocabulary::Data::find(std::string_view id) const {
  const std::uint32_t at = exact(id);
  if (at != none) return live[at];
  const auto named = alternatives.find(id);
  return named == alternatives.end() ? none : live[named->second];
}

void Vocabulary::Data::index_ids() {
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    for (const auto& id : terms[i].alternative_ids) {
      // Two terms may claim one id; a live one goes before an obsolete one, else the first.
      const auto [entry, added] = alternatives.try_emplace(id, i);
      if (!added && terms[entry->second].obsolete && !terms[i].obsolete) entry->second = i;
    }
  }
  live.resize(terms.size());
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    live[i] = terms[i].obsolete ? follow(terms[i].id) : i;
    if (terms[i].obsolete && live[i] != none) other_ids.emplace(live[i], terms[i].id);
  }
  for (const auto& [id, term] : alternatives) {
    if (exact(id) == none && live[term] != none) other_ids.emplace(live[term], id);
  }
}

Result<void> Vocabulary::Data::index_is_a() {
  Pairs up;
  Pairs down;
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    if (terms[i].obsolete) continue;
    for (const auto& id : terms[i].parents) {
      const std::uint32_t parent = find(id);
      if (parent == none) continue;
      if (parent == i && id != terms[i].id) continue;  // an old id of the term itself
      up.emplace_back(i, parent);
      down.emplace_back(parent, i);
    }
  }
  children = lists_of(std::move(down), terms.size());
  return close(lists_of(std::move(up), terms.size()));
}

/// Parents before children (Kahn 1962); what is left over lies on a circle or below one.
Result<void> Vocabulary::Data::close(const Lists& parents) {
  std::vector<std::uint32_t> waiting(terms.size());
  std::vector<std::uint32_t> order;
  order.reserve(terms.size());
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    waiting[i] = static_cast<std::uint32_t>(parents.of(i).size());
    if (waiting[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const auto child : children.of(order[next])) {
      if (--waiting[child] == 0) order.push_back(child);
    }
  }
  if (order.size() != terms.size()) {
    // Going up among those left ends in the circle itself.
    auto at =
        static_cast<std::uint32_t>(std::find_if(waiting.begin(), waiting.end(), [](auto count) { return count != 0; }) - waiting.begin());
    for (std::size_t step = 0; step < terms.size(); ++step) {
      const auto above = parents.of(at);
      at = *std::find_if(above.begin(), above.end(), [&waiting](auto parent) { return waiting[parent] != 0; });
    }
    return fail(ErrorCode::malformed, "is-a is circular: " + terms[at].id + " is below itself");
  }
  std::vector<std::vector<std::uint32_t>> sets(terms.size());
  std::size_t pairs = 0;
  for (const auto term : order) {
    if (terms[term].obsolete) continue;
    auto& set = sets[term];
    set.push_back(term);
    for (const auto parent : parents.of(term)) set.insert(set.end(), sets[parent].begin(), sets[parent].end());
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    pairs += set.size();
    if (pairs > ancestor_pairs_max) return fail(ErrorCode::too_large, "is-a is too deep: more than 64 million pairs of term and ancestor");
  }
  ancestors.numbers.reserve(pairs);
  for (const auto& set : sets) {
    ancestors.numbers.insert(ancestors.numbers.end(), set.begin(), set.end());
    ancestors.starts.push_back(static_cast<std::uint32_t>(ancestors.numbers.size()));
  }
  return {};
}

void Vocabulary::Data::index_names() const {
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    if (terms[i].obsolete) continue;
    by_name.emplace(folded(terms[i].label), i);
    for (const auto& synonym : terms[i].synonyms) by_name.emplace(folded(synonym), i);
  }
}

Vocabulary::Vocabulary() : data_(std::make_shared<const Data>()) {}

const Term* Vocabulary::find(std::string_view id) const {
  const auto at = data_->find(id);
  return at == none ? nullptr : &data_->terms[at];
}

const Term* Vocabulary::exact(std::string_view id) const {
  const auto at = data_->exact(id);
  return at == none ? nullptr : &data_->terms[at];
}

bool Vocabulary::is_a(std::string_view descendant, std::string_view ancestor) const {
  if (descendant == ancestor) return true;
  const auto below = data_->find(descendant);
  const auto above = data_->find(ancestor);
  if (below == none || above == none) return false;
  const auto list = data_->ancestors.of(below);
  return std::binary_search(list.begin(), list.end(), above);
}

std::vector<std::string> Vocabulary::descendants(std::string_view id) const {
  const auto top = data_->find(id);
  if (top == none) return {std::string(id)};
  std::vector<bool> seen(data_->terms.size());
  std::vector<std::uint32_t> reached{top};
  seen[top] = true;
  std::vector<std::string> out;
  for (std::size_t next = 0; next < reached.size(); ++next) {
    out.push_back(data_->terms[reached[next]].id);
    const auto [first, last] = data_->other_ids.equal_range(reached[next]);
    for (auto other = first; other != last; ++other) out.emplace_back(other->second);
    for (const auto child : data_->children.of(reached[next])) {
      if (!seen[child]) reached.push_back(child);
      seen[child] = true;
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> Vocabulary::ancestors(std::string_view id) const {
  const auto bottom = data_->find(id);
  if (bottom == none) return {std::string(id)};
  std::vector<std::string> out;
  for (const auto above : data_->ancestors.of(bottom)) out.push_back(data_->terms[above].id);  // terms are sorted by id
  return out;
}

std::vector<std::string> Vocabulary::ids_of(std::string_view id) const {
  const auto at = data_->find(id);
  if (at == none) return {std::string(id)};
  std::vector<std::string> out{data_->terms[at].id};
  const auto [first, last] = data_->other_ids.equal_range(at);
  for (auto other = first; other != last; ++other) out.emplace_back(other->second);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<const Term*> Vocabulary::named(std::string_view text) const {
  std::call_once(data_->named_once, [this] { data_->index_names(); });
  std::vector<std::uint32_t> found;
  const auto [first, last] = data_->by_name.equal_range(folded(text));
  for (auto entry = first; entry != last; ++entry) found.push_back(entry->second);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<const Term*> out;
  for (const auto at : found) out.push_back(&data_->terms[at]);
  return out;
}

std::shared_ptr<const void> Vocabulary::identity() const noexcept { return data_; }
std::size_t Vocabulary::size() const noexcept { return data_->terms.size(); }
std::span<const Term> Vocabulary::terms() const noexcept { return data_->terms; }
const std::vector<std::string>& Vocabulary::versions() const noexcept { return data_->versions; }

Result<Vocabulary> Vocabulary::merged(const Vocabulary& other) const {
  std::vector<Term> terms = other.data_->terms;
  const std::size_t mine = terms.size();
  for (const auto& term : data_->terms) {
    if (other.data_->exact(term.id) == none) terms.push_back(term);
  }
  std::inplace_merge(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(mine), terms.end(),
                     [](const Term& a, const Term& b) { return a.id < b.id; });
  std::vector<std::string> versions = data_->versions;
  for (const auto& version : other.data_->versions) {
    if (std::find(versions.begin(), versions.end(), version) == versions.end()) versions.push_back(version);
  }
  auto both = from_terms(std::move(terms), std::move(versions));
  if (!both && both.error().code == ErrorCode::malformed) both.error().code = ErrorCode::conflict;
  return both;
}

Result<Vocabulary> Vocabulary::from_terms(std::vector<Term> terms, std::string version) {
  std::vector<std::string> versions;
  if (!version.empty()) versions.push_back(std::move(version));
  return from_terms(std::move(terms), std::move(versions));
}

Result<Vocabulary> Vocabulary::from_terms(std::vector<Term> terms, std::vector<std::string> versions) {
  if (terms.size() > terms_max) return fail(ErrorCode::too_large, "more than 5,000,000 terms");
  auto data = std::make_shared<Data>();
  const auto before = [](const Term& a, const Term& b) { return a.id < b.id; };
  if (!std::is_sorted(terms.begin(), terms.end(), before)) std::stable_sort(terms.begin(), terms.end(), before);
  const auto twice = std::adjacent_find(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.id == b.id; });
  if (twice != terms.end()) return fail(ErrorCode::duplicate_key, "the term " + twice->id + " stands twice");
  data->terms = std::move(terms);
  data->versions = std::move(versions);
  data->index_ids();
  if (auto indexed = data->index_is_a(); !indexed) return fail(std::move(indexed.error()));
  Vocabulary out;
  out.data_ = std::move(data);
  return out;
}

}  // namespace skerry::vocabulary

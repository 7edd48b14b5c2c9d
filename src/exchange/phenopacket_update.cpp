#include "exchange/phenopacket_update.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/phenopacket_concepts.hpp"
#include "fact/concepts.hpp"

namespace skerry::exchange {
namespace {

bool is_document(const Fact& fact) { return fact.kind == Kind::document && fact.code.id == concepts::packet; }

const Fact* document_in(const std::vector<Fact>& facts) {
  const auto found = std::find_if(facts.begin(), facts.end(), is_document);
  return found == facts.end() ? nullptr : &*found;
}

void erase_order(Fact& document) {
  std::erase_if(document.qualifiers, [](const Qualifier& one) { return one.role.id == concepts::order; });
}

/// One fact, or an interpretation with its variants; pointers into the caller's facts.
struct Unit {
  std::vector<const Fact*> facts;
  bool matched = false;
  std::size_t partner = 0;  ///< of a new unit: the old one it is the same as, or corrects
  bool corrects = false;
};

std::vector<Unit> units_of(const std::vector<Fact>& facts, bool of_batch) {
  std::vector<Unit> out;
  std::vector<std::pair<FactId, std::size_t>> interpretations;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact& fact = facts[i];
    if (fact.kind == Kind::variant && fact.part_of.set()) {
      const auto owner =
          std::find_if(interpretations.begin(), interpretations.end(), [&](const auto& one) { return one.first == fact.part_of; });
      if (owner != interpretations.end()) {
        out[owner->second].facts.push_back(&fact);
        continue;
      }
    }
    if (fact.kind == Kind::interpretation) {
      interpretations.emplace_back(of_batch ? FactId{-static_cast<std::int64_t>(i) - 1} : fact.id, out.size());
    }
    out.push_back({{&fact}, false, 0, false});
  }
  return out;
}

bool same(const Unit& a, const Unit& b) {
  return std::equal(a.facts.begin(), a.facts.end(), b.facts.begin(), b.facts.end(),
                    [](const Fact* x, const Fact* y) { return same_statement(*x, *y); });
}

/// Whether the new unit says the old one's thing anew: same kind and concept; a repeated thing also at the same time.
bool same_thing(const Unit& a, const Unit& b) {
  const Fact& x = *a.facts.front();
  const Fact& y = *b.facts.front();
  if (x.kind != y.kind || !same_concept(x.code, y.code)) return false;
  const bool repeats = x.kind == Kind::measurement || x.kind == Kind::procedure || x.kind == Kind::treatment || x.kind == Kind::biosample ||
                       x.kind == Kind::file;
  return !repeats || x.when == y.when;
}

class Difference {
 public:
  Difference(const std::vector<Fact>& before, const std::vector<Fact>& after)
      : old_facts_(before), old_(units_of(old_facts_, false)), new_(units_of(after, true)) {
    match(same, false);
    match(same_thing, true);
  }

  std::vector<Fact> run() {
    for (const auto& unit : new_) {
      if (!unit.matched || unit.corrects) append(unit);
    }
    for (const auto& unit : old_) {
      if (unit.matched) continue;
      for (const Fact* fact : unit.facts) retract(*fact);
    }
    return std::move(out_);
  }

  /// The rank of each unmoved or appended fact by id, in the packet's order.
  [[nodiscard]] std::vector<std::int64_t> ids_in_packet_order() const {
    std::vector<std::int64_t> out;
    std::int64_t appended = std::int64_t{1} << 62;
    for (const auto& unit : new_) {
      for (std::size_t i = 0; i < unit.facts.size(); ++i) {
        if (is_document(*unit.facts[i])) continue;
        out.push_back(unit.matched && !unit.corrects ? old_[unit.partner].facts[i]->id.number : appended++);
      }
    }
    return out;
  }

 private:
  template <class Same>
  void match(Same&& alike, bool corrects) {
    for (auto& fresh : new_) {
      if (fresh.matched) continue;
      for (std::size_t i = 0; i < old_.size(); ++i) {
        if (old_[i].matched || !alike(fresh, old_[i])) continue;
        old_[i].matched = true;
        fresh.matched = true;
        fresh.partner = i;
        fresh.corrects = corrects;
        break;
      }
    }
  }

  void append(const Unit& unit) {
    const FactId first{-static_cast<std::int64_t>(out_.size()) - 1};
    for (std::size_t i = 0; i < unit.facts.size(); ++i) {
      Fact& fact = out_.emplace_back(*unit.facts[i]);
      fact.part_of = i == 0 ? FactId{} : first;
      if (unit.corrects && i < old_[unit.partner].facts.size()) fact.supersedes = old_[unit.partner].facts[i]->id;
    }
    if (!unit.corrects) return;
    const auto& replaced = old_[unit.partner].facts;
    for (std::size_t i = unit.facts.size(); i < replaced.size(); ++i) retract(*replaced[i]);
  }

  void retract(const Fact& old) {
    Fact& fact = out_.emplace_back();
    fact.kind = old.kind;
    fact.code = old.code;
    fact.status = Status::retracted;
    fact.source = old.source;
    fact.supersedes = old.id;
  }

  const std::vector<Fact>& old_facts_;
  std::vector<Unit> old_, new_;
  std::vector<Fact> out_;
};

std::string order_text(const std::vector<std::int64_t>& ids) {
  std::vector<std::size_t> by_id(ids.size());
  std::iota(by_id.begin(), by_id.end(), std::size_t{0});
  std::sort(by_id.begin(), by_id.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  std::string out = "[";
  for (const auto place : by_id) out += (out.size() > 1 ? "," : "") + std::to_string(place);
  return out + "]";
}

/// The places, in the packet, of its facts by id; nothing when they are not a permutation of `count`.
std::optional<std::vector<std::size_t>> parse_order(std::string_view text, std::size_t count) {
  std::vector<std::size_t> out;
  std::vector<bool> seen(count, false);
  const char* at = text.data() + 1;
  const char* const end = text.data() + text.size();
  while (at < end && *at != ']') {
    std::size_t place = 0;
    const auto read = std::from_chars(at, end, place);
    if (read.ec != std::errc{} || place >= count || seen[place]) return std::nullopt;
    seen[place] = true;
    out.push_back(place);
    at = read.ptr;
    if (at < end && *at == ',') ++at;
  }
  if (out.size() != count) return std::nullopt;
  return out;
}

const Record* order_of(const Fact& document) {
  for (const auto& one : document.qualifiers) {
    if (one.role.id == concepts::order) return std::get_if<Record>(&one.value);
  }
  return nullptr;
}

}  // namespace

std::vector<Fact> changes(const std::vector<Fact>& before, const std::vector<Fact>& after) {
  const Fact* document = document_in(before);
  std::vector<Fact> old;
  for (const auto& fact : before) {
    if (document != nullptr && fact.source == document->source) old.push_back(fact);
  }
  const auto ids = Difference(old, after).ids_in_packet_order();
  std::vector<Fact> fresh = after;
  if (!std::is_sorted(ids.begin(), ids.end())) {
    for (auto& fact : fresh) {
      if (is_document(fact)) fact.qualifiers.push_back({{std::string(concepts::order), {}}, Record{order_text(ids)}});
    }
  }
  return Difference(old, fresh).run();
}

bool has_identity(const std::vector<Fact>& facts) {
  return std::any_of(facts.begin(), facts.end(), [](const Fact& fact) {
    if (fact.kind == Kind::person && fact.code.id == skerry::concepts::birth_year) return true;
    return is_document(fact) && std::any_of(fact.qualifiers.begin(), fact.qualifiers.end(),
                                            [](const Qualifier& one) { return one.role.id == concepts::in_vault; });
  });
}

std::vector<Fact> in_packet_order(std::vector<Fact> facts) {
  const auto found = std::find_if(facts.begin(), facts.end(), is_document);
  if (found == facts.end()) return facts;
  const auto* order = order_of(*found);
  const std::string text = order == nullptr ? std::string{} : order->json;
  erase_order(*found);
  const Source source = found->source;
  std::rotate(facts.begin(), found, found + 1);
  const auto others = std::stable_partition(facts.begin() + 1, facts.end(), [&](const Fact& fact) { return fact.source == source; });
  if (text.empty()) return facts;
  const auto count = static_cast<std::size_t>(others - facts.begin()) - 1;
  const auto places = parse_order(text, count);
  if (!places) return facts;  // corrected since: the order is no longer known
  std::vector<Fact> sorted(count);
  for (std::size_t i = 0; i < count; ++i) sorted[(*places)[i]] = std::move(facts[i + 1]);
  std::move(sorted.begin(), sorted.end(), facts.begin() + 1);
  return facts;
}

}  // namespace skerry::exchange

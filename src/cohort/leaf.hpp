// One leaf condition of a study against one fact and one person.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "cohort/select.hpp"
#include "fact/span.hpp"

namespace skerry::cohort {

/// What a fact says about a leaf. `other`: it is present with a value that was compared and is not the one asked for.
enum class Said : std::uint8_t { nothing, present, absent, other };

/// The leaves of one study, compiled. Remembers what each code means for each leaf.
class Leaves {
 public:
  explicit Leaves(const vocabulary::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  /// Keeps the pointer. `any_place`: an absence told with a body site counts although the leaf asks for none.
  std::size_t add(const Condition& leaf, bool any_place = false);
  [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }

  /// Calls `visit(leaf index, Said)` for every leaf the fact says something about.
  template <class Visit>
  void match(const Fact& fact, Visit&& visit) {
    for (const auto& hit : hits_of(fact.code.id)) {
      const auto said = said_of(fact, hit);
      if (said != Said::nothing) visit(hit.leaf, said);
    }
  }

 private:
  struct Hit {
    std::size_t leaf;
    bool below;  ///< the fact's code is the leaf's or below it: its presence is the leaf's
    bool above;  ///< the fact's code is the leaf's or above it: its absence is the leaf's
  };
  const std::vector<Hit>& hits_of(const std::string& code);
  [[nodiscard]] Said said_of(const Fact& fact, const Hit& hit) const;
  [[nodiscard]] bool same(std::string_view a, std::string_view b) const;
  [[nodiscard]] bool place_covers(const Condition& leaf, const Fact& fact) const;
  [[nodiscard]] Said compare(const Condition& leaf, const Value& value) const;

  const vocabulary::Vocabulary& vocabulary_;
  std::vector<const Condition*> leaves_;
  std::vector<bool> any_place_;
  std::unordered_map<std::string, std::vector<Hit>> cache_;
};

/// What one person's facts said about one leaf so far.
struct Evidence {
  std::vector<Span> present, absent;
  bool other = false;

  void clear();
  [[nodiscard]] Answer answer() const;
};

}  // namespace skerry::cohort

// Conditions on many people at once, in three-valued logic (Kleene 1952) with the reason where neither can be said.
#pragma once

#include "base/bitset.hpp"

namespace skerry::cohort {

/// Three disjoint sets; of everyone else the condition does not hold. Of `recorded` something is known that the condition asks about.
struct Truths {
  Bitset yes;
  Bitset contradictory;  ///< cannot be said: their facts contradict each other
  Bitset open;           ///< cannot be said: dates are missing or too imprecise
  Bitset recorded;

  Truths() = default;
  explicit Truths(std::size_t people, bool all = false) : yes(people, all), contradictory(people), open(people), recorded(people, all) {}

  /// Both hold.
  Truths& operator&=(const Truths& other) {
    Bitset possible = contradictory;
    possible |= open;
    possible |= yes;
    Bitset theirs = other.contradictory;
    theirs |= other.open;
    theirs |= other.yes;
    possible &= theirs;
    yes &= other.yes;
    contradictory |= other.contradictory;
    contradictory &= possible;
    open = std::move(possible);
    open -= yes;
    open -= contradictory;
    recorded |= other.recorded;
    return *this;
  }
  /// One of them holds.
  Truths& operator|=(const Truths& other) {
    yes |= other.yes;
    contradictory |= other.contradictory;
    contradictory -= yes;
    open |= other.open;
    open -= yes;
    open -= contradictory;
    recorded |= other.recorded;
    return *this;
  }
  /// It does not hold, of those in `everyone`.
  void negate(const Bitset& everyone) {
    Bitset no = everyone;
    no -= yes;
    no -= contradictory;
    no -= open;
    yes = std::move(no);
  }
};

}  // namespace skerry::cohort

// How small a number a registry may tell.
#pragma once

namespace skerry::disclosure {

inline constexpr int floor_default = 5;

class Policy {
 public:
  Policy() = default;
  /// A floor below the default is raised to it.
  explicit Policy(int floor) : floor_(floor < floor_default ? floor_default : floor) {}

  [[nodiscard]] int floor() const noexcept { return floor_; }
  /// Curves step by step and single people, for synthetic and textbook data in tests.
  [[nodiscard]] bool textbook() const noexcept { return textbook_; }

 private:
  // Declared here and defined by tests alone: no program can make a policy that opens single people.
  friend struct TextbookPolicy;
  int floor_ = floor_default;
  bool textbook_ = false;
};

}  // namespace skerry::disclosure

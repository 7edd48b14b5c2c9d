// A whole, small and faultless pack that tests break in one place.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace skerry::pack {

/// Files by path; written into a fresh folder that goes away with it.
class SmallPack {
 public:
  SmallPack();
  ~SmallPack();
  SmallPack(const SmallPack&) = delete;
  SmallPack& operator=(const SmallPack&) = delete;

  void put(const std::string& path, const std::string& text) const;
  /// Puts `by` where `what` stands, once; false when it does not stand there.
  [[nodiscard]] bool replace(const std::string& path, const std::string& what, const std::string& by) const;
  [[nodiscard]] std::string file(const std::string& path) const { return (folder / path).string(); }

  std::filesystem::path folder;
};

}  // namespace skerry::pack

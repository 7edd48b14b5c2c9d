// The only place where what is Sealed is opened, and where something becomes Released.
#pragma once

#include <utility>

#include "disclosure/released.hpp"
#include "evidence/sealed.hpp"

namespace skerry::disclosure {

/// For the .cpp files of this room alone.
class Opener {
  friend class Control;
  template <class T>
  static const T& open(const evidence::Sealed<T>& sealed) {
    return sealed.open(evidence::OpenKey{});
  }
  template <class T>
  static Released<T> release(T content) {
    return Released<T>(std::move(content));
  }
};

}  // namespace skerry::disclosure

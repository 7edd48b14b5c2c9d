// The second door, its lock: what statistics return. It cannot be printed, serialised, compared or logged; only disclosure/
// can open it.
#pragma once

#include <utility>

#include "base/patient_data.hpp"

namespace skerry::disclosure {
class Opener;
}

namespace skerry::evidence {

class Arithmetic;

/// Only disclosure::Opener can make one.
class OpenKey {
  OpenKey() = default;
  friend class skerry::disclosure::Opener;
};

template <class T>
class Sealed {
 public:
  explicit Sealed(T content) : content_(std::move(content)) {}
  [[nodiscard]] const T& open(OpenKey) const noexcept { return content_; }

 private:
  friend class Arithmetic;  // adds sealed sums, and seals what comes out (sum.cpp)
  T content_;
};

}  // namespace skerry::evidence

template <class T>
inline constexpr bool skerry::is_patient_data<skerry::evidence::Sealed<T>> = true;

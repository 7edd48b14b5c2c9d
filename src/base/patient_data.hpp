// A type that holds patient data says so here, and then refuses to compile into a log line.
#pragma once

#include <type_traits>

namespace skerry {

/// Specialise to true for every type that carries something about one person.
template <class T>
inline constexpr bool is_patient_data = false;

template <class T>
concept Loggable = !is_patient_data<std::remove_cvref_t<T>>;

}  // namespace skerry

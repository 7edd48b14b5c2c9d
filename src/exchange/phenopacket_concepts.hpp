// Skerry's own ids for what phenopackets have and no code system names. Stored: never rename one.
#pragma once

#include <string_view>

namespace skerry::exchange::concepts {

inline constexpr std::string_view packet = "skerry:phenopacket";     ///< Kind::document, value: Record of metaData
inline constexpr std::string_view packet_id = "skerry:packet-id";    ///< qualifier of it, Text
inline constexpr std::string_view subject_id = "skerry:subject-id";  ///< qualifier of it, Text; there when a subject is
inline constexpr std::string_view in_vault = "skerry:in-vault";      ///< qualifier of it, true: the vault has more of the subject
inline constexpr std::string_view order = "skerry:order";            ///< qualifier of it, Record: see phenopacket_update.hpp

inline constexpr std::string_view karyotypic_sex = "skerry:karyotypic-sex";
inline constexpr std::string_view gender = "skerry:gender";
inline constexpr std::string_view taxonomy = "skerry:taxonomy";
inline constexpr std::string_view biosample = "skerry:biosample";
inline constexpr std::string_view file = "skerry:file";

/// The code of a statement that names no concept, and of one whose concept has no id of its own.
inline constexpr std::string_view not_stated = "skerry:not-stated";
inline constexpr std::string_view not_coded = "skerry:not-coded";

/// Qualifier that tells which of a medical action's forms a treatment is; absent for a plain treatment.
inline constexpr std::string_view action = "skerry:action";
inline constexpr std::string_view radiation_therapy = "skerry:radiation-therapy";
inline constexpr std::string_view therapeutic_regimen = "skerry:therapeutic-regimen";
inline constexpr std::string_view no_action = "skerry:no-action";

}  // namespace skerry::exchange::concepts

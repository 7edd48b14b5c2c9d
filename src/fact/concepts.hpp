// Skerry's own concepts: those no public code system has, or whose code we have not read. Ids are stored: never rename one.
#pragma once

#include <string_view>

namespace skerry::concepts {

// Kind::person
inline constexpr std::string_view sex = "skerry:sex";  ///< value: Code female, male, other_sex or unknown_sex
inline constexpr std::string_view female = "skerry:female";
inline constexpr std::string_view male = "skerry:male";
inline constexpr std::string_view other_sex = "skerry:other-sex";
inline constexpr std::string_view unknown_sex = "skerry:unknown-sex";
inline constexpr std::string_view birth_year = "skerry:birth-year";          ///< value: integer; the exact date is in the vault
inline constexpr std::string_view last_encounter = "skerry:last-encounter";  ///< when: the time of it
inline constexpr std::string_view vital_status = "skerry:vital-status";      ///< value: Code; when: the time of death
inline constexpr std::string_view country = "skerry:country";                ///< value: Code "ISO3166:DE"

inline constexpr std::string_view enrolment = "skerry:enrolment";           ///< when: the day the person entered the registry
inline constexpr std::string_view contact = "skerry:contact-for-research";  ///< present: agreed to be contacted; absent: declined

// After an operation (part_of it): present with the date it was seen, or absent with the date of the last follow-up without.
inline constexpr std::string_view regrowth = "skerry:regrowth-after-excision";
inline constexpr std::string_view physical_therapy = "skerry:physical-therapy";  ///< Kind::treatment

// Qualifiers of an operation; value: Code.
inline constexpr std::string_view completeness = "skerry:excision-completeness";
inline constexpr std::string_view adjuvant = "skerry:adjuvant";

// After a treatment (part_of it): present with the date it was stopped and the reason as value, or absent with the last date it went on.
inline constexpr std::string_view treatment_stopped = "skerry:treatment-stopped";
inline constexpr std::string_view stopped_treatment = "skerry:stopped-treatment";              ///< qualifier of it: the treatment's code
inline constexpr std::string_view termination_reason = "skerry:treatment-termination-reason";  ///< qualifier of the treatment

// Kind::experience codes are "skerry:question/<question id>".
inline constexpr std::string_view question_prefix = "skerry:question/";

}  // namespace skerry::concepts

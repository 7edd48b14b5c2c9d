#include <array>

#include "consent/view.hpp"

namespace skerry::consent {
namespace {

struct PurposeName {
  Purpose purpose;
  std::string_view name;
};
constexpr std::array purpose_names = {
    PurposeName{Purpose::own_care, "own_care"},
    PurposeName{Purpose::registry_research, "registry_research"},
    PurposeName{Purpose::federated_studies, "federated_studies"},
    PurposeName{Purpose::public_figures, "public_figures"},
    PurposeName{Purpose::recontact, "recontact"},
    PurposeName{Purpose::story_publication, "story_publication"},
};

}  // namespace

Result<Purpose> parse_purpose(std::string_view name) {
  for (const auto& entry : purpose_names) {
    if (entry.name == name) return entry.purpose;
  }
  return fail(ErrorCode::unknown_value,
              "a purpose is one of own_care, registry_research, federated_studies, public_figures, recontact, "
              "story_publication");
}

std::string_view name_of(Purpose purpose) noexcept {
  for (const auto& entry : purpose_names) {
    if (entry.purpose == purpose) return entry.name;
  }
  return "unknown";
}

std::string_view name_of(Role role) noexcept {
  switch (role) {
    case Role::participant: return "participant";
    case Role::proxy: return "proxy";
    case Role::clinician: return "clinician";
    case Role::reviewer: return "reviewer";
    case Role::curator: return "curator";
    case Role::steward: return "steward";
    case Role::researcher: return "researcher";
    case Role::operator_: return "operator";
    case Role::system: return "system";
  }
  return "unknown";
}

}  // namespace skerry::consent

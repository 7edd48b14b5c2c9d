// One decision about one purpose, as it is stored. What follows from it is consent/'s business.
#pragma once

#include <cstdint>
#include <string>

#include "base/date.hpp"
#include "base/id.hpp"

namespace skerry {

/// What a record may be used for; each is decided by itself. The numbers are stored: never reuse one.
enum class Purpose : std::uint8_t {
  own_care = 1,
  registry_research = 2,
  federated_studies = 3,
  public_figures = 4,
  recontact = 5,
  story_publication = 6,
};

enum class Decision : std::uint8_t { granted = 1, withdrawn = 2 };

/// Why the decision stands: the participant's own consent, a guardian's for them, or a case already published.
enum class Basis : std::uint8_t { consent = 1, guardian_consent = 2, published = 3 };

struct ConsentRecord {
  ParticipantId participant;  ///< set by the ledger from the batch
  Purpose purpose = Purpose::own_care;
  Decision decision = Decision::granted;
  Basis basis = Basis::consent;
  std::string text_version;  ///< of the text agreed to ("poh-consent-1.0/en"); for published cases the publication's id
  std::string given_by;      ///< "participant", or the guardian's relation ("mother"); for published cases "publication"
  Instant decided_at;
  Instant recorded_at;  ///< set by the ledger
  bool operator==(const ConsentRecord&) const = default;
};

}  // namespace skerry

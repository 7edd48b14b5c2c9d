#include "consent/standing.hpp"

#include <algorithm>
#include <map>

namespace skerry::consent {
namespace {

int rank_of(Basis basis) noexcept {
  switch (basis) {
    case Basis::consent: return 3;
    case Basis::guardian_consent: return 2;
    case Basis::published: return 1;
  }
  return 0;
}

/// A participant's decisions on one purpose, taken in one after the other.
struct Course {
  bool granted = false;
  int rank_max = 0;  ///< of all who have decided so far
  Basis basis = Basis::published;

  [[nodiscard]] bool counts(const ConsentRecord& record) const noexcept {
    return record.decision != Decision::granted || granted || rank_of(record.basis) >= rank_max;
  }

  void take(const ConsentRecord& record) noexcept {
    const int rank = rank_of(record.basis);
    if (record.decision != Decision::granted) {
      granted = false;
      // Withdrawing is always a person's act: a publication does not outweigh it.
      rank_max = std::max({rank_max, rank, rank_of(Basis::guardian_consent)});
      return;
    }
    if (!counts(record)) return;
    if (!granted || rank > rank_of(basis)) basis = record.basis;
    granted = true;
    rank_max = std::max(rank_max, rank);
  }
};

}  // namespace

std::vector<Standing> standings(std::span<const ConsentRecord> records, Purpose purpose) {
  std::map<ParticipantId, Course> courses;
  for (const auto& record : records) {
    if (record.purpose == purpose) courses[record.participant].take(record);
  }
  std::vector<Standing> standing;
  for (const auto& [participant, course] : courses) {
    if (course.granted) standing.push_back({participant, course.basis});
  }
  return standing;
}

bool counts_after(std::span<const ConsentRecord> records, const ConsentRecord& next) {
  Course course;
  for (const auto& record : records) {
    if (record.purpose == next.purpose && record.participant == next.participant) course.take(record);
  }
  return course.counts(next);
}

}  // namespace skerry::consent

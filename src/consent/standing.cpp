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

constexpr std::uint8_t granted_bit = 1;

std::uint8_t byte_of(const Course& course) noexcept {
  return static_cast<std::uint8_t>((course.granted ? granted_bit : 0) | course.rank_max << 1 | static_cast<int>(course.basis) << 3);
}

Course course_of(std::uint8_t byte) noexcept {
  Course out;
  if (byte == 0) return out;  // nobody has decided
  out.granted = (byte & granted_bit) != 0;
  out.rank_max = byte >> 1 & 3;
  out.basis = static_cast<Basis>(byte >> 3);
  return out;
}

template <class Test>
Bitset those(const std::vector<std::uint8_t>& courses, Test test) {
  Bitset out(courses.size());
  auto* words = out.words().data();
  const auto* bytes = courses.data();
  for (std::size_t i = 0; i < courses.size(); ++i) words[i / 64] |= std::uint64_t{test(bytes[i])} << (i % 64);
  return out;
}

}  // namespace

void Decisions::take(const ConsentRecord& record) {
  const auto number = static_cast<std::size_t>(record.participant.number);
  if (courses_.front().size() <= number) {
    const auto size = std::max(number + 1, courses_.front().size() + courses_.front().size() / 2);
    for (auto& courses : courses_) courses.resize(size);
  }
  auto& byte = courses_.at(static_cast<std::size_t>(record.purpose) - 1)[number];
  auto course = course_of(byte);
  course.take(record);
  byte = byte_of(course);
}

Bitset Decisions::granted(Purpose purpose) const {
  return those(of(purpose), [](std::uint8_t byte) { return (byte & granted_bit) != 0; });
}

Bitset Decisions::published(Purpose purpose) const {
  constexpr auto basis = static_cast<int>(Basis::published);
  return those(of(purpose), [](std::uint8_t byte) { return (byte & granted_bit) != 0 && byte >> 3 == basis; });
}

std::string Decisions::bytes() const {
  std::size_t size = 0;  // as far as anyone has decided
  for (const auto& courses : courses_) {
    for (auto at = courses.size(); at > size; --at) {
      if (courses[at - 1] != 0) size = at;
    }
  }
  std::string out;
  for (const auto& courses : courses_) out.append(courses.begin(), courses.begin() + static_cast<std::ptrdiff_t>(size));
  return out;
}

bool Decisions::set_bytes(std::string_view bytes) {
  if (bytes.size() % purposes != 0) return false;
  const auto share = bytes.size() / purposes;
  for (std::size_t i = 0; i < purposes; ++i)
    courses_[i].assign(bytes.begin() + static_cast<std::ptrdiff_t>(i * share),
                       bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * share));
  return true;
}

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

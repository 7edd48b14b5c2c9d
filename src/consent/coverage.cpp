#include "consent/coverage.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "ledger/directory.hpp"

namespace skerry::consent {
namespace {

constexpr std::string_view magic = "skrycons";
constexpr std::int64_t worth_saving = 20'000;  // decisions; fewer are read in a moment
constexpr std::size_t past_max = 8;

/// docs/index-format.md, "consents".
struct FileHead {
  std::array<char, 8> magic{};
  std::uint64_t version = 1;
  std::int64_t sequence = 0, last = 0;
  std::array<std::uint8_t, 32> chain{};
  std::array<std::uint8_t, 32> digest{};  ///< of the bytes that follow
};
static_assert(sizeof(FileHead) == 96);

Digest digest_of_words(const Bitset& set) {
  const auto words = set.words();
  auto count = words.size();
  while (count > 0 && words[count - 1] == 0) --count;
  return digest_of({static_cast<const char*>(static_cast<const void*>(words.data())), count * sizeof(std::uint64_t)});
}

Bitset of_size(const Bitset& set, std::size_t size) {
  Bitset out(size);
  const auto from = set.words();
  std::copy_n(from.begin(), std::min(from.size(), out.words().size()), out.words().begin());
  out.trim();
  return out;
}

std::vector<ParticipantId> list_of(const Bitset& set, std::size_t count) {
  std::vector<ParticipantId> out;
  out.reserve(count);
  set.for_each([&out](std::size_t number) { out.push_back(ParticipantId{static_cast<std::int64_t>(number)}); });
  return out;
}

std::optional<std::string> whole_file(const std::filesystem::path& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code) return std::nullopt;
  const auto file = ledger::File::open(path, O_RDONLY);
  if (!file) return std::nullopt;
  std::string out(size, '\0');
  const auto got = file->read_at(0, out.data(), out.size());
  if (!got || *got != size) return std::nullopt;
  return out;
}

}  // namespace

People::People(Bitset people, Bitset published)
    : people_(std::move(people)),
      published_(std::move(published)),
      count_(people_.count()),
      published_count_(published_.count()),
      digest_(digest_of_words(people_)) {}

const std::vector<ParticipantId>& People::list() const {
  std::call_once(listed_, [this] { list_ = list_of(people_, count_); });
  return list_;
}

std::vector<ParticipantId> People::published_list() const { return list_of(published_, published_count_); }

void Coverage::load() {
  loaded_ = true;
  const auto bytes = whole_file(file());
  if (!bytes || bytes->size() < sizeof(FileHead)) return;
  FileHead head;
  std::memcpy(&head, bytes->data(), sizeof head);
  const auto content = std::string_view(*bytes).substr(sizeof head);
  const auto then = ledger_.head_at(head.sequence);
  Standing found;
  if (std::string_view(head.magic.data(), head.magic.size()) != magic || head.version != 1 || digest_of(content).bytes != head.digest ||
      !then || then->chain.bytes != head.chain || !found.decisions.set_bytes(content)) {
    log::warning("index/consents is damaged or of another ledger; every decision is read again");
    return;
  }
  found.last = head.last;
  standing_ = std::move(found);
}

void Coverage::save(const ledger::Head& now) const {
  const auto content = standing_.decisions.bytes();
  FileHead head;
  std::ranges::copy(magic, head.magic.begin());
  head.sequence = now.sequence;
  head.last = standing_.last;
  head.chain = now.chain.bytes;
  head.digest = digest_of(content).bytes;
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += content;
  std::error_code code;
  if (std::filesystem::create_directory(file().parent_path(), code)) {
    std::filesystem::permissions(file().parent_path(), std::filesystem::perms::owner_all, code);
  }
  if (const auto done = ledger::write_file(file(), bytes); !done)
    log::warning("index/consents could not be written: {}", done.error().text());
}

Result<void> Coverage::follow(const ledger::Head& now) {
  if (!loaded_) load();
  std::int64_t taken = 0;
  const auto last = ledger_.decisions(now, standing_.last, [&](const ConsentRecord& record) {
    standing_.decisions.take(record);
    now_.at(static_cast<std::size_t>(record.purpose) - 1) = nullptr;
    ++taken;
  });
  if (!last) {
    // Some may have been taken in: begin again the next time.
    standing_ = {};
    now_ = {};
    return fail(last.error());
  }
  standing_.last = *last;
  if (taken >= worth_saving) save(now);
  return {};
}

const std::shared_ptr<const People>& Coverage::now(Purpose purpose) {
  auto& people = now_.at(static_cast<std::size_t>(purpose) - 1);
  if (!people) people = std::make_shared<const People>(standing_.decisions.granted(purpose), standing_.decisions.published(purpose));
  return people;
}

/// Those who stand now and stood then as well; with the basis of now.
Result<std::shared_ptr<const People>> Coverage::then(Purpose purpose, const ledger::Head& head) {
  const auto known = std::ranges::find_if(
      past_, [&](const Past& past) { return past.purpose == purpose && past.sequence == head.sequence && past.last == standing_.last; });
  if (known != past_.end()) return known->people;
  Decisions decisions;
  if (const auto read = ledger_.decisions(head, 0, [&](const ConsentRecord& record) { decisions.take(record); }); !read)
    return fail(read.error());
  auto people = now(purpose)->numbers();
  people &= of_size(decisions.granted(purpose), people.size());
  auto published = of_size(standing_.decisions.published(purpose), people.size());
  published &= people;
  past_.push_front({purpose, head.sequence, standing_.last, std::make_shared<const People>(std::move(people), std::move(published))});
  if (past_.size() > past_max) past_.pop_back();
  return past_.front().people;
}

Result<Coverage::Found> Coverage::at(Purpose purpose, std::optional<std::int64_t> sequence) {
  const std::lock_guard lock(mutex_);
  const auto head = ledger_.head();
  if (!head) return fail(head.error());
  if (auto done = follow(*head); !done) return fail(done.error());
  if (!sequence || *sequence == head->sequence) return Found{*head, now(purpose)};
  const auto past = ledger_.head_at(*sequence);
  if (!past) return fail(past.error());
  const auto people = then(purpose, *past);
  if (!people) return fail(people.error());
  return Found{*past, *people};
}

}  // namespace skerry::consent

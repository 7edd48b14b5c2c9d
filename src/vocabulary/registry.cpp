#include "vocabulary/registry.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/digest.hpp"
#include "vocabulary/inflate.hpp"

namespace skerry::vocabulary {

namespace {

constexpr std::string_view magic = "skerry-terms 1\n";
constexpr std::string_view magic_of_any_version = "skerry-terms ";
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t stored_max = 1u << 30;

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>((number & 0x7F) | 0x80);
  out += static_cast<char>(number);
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}
void put(std::string& out, const std::vector<std::string>& texts) {
  put(out, texts.size());
  for (const auto& text : texts) put(out, text);
}

/// Takes values off the front; after a fault everything it gives is empty and whole() is false.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t out = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return out;
    }
    return stop();
  }
  std::string text() {
    const auto length = number();
    if (length > rest_.size()) return stop(), std::string{};
    std::string out(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return out;
  }
  /// A count of things that take at least one byte each.
  std::size_t count() {
    const auto number_told = number();
    return number_told <= rest_.size() ? number_told : stop();
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out(count());
    for (auto& entry : out) entry = text();
    return out;
  }
  [[nodiscard]] bool whole() const noexcept { return !failed_ && rest_.empty(); }

 private:
  std::uint64_t stop() {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::string payload_of(const Vocabulary& vocabulary) {
  std::string out;
  put(out, vocabulary.versions());
  put(out, vocabulary.size());
  for (const auto& term : vocabulary.terms()) {
    put(out, term.id);
    put(out, term.label);
    put(out, term.synonyms);
    put(out, term.parents);
    put(out, term.alternative_ids);
    put(out, static_cast<std::uint64_t>(term.obsolete ? 1 : 0));
    put(out, term.replaced_by);
  }
  return out;
}

Error storage_error(int number, const std::filesystem::path& file) {
  const Place place{file.string(), 0, 0, {}};
  if (number == ENOSPC || number == EDQUOT) return {ErrorCode::storage_full, "the disk is full; nothing was stored", place};
  if (number == EROFS || number == EACCES || number == EPERM)
    return {ErrorCode::storage_read_only, "the folder cannot be written to; nothing was stored", place};
  return {ErrorCode::storage_failed, std::generic_category().message(number) + "; nothing was stored", place};
}

/// A file descriptor that closes itself.
struct Descriptor {
  int number;
  explicit Descriptor(int of) : number(of) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

bool write_and_sync(const std::filesystem::path& file, std::string_view bytes) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (out.number < 0) return false;
  while (!bytes.empty()) {
    const auto written = ::write(out.number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(out.number) == 0;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return in.number >= 0 && ::fsync(in.number) == 0;
}

/// The whole file or none of it: written beside, flushed, moved into place, the folder flushed.
Result<void> store(const std::filesystem::path& file, std::string_view bytes) {
  const std::filesystem::path beside = file.string() + ".new";
  if (!write_and_sync(beside, bytes) || ::rename(beside.c_str(), file.c_str()) != 0 || !sync_folder(file.parent_path())) {
    const int number = errno;
    ::unlink(beside.c_str());
    return fail(storage_error(number, file));
  }
  return {};
}

/// "hp" of "hp 2024-08-13", only with letters a file name may have.
std::string file_name_of(const Vocabulary& vocabulary) {
  std::string name = vocabulary.versions().empty() ? "ontology" : vocabulary.versions().front();
  name = name.substr(0, name.find(' '));
  for (auto& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '-';
  }
  return name.substr(0, 60) + ".terms";
}

}  // namespace

std::string encode_terms(const Vocabulary& vocabulary) {
  const std::string payload = payload_of(vocabulary);
  const Digest digest = digest_of(payload);
  std::string out(magic);
  for (const auto byte : digest.bytes) out += static_cast<char>(byte);
  return out + payload;
}

Result<Vocabulary> decode_terms(std::string_view bytes) {
  if (!bytes.starts_with(magic)) {
    const bool other = bytes.starts_with(magic_of_any_version);
    return other ? fail(ErrorCode::wrong_version, "these terms were written by a newer Skerry")
                 : fail(ErrorCode::malformed, "this is no file of terms");
  }
  bytes.remove_prefix(magic.size());
  if (bytes.size() < digest_bytes) return fail(ErrorCode::malformed, "the file of terms is cut off");
  const auto payload = bytes.substr(digest_bytes);
  const Digest digest = digest_of(payload);
  const bool holds = std::equal(digest.bytes.begin(), digest.bytes.end(), bytes.begin(),
                                [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
  if (!holds) return fail(ErrorCode::verification_failed, "the file of terms is damaged; add the vocabulary again");
  Taker taker(payload);
  std::vector<std::string> versions = taker.texts();
  std::vector<Term> terms;
  const auto count = taker.count();
  for (std::size_t i = 0; i < count && !(i != 0 && taker.whole()); ++i) {
    Term term;
    term.id = taker.text();
    term.label = taker.text();
    term.synonyms = taker.texts();
    term.parents = taker.texts();
    term.alternative_ids = taker.texts();
    term.obsolete = taker.number() != 0;
    term.replaced_by = taker.text();
    terms.push_back(std::move(term));
  }
  if (!taker.whole() || terms.size() != count) return fail(ErrorCode::malformed, "the file of terms is not whole");
  return Vocabulary::from_terms(std::move(terms), std::move(versions));
}

Result<Added> add_to_registry(const std::filesystem::path& data_dir, const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_directory(data_dir, error)) {
    return fail(ErrorCode::not_a_registry, "there is no such folder", Place{data_dir.string(), 0, 0, {}});
  }
  const auto read = read_obograph(file);
  if (!read) return fail(read.error());
  const auto folder = data_dir / "vocabulary";
  std::filesystem::create_directory(folder, error);
  if (error) return fail(storage_error(error.value(), folder));
  if (!sync_folder(data_dir)) return fail(storage_error(errno, data_dir));

  const auto target = folder / file_name_of(*read);
  const std::string bytes = encode_terms(*read);
  Added added{read->versions().empty() ? std::string{} : read->versions().front(), read->size(), false};
  const auto before = read_maybe_gzip(target, stored_max);
  added.already_there = before && *before == bytes;
  if (added.already_there) return added;
  if (auto stored = store(target, bytes); !stored) return fail(std::move(stored.error()));
  return added;
}

Result<Vocabulary> load_registry(const std::filesystem::path& data_dir, const Vocabulary& of_pack) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(data_dir / "vocabulary", error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".terms") files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  Vocabulary all = of_pack;
  for (const auto& file : files) {
    const Place place{file.string(), 0, 0, {}};
    const auto bytes = read_maybe_gzip(file, stored_max);
    if (!bytes) return fail(bytes.error());
    const auto terms = decode_terms(*bytes);
    if (!terms) return fail(terms.error().code, terms.error().message, place);
    auto merged = all.merged(*terms);
    if (!merged) return fail(merged.error().code, merged.error().message, place);
    all = std::move(*merged);
  }
  return all;
}

}  // namespace skerry::vocabulary

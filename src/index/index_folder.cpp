#include "index/index_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>
#include <utility>

#include "ledger/directory.hpp"

namespace skerry::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view current_file = "current";
constexpr std::size_t current_bytes_max = 1 << 20;

/// A file's bytes, unmapped with the last that uses them.
class Mapping {
 public:
  Mapping(void* at, std::size_t size) : at_(at), size_(size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(at_, size_); }

 private:
  void* at_;
  std::size_t size_;
};

tl::unexpected<Error> unreadable(std::string_view what) {
  return fail(ErrorCode::storage_failed, fmt::format("the index's list of files {}", what), Place{std::string(current_file), 0, 0, {}});
}

/// Words and numbers of one line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : left_(line) {}
  std::string_view next() {
    const auto end = std::min(left_.find(' '), left_.size());
    const auto word = left_.substr(0, end);
    left_.remove_prefix(std::min(end + 1, left_.size()));
    return word;
  }
  template <class Number>
  Number number(int base = 10) {
    Number out{};
    const auto word = next();
    std::from_chars(word.data(), word.data() + word.size(), out, base);
    return out;
  }

 private:
  std::string_view left_;
};

}  // namespace

std::string text_of(const CurrentList& list) {
  auto text = fmt::format("skerry index {}\nsequence {} facts {} participants {} chain {}\n", 1, list.stamp.sequence, list.stamp.facts,
                          list.participants, to_hex(list.stamp.chain));
  for (const auto& segment : list.segments)
    text += fmt::format("segment {} {} {:016x}\n", segment.name, segment.bytes, segment.header_check);
  return text + fmt::format("end {:016x}\n", XXH3_64bits(text.data(), text.size()));
}

Result<CurrentList> parse_current(std::string_view text) {
  CurrentList out;
  std::size_t at = 0;
  for (std::size_t line = 0; at < text.size(); ++line) {
    const auto end = std::min(text.find('\n', at), text.size());
    Words words(text.substr(at, end - at));
    at = end + 1;
    const auto first = words.next();
    if (line == 1) {
      out.stamp.sequence = words.number<std::int64_t>();
      words.next();
      out.stamp.facts = words.number<std::int64_t>();
      words.next();
      out.participants = words.number<std::int64_t>();
      words.next();
      if (const auto chain = parse_digest(words.next())) out.stamp.chain = *chain;
    } else if (line > 1 && first == "segment") {
      CurrentList::Entry entry;
      entry.name = words.next();
      entry.bytes = words.number<std::uint64_t>();
      entry.header_check = words.number<std::uint64_t>(16);
      if (entry.name.empty() || entry.name.find('/') != std::string::npos) return unreadable("names a file elsewhere");
      out.segments.push_back(std::move(entry));
    }
  }
  // What was understood has to be all there is, checksum and all.
  if (text_of(out) != text) return unreadable("is damaged");
  return out;
}

Result<CurrentList> IndexFolder::read_current() const {
  std::error_code code;
  if (!fs::exists(path_ / current_file, code)) return fail(ErrorCode::not_found, "there is no index yet");
  const auto file = ledger::File::open(path_ / current_file, O_RDONLY);
  if (!file) return fail(file.error());
  std::string text(current_bytes_max, '\0');
  const auto size = file->read_at(0, text.data(), text.size());
  if (!size) return fail(size.error());
  return parse_current(std::string_view(text).substr(0, *size));
}

Result<SegmentBytes> IndexFolder::map(const std::string& name) const {
  const auto file = ledger::File::open(path_ / name, O_RDONLY);
  if (!file) return fail(file.error());
  struct stat status{};
  if (::fstat(file->descriptor(), &status) != 0) return fail(ledger::system_error(errno, name));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return SegmentBytes{};
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file->descriptor(), 0);
  if (at == MAP_FAILED) return fail(ledger::system_error(errno, name));
  return SegmentBytes{std::make_shared<Mapping>(at, size), {static_cast<const std::uint8_t*>(at), size}};
}

Result<void> IndexFolder::write(const std::string& name, std::string_view bytes) const {
  std::error_code code;
  if (fs::create_directory(path_, code)) fs::permissions(path_, fs::perms::owner_all, code);
  if (code) return fail(ledger::system_error(code.value(), "index"));
  return ledger::write_file(path_ / name, bytes);
}

Result<void> IndexFolder::write_current(const CurrentList& list) const { return write(std::string(current_file), text_of(list)); }

void IndexFolder::remove_others(const CurrentList& list) const {
  std::error_code code;
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(path_, code)) {
    const auto name = entry.path().filename().string();
    // Not `consents` and what becomes of it: another room writes that.
    const bool ours = name.ends_with(".segment") || name.ends_with(".segment.new") || name == "current.new";
    if (ours && std::ranges::find(list.segments, name, &CurrentList::Entry::name) == list.segments.end()) others.push_back(entry.path());
  }
  for (const auto& other : others) fs::remove(other, code);
}

}  // namespace skerry::index

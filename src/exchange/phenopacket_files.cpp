#include "exchange/phenopacket_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace skerry::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_bytes_max = std::size_t{4} << 20;

Place in_file(const std::string& shown) { return {shown, 0, 0, ""}; }

bool packet_name(const std::string& name) { return name.ends_with(".json") || name.ends_with(".json.gz"); }

Error cannot_read(const std::string& shown, const std::error_code& error) {
  const auto code = error == std::errc::no_such_file_or_directory ? ErrorCode::not_found : ErrorCode::storage_failed;
  return {code, "cannot be read: " + error.message(), in_file(shown)};
}

/// Walks one folder. Links to folders are told of and left, so that no loop of links is walked.
class Walk {
 public:
  Walk(PacketFiles& out, Warnings& warnings, fs::path root) : out_(out), warnings_(warnings), root_(std::move(root)) {}

  void run() {
    const auto before = out_.files.size();
    const auto unreadable = out_.unreadable.size();
    folder(root_);
    std::sort(out_.files.begin() + static_cast<std::ptrdiff_t>(before), out_.files.end(),
              [](const PacketFile& a, const PacketFile& b) { return a.name < b.name; });
    if (out_.files.size() == before && out_.unreadable.size() == unreadable) {
      add(warnings_, {WarningKind::nothing_found, in_file(root_.string()), {}});
    }
  }

 private:
  void folder(const fs::path& path) {
    std::vector<fs::path> pending{path};
    while (!pending.empty()) {
      const fs::path next = std::move(pending.back());
      pending.pop_back();
      std::error_code error;
      for (fs::directory_iterator entry(next, error), end; !error && entry != end; entry.increment(error)) look(*entry, pending);
      if (error) out_.unreadable.push_back(cannot_read(next.string(), error));
    }
  }

  void look(const fs::directory_entry& entry, std::vector<fs::path>& pending) {
    std::error_code error;
    // What the folder says of the entry's type needs no call of the system an entry.
    const bool link = entry.is_symlink(error);
    if (!error && entry.is_directory(error)) {
      if (!link) {
        pending.push_back(entry.path());
      } else {
        add(warnings_, {WarningKind::link_not_followed, in_file(entry.path().string()), {}});
      }
      return;
    }
    if (!packet_name(entry.path().filename().string())) return;
    const auto& path = entry.path().native();  // begins as the root does, whatever that looks like
    const auto name = std::string_view(path).substr(root_.native().size());
    PacketFile file{entry.path(), path, std::string(name.substr(std::min(name.find_first_not_of('/'), name.size()))), 0};
    const auto size = entry.file_size(error);
    if (!error) file.bytes = size;  // what a pipe or a broken link is, reading it will tell
    out_.bytes += file.bytes;
    out_.files.push_back(std::move(file));
  }

  PacketFiles& out_;
  Warnings& warnings_;
  fs::path root_;
};

/// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(const char* path) : number_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

PacketFiles list_packets(const std::vector<fs::path>& paths, Warnings& warnings) {
  PacketFiles out;
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (error || !fs::exists(status)) {
      out.unreadable.push_back(cannot_read(path.string(), error ? error : std::make_error_code(std::errc::no_such_file_or_directory)));
    } else if (fs::is_directory(status)) {
      Walk(out, warnings, path).run();
    } else {
      PacketFile file{path, path.string(), path.filename().string(), 0};
      const auto size = fs::file_size(path, error);
      if (!error) file.bytes = size;
      out.bytes += file.bytes;
      out.files.push_back(std::move(file));
    }
  }
  return out;
}

FileReader::FileReader(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}
FileReader::~FileReader() = default;

/// Grows only: the bytes beyond what is read are never looked at, so they need not be cleared for every file.
void FileReader::grow(std::string& buffer, std::size_t bytes) {
  if (buffer.size() < bytes) buffer.resize(std::max(bytes, buffer.size() * 2));
}

Result<std::string_view> FileReader::read(const PacketFile& file) {
  if (raw_.size() > kept_bytes_max) raw_ = {};
  if (unpacked_.size() > kept_bytes_max) unpacked_ = {};
  const auto failed = [&] { return fail(cannot_read(file.shown, {errno, std::system_category()})); };
  const Descriptor descriptor(file.path.c_str());
  if (descriptor.number() < 0) return failed();
  struct ::stat status{};
  if (::fstat(descriptor.number(), &status) != 0) return failed();
  if (S_ISDIR(status.st_mode)) return fail(ErrorCode::wrong_type, "is a folder; expected a file", in_file(file.shown));
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::wrong_type, "is a pipe or a device; expected a file", in_file(file.shown));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > bytes_max_) {
    return fail(ErrorCode::too_large, fmt::format("is larger than {} MiB, the most a packet may have", bytes_max_ >> 20),
                in_file(file.shown));
  }
  const auto filled = fill(descriptor.number(), file, size);
  if (!filled) return fail(filled.error());
  const bool gzip = *filled >= 2 && raw_[0] == '\x1f' && raw_[1] == '\x8b';
  if (gzip) return unpack(*filled, file);
  return std::string_view(raw_).substr(0, *filled);
}

Result<std::size_t> FileReader::fill(int descriptor, const PacketFile& file, std::uint64_t size) {
  grow(raw_, static_cast<std::size_t>(size) + 1 + padding);
  std::size_t filled = 0;
  while (true) {
    grow(raw_, filled + 1 + padding);
    const auto room = raw_.size() - padding - filled;
    const auto got = ::read(descriptor, raw_.data() + filled, room);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(cannot_read(file.shown, {errno, std::system_category()}));
    if (got == 0) return filled;
    filled += static_cast<std::size_t>(got);
    // All that there was, and there was room for more: the end, without asking again.
    if (filled == size && static_cast<std::size_t>(got) < room) return filled;
    if (filled > bytes_max_) return fail(ErrorCode::too_large, "grew beyond what a packet may have while it was read", in_file(file.shown));
  }
}

Result<std::string_view> FileReader::unpack(std::size_t packed, const PacketFile& file) {
  const auto broken = [&] { return fail(ErrorCode::malformed, "is a damaged or cut-off gzip file", in_file(file.shown)); };
  z_stream stream{};
  if (::inflateInit2(&stream, 15 + 16) != Z_OK) return fail(ErrorCode::internal, "no memory to unpack", in_file(file.shown));
  struct End {
    z_stream& stream;
    ~End() { ::inflateEnd(&stream); }
  } const end{stream};
  const auto bytes = [](std::string& text) { return static_cast<Bytef*>(static_cast<void*>(text.data())); };
  stream.next_in = bytes(raw_);
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed, std::numeric_limits<uInt>::max()));
  std::size_t filled = 0;
  while (true) {
    grow(unpacked_, filled + (std::size_t{64} << 10) + padding);
    const auto room = std::min<std::size_t>(unpacked_.size() - padding - filled, std::size_t{1} << 30);
    stream.next_out = bytes(unpacked_) + filled;
    stream.avail_out = static_cast<uInt>(room);
    const int state = ::inflate(&stream, Z_NO_FLUSH);
    filled += room - stream.avail_out;
    if (filled > bytes_max_) {
      return fail(ErrorCode::too_large, fmt::format("unpacks to more than {} MiB, the most a packet may have", bytes_max_ >> 20),
                  in_file(file.shown));
    }
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) return std::string_view(unpacked_).substr(0, filled);
      if (::inflateReset(&stream) != Z_OK) return broken();  // another member follows
    } else if (state != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) {
      return broken();
    }
  }
}

}  // namespace skerry::exchange

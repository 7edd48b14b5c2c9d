#include "answers/record_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace skerry::answers {
namespace {

constexpr std::size_t record_bytes_max = 1 << 20;

tl::unexpected<Error> storage_error(int number, const std::filesystem::path& file) {
  const auto reason = std::error_code(number, std::generic_category()).message();
  ErrorCode code = ErrorCode::storage_failed;
  if (number == ENOSPC || number == EDQUOT) code = ErrorCode::storage_full;
  if (number == EROFS || number == EACCES || number == EPERM) code = ErrorCode::storage_read_only;
  if (number == EEXIST) code = ErrorCode::already_exists;
  return fail(code, "the file was not written: " + reason, Place{file.string(), 0, 0, {}});
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

/// 0 or an errno.
int write_and_sync(const Descriptor& descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor.number()) == 0 ? 0 : errno;
}

/// 0 or an errno. The name itself is durable only once its folder is.
int sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) return errno;
  return ::fsync(descriptor.number()) == 0 ? 0 : errno;
}

std::filesystem::path temporary_beside(const std::filesystem::path& file) {
  std::array<std::uint8_t, 8> random{};
  randombytes_buf(random.data(), random.size());
  return file.parent_path() / ("." + file.filename().string() + "." + hex(random) + ".tmp");
}

}  // namespace

RecordReader::RecordReader(const pack::Node& node, std::string file, std::initializer_list<std::string_view> known)
    : node_(node), file_(std::move(file)) {
  if (node.kind != pack::NodeKind::object) {
    failed_ = true;
    error_ = {ErrorCode::wrong_type, "expected an object", node.place(file_)};
  }
  for (const auto& [key, value] : node.members) {
    if (std::find(known.begin(), known.end(), key) == known.end() && !failed_) {
      failed_ = true;
      error_ = {ErrorCode::unknown_parameter, "this member is not known here", value.place(file_)};
    }
  }
}

void RecordReader::wrong(std::string_view key, ErrorCode code, std::string message) {
  if (failed_) return;
  failed_ = true;
  const auto* node = node_.find(key);
  error_ = {code, std::move(message), node == nullptr ? node_.place(file_) : node->place(file_)};
}

const pack::Node* RecordReader::member(std::string_view key, pack::NodeKind kind, std::string_view expected) {
  if (failed_) return nullptr;
  const auto* node = node_.find(key);
  if (node == nullptr) {
    wrong(key, ErrorCode::missing_field, "\"" + std::string(key) + "\" is missing");
  } else if (node->kind != kind) {
    wrong(key, ErrorCode::wrong_type, "expected " + std::string(expected));
  }
  return failed_ ? nullptr : node;
}

std::string RecordReader::text(std::string_view key) {
  const auto* node = member(key, pack::NodeKind::string, "a text");
  return node == nullptr ? std::string() : node->string;
}

bool RecordReader::flag(std::string_view key) {
  const auto* node = member(key, pack::NodeKind::boolean, "true or false");
  return node != nullptr && node->boolean;
}

void RecordReader::bytes(std::string_view key, std::span<std::uint8_t> bytes) {
  const auto digits = text(key);
  if (failed_) return;
  const bool lower = std::all_of(digits.begin(), digits.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  std::size_t length = 0;
  if (!lower || digits.size() != 2 * bytes.size() ||
      sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(), nullptr, &length, nullptr) != 0 || length != bytes.size()) {
    wrong(key, ErrorCode::malformed, "expected " + std::to_string(2 * bytes.size()) + " lower-case hexadecimal digits");
  }
}

const pack::Node* RecordReader::list(std::string_view key) { return member(key, pack::NodeKind::array, "a list"); }

Result<void> RecordReader::finish() const {
  if (failed_) return fail(error_);
  return {};
}

Result<pack::Node> read_record_file(const std::filesystem::path& file) {
  const auto text = pack::read_text_file(file.string(), record_bytes_max);
  if (!text) return fail(text.error());
  return pack::parse_json(*text, file.string());
}

Result<void> write_record_file(const std::filesystem::path& file, std::string_view text, Existing existing) {
  const auto temporary = temporary_beside(file);
  {
    const Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (descriptor.number() < 0) return storage_error(errno, file);
    if (const int number = write_and_sync(descriptor, text); number != 0) {
      ::unlink(temporary.c_str());
      return storage_error(number, file);
    }
  }
  // link() fails where rename() would replace.
  const bool named =
      existing == Existing::replace ? ::rename(temporary.c_str(), file.c_str()) == 0 : ::link(temporary.c_str(), file.c_str()) == 0;
  const int number = errno;
  if (!named || existing == Existing::refuse) ::unlink(temporary.c_str());
  if (!named) return storage_error(number, file);
  if (const int sync = sync_folder(file.has_parent_path() ? file.parent_path() : "."); sync != 0) return storage_error(sync, file);
  return {};
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string out(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
  out.pop_back();
  return out;
}

}  // namespace skerry::answers

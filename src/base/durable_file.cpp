#include "base/durable_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

namespace skerry {
namespace {

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
  std::array<char, 17> hex{};
  sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
  return file.parent_path() / ("." + file.filename().string() + "." + hex.data() + ".tmp");
}

}  // namespace

Result<void> write_durable_file(const std::filesystem::path& file, std::string_view text, Existing existing) {
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

}  // namespace skerry

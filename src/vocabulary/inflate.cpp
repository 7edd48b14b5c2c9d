#include "vocabulary/inflate.hpp"

#include <zlib.h>

#include <memory>

namespace skerry::vocabulary {

namespace {

struct Closer {
  void operator()(gzFile_s* file) const noexcept { gzclose_r(file); }
};

Error not_whole(gzFile_s* in, const Place& place) {
  int code = Z_OK;
  gzerror(in, &code);
  if (code == Z_ERRNO) return {ErrorCode::storage_failed, "the file cannot be read to its end", place};
  if (code == Z_BUF_ERROR) return {ErrorCode::malformed, "the gzip file is cut off", place};
  return {ErrorCode::malformed, "the gzip file is damaged", place};
}

}  // namespace

Result<std::string> read_maybe_gzip(const std::filesystem::path& file, std::size_t bytes_max) {
  const Place place{file.string(), 0, 0, {}};
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return fail(ErrorCode::not_found, "there is no such file", place);
  const std::unique_ptr<gzFile_s, Closer> in(gzopen(file.c_str(), "rb"));
  if (!in) return fail(ErrorCode::not_found, "the file cannot be opened", place);
  gzbuffer(in.get(), 256u << 10);
  std::string out;
  std::string block(256u << 10, '\0');
  for (;;) {
    const int count = gzread(in.get(), block.data(), static_cast<unsigned>(block.size()));
    if (count < 0) return fail(not_whole(in.get(), place));
    if (count == 0) break;
    if (out.size() + static_cast<std::size_t>(count) > bytes_max) {
      return fail(ErrorCode::too_large, "more than " + std::to_string(bytes_max >> 20) + " MiB when unpacked", place);
    }
    out.append(block, 0, static_cast<std::size_t>(count));
  }
  // gzread gives what it has of a cut-off file and tells only here.
  int code = Z_OK;
  gzerror(in.get(), &code);
  if (code != Z_OK) return fail(not_whole(in.get(), place));
  return out;
}

}  // namespace skerry::vocabulary

// Any bytes are a study or an error with its place; a study can be written out, laid out and summed over nobody. The second use
// of the bytes is as a row of the release ledger.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cohort/select.hpp"
#include "cohort/study.hpp"
#include "disclosure/release_ledger.hpp"
#include "evidence/sum.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  const auto study = skerry::cohort::parse_study(text, "fuzz");
  if (study) {
    if (skerry::digest_of(skerry::cohort::canonical_text(*study)) != study->digest) std::abort();
    const skerry::evidence::Layout layout(*study);
    if (layout.size() < 2) std::abort();
    const auto columns = skerry::cohort::select(*study, std::span<const skerry::Fact>{}, skerry::vocabulary::Vocabulary{});
    if (!columns.participants.empty()) std::abort();
    if (layout.size() < 1'000'000) (void)skerry::evidence::local_sum(layout, columns);
  } else if (study.error().place.line == 0) {
    std::abort();
  }
  const auto release = skerry::disclosure::decode_release(text);
  if (release) {
    const auto again = skerry::disclosure::decode_release(skerry::disclosure::encode(*release));
    if (!again || !(*again == *release)) std::abort();
  }
  return 0;
}

// Any Markdown gives HTML made of the allowed elements and attributes only, or an error that is not a bug of ours.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "answers/allowed_html.hpp"
#include "answers/answer_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry;
  static const std::vector<pack::Source> sources{{"one", "First <b> \"q\" & 'r'", "https://example.org/1", true},
                                                 {"two", "Second", "", false}};
  const std::string_view markdown(reinterpret_cast<const char*>(data), size);
  const auto answer = answers::render_answer(markdown, sources, {"fuzz.md", 3, {}});
  if (!answer) {
    if (answer.error().code == ErrorCode::internal) std::abort();
    return 0;
  }
  if (!answers::AllowedHtml(answer->html).first_fault().empty()) std::abort();
  return 0;
}

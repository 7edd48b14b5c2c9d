# skerry_embed(TARGET NAMESPACE SYMBOL ROOT file...): puts files into the program.
#
#   skerry_embed(skerry_web skerry::web assets ${CMAKE_SOURCE_DIR}/web ${files})
#
# then in C++, anywhere in the target:
#
#   #include "base/embedded.hpp"
#   namespace skerry::web { std::span<const EmbeddedFile> assets(); }
#
# `assets()` is a table sorted by path; the paths are relative to ROOT. Files may be absolute or relative to ROOT. The bytes come
# in through the assembler's .incbin (a megabyte costs no compile time), followed by a zero byte. The object is rebuilt when a
# file changes. For files that come and go, list them with file(GLOB ... CONFIGURE_DEPENDS): the build then runs CMake again.
function(skerry_embed target namespace symbol root)
  set(label skerry_embedded_${target}_${symbol})
  set(paths "")
  foreach(file ${ARGN})
    get_filename_component(absolute "${file}" ABSOLUTE BASE_DIR "${root}")
    file(RELATIVE_PATH relative "${root}" "${absolute}")
    if(relative MATCHES "^\\.\\./" OR relative MATCHES "[\"\\\\\n;]")
      message(FATAL_ERROR "skerry_embed: ${file} is not a plain path under ${root}")
    endif()
    list(APPEND paths "${relative}")
  endforeach()
  list(REMOVE_DUPLICATES paths)
  list(SORT paths COMPARE STRING)

  set(assembly "")
  set(declarations "")
  set(rows "")
  set(depends "")
  set(number 0)
  foreach(path ${paths})
    set(name ${label}_${number})
    string(APPEND assembly
      "asm(\".pushsection .rodata\\n.balign 16\\n.globl ${name}\\n${name}:\\n.incbin \\\"${root}/${path}\\\"\\n${name}_end:\\n.byte 0\\n\"\n"
      "    \".balign 8\\n.globl ${name}_size\\n${name}_size:\\n.quad ${name}_end - ${name}\\n.popsection\\n\");\n")
    string(APPEND declarations "extern const char ${name}[];\nextern const std::uint64_t ${name}_size;\n")
    string(APPEND rows "      {\"${path}\", {${name}, ${name}_size}},\n")
    list(APPEND depends "${root}/${path}")
    math(EXPR number "${number} + 1")
  endforeach()

  # std::string_view compares bytewise as CMake's STRING order does, but a locale may not: sort once more where it counts.
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}_${symbol}.cpp)
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"// Written by cmake/embed.cmake.
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include \"base/embedded.hpp\"

${assembly}
extern \"C\" {
${declarations}}

namespace ${namespace} {

std::span<const skerry::EmbeddedFile> ${symbol}();

std::span<const skerry::EmbeddedFile> ${symbol}() {
  static const auto table = [] {
    std::vector<skerry::EmbeddedFile> files = {
${rows}    };
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
  }();
  return table;
}

}  // namespace ${namespace}
")
  # The compiler's dependency file does not name what the assembler reads.
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${depends}")
  target_sources(${target} PRIVATE ${output})
endfunction()

# Flags every target shares: warnings are errors, with g++ 12 and with clang-19.
add_library(skerry_flags INTERFACE)
target_compile_options(skerry_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wnull-dereference
  -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own headers and Boost's once they are inlined (GCC bugs 105329, 105651, 108860).
  target_compile_options(skerry_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-null-dereference
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer)
else()
  # libstdc++ 12 calls its own deprecated get_temporary_buffer from std::stable_sort.
  target_compile_options(skerry_flags INTERFACE -Wno-deprecated-declarations)
endif()

# A program that holds patient data is hardened, in release too: the bounds of library containers and the stack are checked, code stands at
# random addresses, return addresses and relocations cannot be rewritten.
target_compile_definitions(skerry_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(skerry_flags INTERFACE -fPIE -fstack-protector-strong)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(skerry_flags INTERFACE -fstack-clash-protection -fcf-protection)
endif()
target_link_options(skerry_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if(SKERRY_SANITIZE)
  # _FORTIFY_SOURCE would hide calls from the sanitizers.
  target_compile_options(skerry_flags INTERFACE -fsanitize=${SKERRY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -U_FORTIFY_SOURCE)
  target_link_options(skerry_flags INTERFACE -fsanitize=${SKERRY_SANITIZE})
else()
  target_compile_options(skerry_flags INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE>
    $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
endif()
if(SKERRY_FUZZ)
  # Coverage for libFuzzer in every room; the fuzz programs themselves link with -fsanitize=fuzzer.
  target_compile_options(skerry_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Big headers compiled once, where the caller asks for it (./dev does, for the builds with tests): a third less time from an empty cache.
# Builds without it prove that every file names the headers it needs.
# ON, tests (the tests' headers alone: the rooms still prove themselves) or OFF.
set(SKERRY_PCH OFF CACHE STRING "Precompile the standard and test headers")
# So that ccache knows a precompiled header again.
function(skerry_known_to_ccache target)
  target_compile_options(${target} PRIVATE "$<IF:$<CXX_COMPILER_ID:GNU>,-fpch-preprocess,SHELL:-Xclang -fno-pch-timestamp>")
endfunction()
# skerry_precompile(TARGET KIND): KIND is "rooms" or "tests".
function(skerry_precompile target kind)
  if(TARGET skerry_pch_${kind})
    target_precompile_headers(${target} REUSE_FROM skerry_pch_${kind})
    skerry_known_to_ccache(${target})
  endif()
endfunction()

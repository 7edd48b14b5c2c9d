# Flags every target shares: warnings are errors, with g++ 12 and with clang-19.
add_library(skerry_flags INTERFACE)
target_compile_options(skerry_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wnull-dereference
  -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own headers and Boost's once they are inlined (GCC bugs 105329, 105651, 108860).
  target_compile_options(skerry_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-null-dereference
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer)
endif()
# A program that holds patient data is hardened: bounds of library containers are checked also in release.
target_compile_definitions(skerry_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(skerry_flags INTERFACE -fstack-protector-strong)
if(SKERRY_SANITIZE)
  target_compile_options(skerry_flags INTERFACE -fsanitize=${SKERRY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(skerry_flags INTERFACE -fsanitize=${SKERRY_SANITIZE})
elseif(NOT SKERRY_FUZZ)
  target_compile_definitions(skerry_flags INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
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

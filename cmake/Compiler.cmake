# How everything is compiled and linked: compiler cache, warnings, sanitizers, hardening.

find_program(CCACHE ccache)
if(CCACHE)
  # Paths below the source folder count as relative, so that clones and work trees share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    ${CCACHE})
endif()
find_program(LLD NAMES ld.lld lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()

# Warnings are errors for our own code under the compiler that every build uses; clang (fuzzing, tidy) only tells.
add_library(shouwen_warnings INTERFACE)
target_compile_options(shouwen_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Werror>)
# What g++ 12 concludes about the standard library's and Asio's own inlined code in optimised builds is often wrong (GCC bug 105651
# and its kin), so these tell, but do not stop a build.
target_compile_options(shouwen_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=dangling-pointer
    -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=free-nonheap-object
    -Wno-error=mismatched-new-delete>)

# Neither binaries nor backtraces tell where they were built.
add_compile_options(-fdebug-prefix-map=${CMAKE_SOURCE_DIR}=.)

if(SHOUWEN_SANITIZE)
  add_compile_options(-fsanitize=${SHOUWEN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SHOUWEN_SANITIZE})
  if(SHOUWEN_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
else()
  add_compile_options(-fstack-protector-strong)
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-clash-protection -fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()

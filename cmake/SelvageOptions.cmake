# Compiler settings that every target shares, as the interface target selvage_options.
option(SELVAGE_TESTS "Build the tests" ON)
option(SELVAGE_CHECKS "Make the checks of the source tree (tests/checks) tests too" ON)
option(SELVAGE_BENCH "Build the benchmarks" OFF)
option(SELVAGE_INSTALL "Make man pages and completions, and what installs and packages them" ON)
option(SELVAGE_COVERAGE "Instrument for gcovr" OFF)
option(SELVAGE_FUZZ "Build the fuzz targets (clang)" OFF)
option(SELVAGE_PCH "Precompile the headers that most sources include" ON)
option(SELVAGE_UNITY "Compile many sources as one: quick for a build that is run, not edited" OFF)
option(SELVAGE_NIGHTLY "Tests as long and as thorough as scripts/test --nightly has them" OFF)
option(SELVAGE_HARDEN "Harden optimised builds: checks of buffers and stacks, read-only relocations" ON)
set(SELVAGE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, such as address,undefined or thread")
set(SELVAGE_TEST_ROOMS "" CACHE STRING "Folders of tests/ to build; empty: all")
set(SELVAGE_TEST_PREFIX "" CACHE STRING "Put before each test's name, to tell builds apart in one CTest run")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(selvage_options INTERFACE)
target_compile_options(selvage_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror
                                                 -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(selvage_options INTERFACE -Wthread-safety)  # base/mutex.h
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps in "text" + std::string that are not there (its bug 105651).
  target_compile_options(selvage_options INTERFACE -Wno-restrict)
  if(NOT SELVAGE_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Nor are there writes of 2^63 bytes and more, which it sees where much is inlined.
    target_compile_options(selvage_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endif()
if(SELVAGE_HARDEN AND NOT SELVAGE_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # What Debian's packages are built with (dpkg-buildflags, hardening=+all). _FORTIFY_SOURCE needs an optimised build.
  include(CheckPIESupported)
  check_pie_supported()
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  target_compile_options(selvage_options INTERFACE -fstack-protector-strong -fstack-clash-protection
                                                   -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(selvage_options INTERFACE -fcf-protection)
  endif()
  target_link_options(selvage_options INTERFACE LINKER:-z,relro,-z,now)
endif()
if(SELVAGE_SANITIZE)
  target_compile_options(selvage_options INTERFACE -fsanitize=${SELVAGE_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC's manual: "sanitizers tend to increase the rate of false positive warnings, most notably" this one.
    target_compile_options(selvage_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(selvage_options INTERFACE -fsanitize=${SELVAGE_SANITIZE})
endif()
if(SELVAGE_COVERAGE)
  target_compile_options(selvage_options INTERFACE --coverage)
  target_link_options(selvage_options INTERFACE --coverage)
endif()

# The precompiled headers, each made once and shared by all targets with the same options. No source relies on
# them: clang-tidy reads the sources without.
#   selvage_pch_std   the standard library, for rooms
#   selvage_pch_log   that and spdlog, for rooms that log
#   selvage_pch_test  that of selvage_pch_std and Catch2, for tests
set(SELVAGE_PCH_STD <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <mutex> <optional> <set>
                    <sstream> <string> <string_view> <thread> <tl/expected.hpp> <utility> <variant> <vector>)
function(selvage_pch name)
  cmake_parse_arguments(ARG "" "" "LINKS;HEADERS" ${ARGN})
  add_library(selvage_pch_${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cc)
  target_link_libraries(selvage_pch_${name} PUBLIC selvage_options tl::expected ${ARG_LINKS})
  target_precompile_headers(selvage_pch_${name} PRIVATE ${SELVAGE_PCH_STD} ${ARG_HEADERS})
endfunction()

# selvage_quick_build(TARGET PCH): TARGET uses the precompiled header selvage_pch_PCH, and is a unity build if asked for.
function(selvage_quick_build target pch)
  if(SELVAGE_PCH)
    target_precompile_headers(${target} REUSE_FROM selvage_pch_${pch})
    if(CMAKE_POSITION_INDEPENDENT_CODE)  # executables, too, as the precompiled header is made
      target_compile_options(${target} PRIVATE -fPIC)
    endif()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${SELVAGE_UNITY} UNITY_BUILD_BATCH_SIZE 40)
endfunction()

# Compiler settings that every target shares, as the interface target selvage_options.
option(SELVAGE_TESTS "Build the tests" ON)
option(SELVAGE_CHECKS "Make the checks of the source tree (tests/checks) tests too" ON)
option(SELVAGE_BENCH "Build the benchmarks" OFF)
option(SELVAGE_INSTALL "Make man pages and completions, and what installs and packages them" ON)
option(SELVAGE_COVERAGE "Instrument for gcovr" OFF)
option(SELVAGE_FUZZ "Build the fuzz targets (clang)" OFF)
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
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps in "text" + std::string that are not there (its bug 105651).
  target_compile_options(selvage_options INTERFACE -Wno-restrict)
endif()
if(SELVAGE_SANITIZE)
  target_compile_options(selvage_options INTERFACE -fsanitize=${SELVAGE_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
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

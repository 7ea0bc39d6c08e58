# selvage_room(NAME [LINKS target...]): the library selvage_NAME of all sources in this folder, with
# these link edges and no others.
function(selvage_room name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(selvage_${name} STATIC ${sources})
  target_include_directories(selvage_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(selvage_${name} PUBLIC selvage_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  if("spdlog::spdlog" IN_LIST ARG_LINKS)
    selvage_quick_build(selvage_${name} log)
  else()
    selvage_quick_build(selvage_${name} std)
  endif()
endfunction()

# selvage_rooms(NAME ROOM...): selvage_NAME, all rooms of this folder in one name, for who stands above them.
function(selvage_rooms name)
  add_library(selvage_${name} INTERFACE)
  list(TRANSFORM ARGN PREPEND selvage_${name}_ OUTPUT_VARIABLE rooms)
  target_link_libraries(selvage_${name} INTERFACE ${rooms})
endfunction()

# selvage_test(NAME [EACH_CASE] [TOGETHER] [ALONE file...] [LABEL label] [LINKS target...] [SOURCES file...] [PROPERTIES ...]): a Catch2 program
# of all *_test.cc in this folder. Each of these files is a CTest test, or each test case with EACH_CASE: for cases
# that have to be alone in a process, or are better seen one by one. The target selvage_tests builds all.
# Tests have one label: LABEL (unit), or property where the file is a *_property_test.cc.
# TOGETHER: sources may be compiled as one (SELVAGE_UNITY), except those of ALONE, in which others' names have other
# meanings. Elsewhere too many files of tests have helpers of the same names.
function(selvage_test name)
  cmake_parse_arguments(ARG "EACH_CASE;TOGETHER" "LABEL" "ALONE;LINKS;SOURCES;PROPERTIES" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  add_executable(${name} ${sources} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} selvage_catch_main)
  selvage_quick_build(${name} test)
  if(NOT ARG_TOGETHER)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_dependencies(selvage_tests ${name})
  if(ARG_EACH_CASE)
    catch_discover_tests(${name} TEST_PREFIX "${SELVAGE_TEST_PREFIX}${name}: "
                         PROPERTIES TIMEOUT 300 LABELS ${ARG_LABEL} ${ARG_PROPERTIES})
    return()
  endif()
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM file)
    string(REGEX REPLACE "_test$" "" subject ${file})
    set(label ${ARG_LABEL})
    if(file MATCHES "_property_test$")
      set(label property)
    endif()
    # Catch2 makes a tag of the name of the file that a case stands in. No case with that tag is a failure.
    add_test(NAME "${SELVAGE_TEST_PREFIX}${name}: ${subject}" COMMAND ${name} --filenames-as-tags --warn NoTests "[#${file}]")
    set_tests_properties("${SELVAGE_TEST_PREFIX}${name}: ${subject}" PROPERTIES TIMEOUT 600 LABELS ${label} ${ARG_PROPERTIES})
  endforeach()
endfunction()

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

# selvage_test(NAME [LINKS target...] [SOURCES file...] [PROPERTIES ...]): a Catch2 program of all
# *_test.cc in this folder, each test case a CTest test of its own. The target selvage_tests builds all.
function(selvage_test name)
  cmake_parse_arguments(ARG "" "" "LINKS;SOURCES;PROPERTIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  add_executable(${name} ${sources} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} selvage_catch_main)
  selvage_quick_build(${name} test)
  add_dependencies(selvage_tests ${name})
  catch_discover_tests(${name} TEST_PREFIX "${SELVAGE_TEST_PREFIX}${name}: " PROPERTIES TIMEOUT 300 ${ARG_PROPERTIES})
endfunction()

# How every target of the house is compiled, and the one way to declare a folder.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")  # WB_CHECK does not heed NDEBUG: it stays on
endif()

add_library(wideberth_flags INTERFACE)
target_compile_options(wideberth_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Werror
  # A finding in the log must be recomputable to the bit: no fused multiply-add (design, "Same bits everywhere").
  -ffp-contract=off
  # A failed check names its file as the tree has it: the program holds no path of the machine that built it.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports maybe-uninitialized inside std::optional and tl::expected at -O2 without cause.
  target_compile_options(wideberth_flags INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(wideberth_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)

# wideberth_folder(NAME [USES folders…] [LINKS libraries…]): the folder's sources as a library wb_NAME, and its *_test.cpp
# as NAME_test. Test suites whose name ends in "Laws" are property tests and are registered apart.
function(wideberth_folder name)
  cmake_parse_arguments(FOLDER "" "" "USES;LINKS;TEST_LINKS" ${ARGN})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${dir}/*_test.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(REMOVE_ITEM sources ${dir}/main.cpp)  # wideberth_program's
  if(NOT sources)
    return()
  endif()
  set(uses "")
  foreach(used ${FOLDER_USES})
    if(TARGET wb_${used})
      list(APPEND uses wb_${used})
    endif()
  endforeach()
  add_library(wb_${name} STATIC ${sources})
  target_link_libraries(wb_${name} PUBLIC wideberth_flags ${uses} PRIVATE ${FOLDER_LINKS})
  set_target_properties(wb_${name} PROPERTIES UNITY_BUILD ON)
  if(WIDEBERTH_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE wb_${name} ${FOLDER_LINKS} ${FOLDER_TEST_LINKS} rapidcheck rapidcheck_gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE WIDEBERTH_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # Tests are long and run for a moment: most of a build went into making them fast.
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1> $<$<CONFIG:RelWithDebInfo>:-O0>)
    set_target_properties(${name}_test PROPERTIES UNITY_BUILD ON)
    add_test(NAME unit.${name} COMMAND ${name}_test --gtest_filter=-*Laws.* --gtest_brief=1)
    set_tests_properties(unit.${name} PROPERTIES LABELS unit)
    set(has_laws FALSE)
    foreach(test ${tests})
      file(STRINGS ${test} found REGEX "Laws" LIMIT_COUNT 1)
      if(found)
        set(has_laws TRUE)
      endif()
    endforeach()
    if(has_laws)
      add_test(NAME property.${name} COMMAND ${name}_test --gtest_filter=*Laws.* --gtest_brief=1)
      set_tests_properties(property.${name} PROPERTIES LABELS property)
      if(WIDEBERTH_LONG)
        # RapidCheck reads RC_PARAMS; laws that draw their cases in another way read WIDEBERTH_LONG.
        add_test(NAME long.${name} COMMAND ${name}_test --gtest_filter=*Laws.* --gtest_brief=1)
        set_tests_properties(long.${name} PROPERTIES LABELS long ENVIRONMENT "WIDEBERTH_LONG=1;RC_PARAMS=max_success=10000")
      endif()
    endif()
  endif()
endfunction()

# wideberth_program(): the program itself, build/wideberth, from src/cli/main.cpp and the folders below it.
function(wideberth_program)
  set(main ${CMAKE_SOURCE_DIR}/src/cli/main.cpp)
  if(NOT EXISTS ${main})
    message(STATUS "src/cli/main.cpp is not there yet: no program, only folders")
    return()
  endif()
  add_executable(wideberth ${main})
  target_compile_definitions(wideberth PRIVATE WIDEBERTH_VERSION="${PROJECT_VERSION}")
  target_link_libraries(wideberth PRIVATE wideberth_flags)
  if(TARGET wb_cli)
    target_link_libraries(wideberth PRIVATE wb_cli)
  endif()
  set_target_properties(wideberth PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  include(${CMAKE_SOURCE_DIR}/cmake/install.cmake)
endfunction()

# wideberth_links(OUT SOURCE…): what the first-line comments `// links: ledger json` of the sources name, as targets. A word
# is a folder of src, or a target as it stands (GTest::gmock). OUT is set to NOTFOUND, and said so, where a folder has no
# library yet.
function(wideberth_links out)
  set(links "")
  foreach(source ${ARGN})
    file(STRINGS ${source} line REGEX "^// links:" LIMIT_COUNT 1)
    string(REGEX REPLACE "^// links: *" "" words "${line}")
    string(REGEX MATCHALL "[A-Za-z0-9_:]+" words "${words}")
    foreach(word ${words})
      if(TARGET wb_${word})
        list(APPEND links wb_${word})
      elseif(TARGET ${word})
        list(APPEND links ${word})
      else()
        message(STATUS "${source} links ${word}, which has no library yet: left out")
        set(${out} NOTFOUND PARENT_SCOPE)
        return()
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES links)
  set(${out} "${links};wideberth_flags" PARENT_SCOPE)
endfunction()

# Compiler settings shared by everything built from this tree.
include_guard(GLOBAL)

# An unset build type means no optimisation at all with single-configuration generators, and nobody wants that.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

# CMake's own default is -O3: larger code, longer builds, and no faster here.
if(NOT MSVC)
  string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
endif()

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(HGVALUE_CCACHE ccache)
  if(HGVALUE_CCACHE)
    # ccache cannot see which macros a precompiled header defines, nor when CMake wrote it, and refuses such files unless
    # it is told to accept both. Every source here is compiled with one set of definitions, so both are safe.
    find_package(Python 3.11 REQUIRED COMPONENTS Interpreter)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${Python_EXECUTABLE}" -IS "${CMAKE_CURRENT_LIST_DIR}/launch_ccache.py" "${HGVALUE_CCACHE}")
  endif()
endif()
option(HGVALUE_PRECOMPILE "Parse the headers that most sources include once for each target" ON)

# hgvalue_compile_options(target): warnings, hidden symbols and, when asked for, sanitizers.
function(hgvalue_compile_options target)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_EXTENSIONS OFF)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /permissive- /Zc:__cplusplus /Zc:preprocessor)
  else()
    target_compile_options(${target} PRIVATE -Wall -Wextra)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # GCC 12 sees overlapping copies in `"text" + std::to_string(n)` that are not there (its bug 105651).
      target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
  endif()
  # Costs time at every conversion, so it is for builds that look for faults: see src/value/place_check.hpp.
  target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:HGVALUE_CHECK_PLACES>)
  if(HGVALUE_SANITIZE)
    target_compile_definitions(${target} PRIVATE HGVALUE_CHECK_PLACES)
    target_compile_options(${target} PRIVATE -fsanitize=${HGVALUE_SANITIZE} -fno-sanitize-recover=all
      -fno-omit-frame-pointer -g)
    target_link_options(${target} PRIVATE -fsanitize=${HGVALUE_SANITIZE})
  endif()
endfunction()

# hgvalue_precompile(target folder header): parses `header`, found in `folder`, once for every source of the target.
#
# CMake writes the name of the header into a file of its own. A relative name keeps that file the same in every clone, so
# that ccache recognises it.
# Each source still includes what it uses: a build with HGVALUE_PRECOMPILE=OFF shows a missing include.
function(hgvalue_precompile target folder header)
  if(NOT HGVALUE_PRECOMPILE)
    return()
  endif()
  target_include_directories(${target} PRIVATE "${folder}")
  target_precompile_headers(${target} PRIVATE "<${header}>")
  # Both options make the compiled header the same from the same text, without which ccache cannot recognise it.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    "$<$<CXX_COMPILER_ID:Clang,AppleClang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# hgvalue_unity(target source...): compiles these sources of the target in batches, each as if it were one file.
#
# That takes half the time of a whole build and more than half the time of building again after a change of one file, so
# it is for builds that are done once. unity_batches.py says which sources share a batch.
option(HGVALUE_UNITY "Compile sources in batches: for builds that are done once" OFF)
function(hgvalue_unity target)
  if(NOT HGVALUE_UNITY)
    return()
  endif()
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/unity_batches.py")
  execute_process(COMMAND "${Python_EXECUTABLE}" "${script}" ${ARGN}
    OUTPUT_VARIABLE lines OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  # A changed source may no longer fit into its batch.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${script}" ${ARGN})
  string(REPLACE ";" "\\;" lines "${lines}")
  string(REPLACE "\n" ";" lines "${lines}")
  foreach(line IN LISTS lines)
    list(POP_FRONT line batch source)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "batch_${batch}")
    set(last ${batch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  list(LENGTH ARGN sources)
  list(LENGTH lines batched)
  math(EXPR pieces "${last} + 1 + ${sources} - ${batched}")
  message(STATUS "${target}: ${sources} sources, compiled in ${pieces} pieces")
endfunction()

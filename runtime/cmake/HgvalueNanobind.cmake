# Where the nanobind package of this Python keeps its CMake files and tsl::robin_map, which hgvalue's headers use.
#
# Sets HGVALUE_TSL_INCLUDE_DIR and, unless it is set already, nanobind_DIR.
include_guard(GLOBAL)

if(NOT nanobind_DIR)
  execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
    OUTPUT_VARIABLE nanobind_DIR OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE HGVALUE_NANOBIND_STATUS)
  if(NOT HGVALUE_NANOBIND_STATUS EQUAL 0)
    message(FATAL_ERROR "hgvalue: ${Python_EXECUTABLE} has no nanobind; `pip install nanobind` adds it")
  endif()
endif()

get_filename_component(HGVALUE_TSL_INCLUDE_DIR "${nanobind_DIR}/../ext/robin_map/include" ABSOLUTE)
if(NOT EXISTS "${HGVALUE_TSL_INCLUDE_DIR}/tsl/robin_map.h")
  message(FATAL_ERROR "hgvalue: the nanobind package at ${nanobind_DIR} does not ship tsl/robin_map.h")
endif()

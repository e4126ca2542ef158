# Everything goes below one prefix, the Python package `hgvalue`: module, headers, library and CMake package.
include(CMakePackageConfigHelpers)
if(NOT CMAKE_INSTALL_MESSAGE)
  set(CMAKE_INSTALL_MESSAGE NEVER) # a line for each header would hide what matters of `pip install -v`
endif()

install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/include/hgvalue" DESTINATION include FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY "${HGVALUE_TSL_INCLUDE_DIR}/tsl" DESTINATION include)

# tsl states its licence at the head of each file and nowhere else; a copy stands beside the headers.
file(READ "${HGVALUE_TSL_INCLUDE_DIR}/tsl/robin_map.h" HGVALUE_TSL_LICENCE LIMIT 4096)
string(REGEX MATCH "/\\*\\*.*THE[ \n*]+SOFTWARE\\.[ \n]+\\*/" HGVALUE_TSL_LICENCE "${HGVALUE_TSL_LICENCE}")
if(NOT HGVALUE_TSL_LICENCE)
  message(FATAL_ERROR "hgvalue: ${HGVALUE_TSL_INCLUDE_DIR}/tsl/robin_map.h does not begin with its licence")
endif()
string(REGEX REPLACE "(/\\*\\*\n|\n \\*/)" "" HGVALUE_TSL_LICENCE "${HGVALUE_TSL_LICENCE}")
string(REGEX REPLACE "(^|\n) \\* ?" "\\1" HGVALUE_TSL_LICENCE "${HGVALUE_TSL_LICENCE}")
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/LICENSE.robin_map" "${HGVALUE_TSL_LICENCE}\n")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/LICENSE.robin_map" DESTINATION include/tsl RENAME LICENSE)

# One folder up in the repository, beside pyproject.toml in a source distribution.
find_file(HGVALUE_LICENCE LICENSE PATHS "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/.."
  NO_DEFAULT_PATH REQUIRED)
install(FILES "${HGVALUE_LICENCE}" DESTINATION .)

install(TARGETS hgvalue EXPORT hgvalueTargets ARCHIVE DESTINATION lib)
install(EXPORT hgvalueTargets NAMESPACE hgvalue:: DESTINATION cmake)
configure_package_config_file("${CMAKE_CURRENT_SOURCE_DIR}/cmake/hgvalueConfig.cmake.in"
  "${CMAKE_CURRENT_BINARY_DIR}/hgvalueConfig.cmake" INSTALL_DESTINATION cmake)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/hgvalueConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/hgvalueConfig.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/hgvalueConfigVersion.cmake"
  "${CMAKE_CURRENT_SOURCE_DIR}/cmake/HgvalueNative.cmake" DESTINATION cmake)

if(HGVALUE_PYTHON)
  install(TARGETS _hgvalue LIBRARY DESTINATION .)
endif()

# hgvalue_add_native(target source...): the extension module of one generated package.
#
# It is built in nanobind's split mode for the stable ABI and links nothing of the runtime: at import it takes the
# runtime's function table from `hgvalue._hgvalue`. Set HGVALUE_SANITIZE to build with sanitizers.
include_guard(GLOBAL)

get_filename_component(HGVALUE_INCLUDE_DIR "${CMAKE_CURRENT_LIST_DIR}/../include" ABSOLUTE)

function(hgvalue_add_native target)
  find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module
    OPTIONAL_COMPONENTS Development.SABIModule)
  if(NOT nanobind_DIR)
    execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
      OUTPUT_VARIABLE nanobind_DIR OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endif()
  find_package(nanobind CONFIG REQUIRED)

  nanobind_add_module(${target} BACKEND_MODULE nanobind_backend STABLE_ABI_VERSION 3.11 NOMINSIZE ${ARGN})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_definitions(${target} PRIVATE HGVALUE_MODULE)
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_include_directories(${target} SYSTEM PRIVATE "${HGVALUE_INCLUDE_DIR}")
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_EXTENSIONS OFF)
  if(MSVC)
    target_compile_options(${target} PRIVATE /permissive- /Zc:__cplusplus /Zc:preprocessor /bigobj)
  else()
    # After CMake's -O3, so this one counts: generated code gains nothing from -O3 and compiles slower.
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
  endif()
  if(HGVALUE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${HGVALUE_SANITIZE} -fno-sanitize-recover=all
      -fno-omit-frame-pointer -g)
    target_link_options(${target} PRIVATE -fsanitize=${HGVALUE_SANITIZE})
  endif()
endfunction()

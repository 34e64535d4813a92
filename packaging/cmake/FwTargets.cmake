# SPDX-License-Identifier: GPL-3.0-or-later
# The few words that every folder's build file is written with. The build tree has the layout of an
# installation (bin, lib, lib/framewitness/plugins, share/framewitness), so nothing behaves
# differently before "cmake --install".
include(GNUInstallDirs)
set(CMAKE_INSTALL_LIBDIR lib)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib:$ORIGIN:$ORIGIN/../../..")
set(FW_PLUGIN_DIR ${CMAKE_BINARY_DIR}/lib/framewitness/plugins)
set(FW_SHARE_DIR ${CMAKE_BINARY_DIR}/share/framewitness)

find_program(FW_CCACHE ccache)
if(FW_CCACHE)
    # The common headers are precompiled, which ccache accepts only when it is told to.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${FW_CCACHE})
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(FW_MOLD mold)
if(FW_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# Every flag of the project, once.
add_library(fw_flags INTERFACE)
target_compile_options(fw_flags INTERFACE -Wall -Wextra -Wno-missing-field-initializers
    $<$<BOOL:${FW_WARNINGS_AS_ERRORS}>:-Werror>
    $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>) # true of headers only, and sources look like them then
target_compile_definitions(fw_flags INTERFACE QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII)
if(FW_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()

include(FwPrecompiled)
include(FwPlugin)
include(FwSdk)

# fw_add_library(fw_media SOURCES ... PUBLIC ... PRIVATE ... [MOC]): a shared core library. Headers are
# included as <folder>/<file>.h from the folder above. MOC: it has classes with Q_OBJECT.
function(fw_add_library name)
    cmake_parse_arguments(ARG "MOC" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} SHARED ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ${ARG_MOC} VERSION ${PROJECT_VERSION} SOVERSION 0)
    get_filename_component(above ${CMAKE_CURRENT_SOURCE_DIR} DIRECTORY)
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    target_include_directories(${name} PUBLIC
        $<BUILD_INTERFACE:${above}> $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}/include>
        $<INSTALL_INTERFACE:include/framewitness>)
    target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE $<BUILD_INTERFACE:fw_flags> ${ARG_PRIVATE})
    if("Qt6::Widgets" IN_LIST ARG_PUBLIC OR name MATCHES "fw_(model|player|charts|panels)")
        fw_use_precompiled(${name} widgets)
    elseif(NOT name MATCHES "fw_(base|paint|report)") # the latter with Qt Gui, which no set is made for
        fw_use_precompiled(${name} core)
    endif()
    fw_install_library(${name} ${folder})
endfunction()

# fw_add_training_library(fw_render SOURCES ... PUBLIC ... PRIVATE ... [PRECOMPILED torch]): a static
# library of the programs that make models; headers are included as <folder>/<file>.h.
function(fw_add_training_library name)
    cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
    target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/..)
    target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE fw_flags ${ARG_PRIVATE})
    if(NOT ARG_PRECOMPILED)
        set(ARG_PRECOMPILED core)
    endif()
    fw_use_precompiled(${name} ${ARG_PRECOMPILED})
endfunction()

# fw_add_program(framewitness SOURCES ... LINK ... [PRECOMPILED torch] [INSTALL]).
function(fw_add_program name)
    cmake_parse_arguments(ARG "INSTALL" "PRECOMPILED" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE fw_flags ${ARG_LINK})
    if(NOT ARG_PRECOMPILED AND NOT "Qt6::Gui" IN_LIST ARG_LINK)
        set(ARG_PRECOMPILED core)
    endif()
    fw_use_precompiled(${name} "${ARG_PRECOMPILED}")
    if(ARG_INSTALL)
        install(TARGETS ${name} RUNTIME DESTINATION bin)
    else() # programs that measure and train use the same short names in each file
        set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
    endif()
endfunction()

# What programs with QtTest share. They are optimised little: they run for moments, and a third of
# the time of compiling them would go there. (QtTest's two names of folders differ in each target,
# which forbids common headers; nothing here looks for files by them.)
set(FW_TEST_OPTIONS -O1 -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR)
function(fw_use_test_options target)
    target_compile_options(${target} PRIVATE ${FW_TEST_OPTIONS})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE opencv_core opencv_imgproc) # of the common headers
    get_target_property(links ${target} LINK_LIBRARIES)
    if("${links}" MATCHES "fw_(app|model|player|charts|panels)|panels_sample")
        fw_use_precompiled(${target} widgets_test)
    elseif(NOT "${links}" MATCHES "fw_(paint|report)")
        fw_use_precompiled(${target} core_test)
    endif()
endfunction()

# fw_add_test(tst_hash SOURCES tst_hash.cpp LINK fw_base [TIMEOUT 60]): one QtTest program.
function(fw_add_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE fw_flags Qt6::Test ${ARG_LINK})
    fw_use_test_options(${name})
    list(FILTER ARG_SOURCES INCLUDE REGEX "^tst_.*cpp$")
    fw_moc_sources(${name} ${ARG_SOURCES})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
        "QT_QPA_PLATFORM=offscreen;FW_PREFIX=${CMAKE_BINARY_DIR};FW_SOURCE_DIR=${CMAKE_SOURCE_DIR};LC_ALL=C.UTF-8")
endfunction()

# SPDX-License-Identifier: GPL-3.0-or-later
# How a plugin is built, in this tree and outside of it: find_package(Framewitness) brings the same
# words that the plugins of the program itself are written with.

if(NOT FW_PLUGIN_DIR)
    set(FW_PLUGIN_DIR ${CMAKE_BINARY_DIR}/plugins)
endif()
if(NOT TARGET fw_flags) # outside the tree: what the headers need, and no opinion on warnings
    add_library(fw_flags INTERFACE)
    target_compile_features(fw_flags INTERFACE cxx_std_20)
    target_compile_definitions(fw_flags INTERFACE QT_NO_KEYWORDS)
endif()

# fw_moc_sources(target a.cpp ...): makes the "a.moc" that a source with Q_OBJECT includes at its end;
# sources that include none are left alone. AUTOMOC would do it, too, but with a target and a file to
# compile for each target.
function(fw_moc_sources target)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_moc)
    foreach(source ${ARGN})
        file(STRINGS ${source} wanted REGEX "^#include \".*\\.moc\"")
        if(NOT wanted)
            continue()
        endif()
        get_filename_component(name ${source} NAME_WE)
        qt6_generate_moc(${source} ${folder}/${name}.moc TARGET ${target})
        target_sources(${target} PRIVATE ${folder}/${name}.moc)
    endforeach()
    target_include_directories(${target} PRIVATE ${folder})
endfunction()

# fw_add_plugin(blink MANIFEST manifest.json ALGORITHM ... SOURCES ... LINK ...): a module with hidden
# symbols in a folder of its own beside its manifest, and a static library <name>_algorithm for its
# tests. Installs to lib/framewitness/plugins/<name>.
function(fw_add_plugin name)
    cmake_parse_arguments(ARG "" "MANIFEST" "ALGORITHM;SOURCES;LINK" ${ARGN})
    set(folder ${FW_PLUGIN_DIR}/${name})
    add_library(${name}_algorithm STATIC ${ARG_ALGORITHM})
    target_include_directories(${name}_algorithm PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name}_algorithm PUBLIC ${ARG_LINK} PRIVATE fw_flags)
    set_target_properties(${name}_algorithm PROPERTIES
        POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden)
    add_library(plugin_${name} MODULE ${ARG_SOURCES})
    set_target_properties(plugin_${name} PROPERTIES
        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        OUTPUT_NAME ${name} PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${folder})
    target_link_libraries(plugin_${name} PRIVATE ${name}_algorithm fw_detect fw_flags)
    fw_moc_sources(plugin_${name} ${ARG_SOURCES})
    if(COMMAND fw_use_precompiled)
        fw_use_precompiled(${name}_algorithm core)
        fw_use_precompiled(plugin_${name} core)
    endif()
    set_property(GLOBAL APPEND PROPERTY FW_PLUGINS plugin_${name})
    configure_file(${ARG_MANIFEST} ${folder}/manifest.json COPYONLY)
    install(TARGETS plugin_${name} LIBRARY DESTINATION lib/framewitness/plugins/${name})
    install(FILES ${ARG_MANIFEST} DESTINATION lib/framewitness/plugins/${name} RENAME manifest.json)
endfunction()

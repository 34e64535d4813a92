# SPDX-License-Identifier: GPL-3.0-or-later
# The part of the installation that plugins are built against, as the component "Sdk":
#     cmake --install build --component Sdk --prefix /opt/framewitness
include(CMakePackageConfigHelpers)

# What a plugin may see; everything else is the program's own and can change without notice.
set(FW_SDK_LIBRARIES fw_base fw_media fw_frames fw_infer fw_faces fw_stats fw_findings fw_detect)

# Called by fw_add_library for each library.
function(fw_install_library name folder)
    if(NOT name IN_LIST FW_SDK_LIBRARIES)
        install(TARGETS ${name} LIBRARY DESTINATION lib)
        return()
    endif()
    set_property(GLOBAL APPEND PROPERTY FW_SDK_TARGETS ${name})
    install(TARGETS ${name} EXPORT FramewitnessTargets LIBRARY DESTINATION lib COMPONENT Sdk)
    install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION include/framewitness/${folder}
        COMPONENT Sdk FILES_MATCHING PATTERN "*.h" PATTERN "*_p.h" EXCLUDE)
endfunction()

# Called once, after all libraries.
function(fw_install_sdk)
    set(where lib/cmake/Framewitness)
    set(here ${CMAKE_BINARY_DIR}/cmake)
    configure_package_config_file(${PROJECT_SOURCE_DIR}/packaging/cmake/FramewitnessConfig.cmake.in
        ${here}/FramewitnessConfig.cmake INSTALL_DESTINATION ${where})
    write_basic_package_version_file(${here}/FramewitnessConfigVersion.cmake
        COMPATIBILITY SameMinorVersion)
    install(EXPORT FramewitnessTargets DESTINATION ${where} COMPONENT Sdk)
    install(FILES ${here}/FramewitnessConfig.cmake ${here}/FramewitnessConfigVersion.cmake
        ${PROJECT_SOURCE_DIR}/packaging/cmake/FwPlugin.cmake DESTINATION ${where} COMPONENT Sdk)
    install(FILES ${CMAKE_BINARY_DIR}/include/base/version.h
        DESTINATION include/framewitness/base COMPONENT Sdk)
endfunction()

# SPDX-License-Identifier: GPL-3.0-or-later
# Headers that nearly every file reads, compiled once a kind of target: most of the time of a build
# on two cores went into reading them again. Every file still includes what it uses; a build with
# FW_PRECOMPILED=OFF proves it.
option(FW_PRECOMPILED "Compile the common headers once" ON)

set(FW_PCH_STD <algorithm> <array> <chrono> <cmath> <functional> <map> <memory> <mutex> <optional>
    <stop_token> <string> <thread> <tuple> <utility> <variant> <vector>)
set(FW_PCH_CORE ${FW_PCH_STD} <QByteArray> <QDateTime> <QDir> <QFile> <QFileInfo> <QJsonArray> <QJsonDocument>
    <QJsonObject> <QMetaType> <QObject> <QRegularExpression> <QString> <QStringList> <QVariant> <opencv2/core.hpp>)
set(FW_PCH_WIDGETS ${FW_PCH_CORE} <QAbstractItemModel> <QAction> <QApplication> <QBoxLayout> <QComboBox> <QImage>
    <QLabel> <QLineEdit> <QMouseEvent> <QPainter> <QPushButton> <QSettings> <QTimer> <QToolButton> <QTreeWidget>
    <QUndoStack> <QWidget>)

set(FW_PCH_TEST <QSignalSpy> <QTemporaryDir> <QTest> <opencv2/imgproc.hpp> <random>)

# fw_make_precompiled(kind LINK targets... HEADERS headers... [OPTIONS options...]): the target fw_pch_<kind>.
function(fw_make_precompiled kind)
    cmake_parse_arguments(ARG "" "" "LINK;HEADERS;OPTIONS" ${ARGN})
    file(WRITE ${CMAKE_BINARY_DIR}/pch/${kind}.cpp "// one file, so that the headers are compiled\n")
    add_library(fw_pch_${kind} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/pch/${kind}.cpp)
    target_compile_options(fw_pch_${kind} PRIVATE ${ARG_OPTIONS})
    target_link_libraries(fw_pch_${kind} PRIVATE fw_flags ${ARG_LINK})
    target_precompile_headers(fw_pch_${kind} PRIVATE ${ARG_HEADERS})
endfunction()

# After find_package. OpenCV's target names its folder as a plain include, as in its users.
function(fw_make_all_precompiled)
    if(NOT FW_PRECOMPILED)
        return()
    endif()
    fw_make_precompiled(core LINK Qt6::Core opencv_core HEADERS ${FW_PCH_CORE})
    fw_make_precompiled(widgets LINK Qt6::Widgets opencv_core HEADERS ${FW_PCH_WIDGETS})
    if(FW_BUILD_TESTS)
        fw_make_precompiled(core_test LINK Qt6::Test opencv_core opencv_imgproc
            HEADERS ${FW_PCH_CORE} ${FW_PCH_TEST} OPTIONS ${FW_TEST_OPTIONS})
        fw_make_precompiled(widgets_test LINK Qt6::Test Qt6::Widgets opencv_core opencv_imgproc
            HEADERS ${FW_PCH_WIDGETS} ${FW_PCH_TEST} OPTIONS ${FW_TEST_OPTIONS})
    endif()
endfunction()

function(fw_use_precompiled target kind)
    if(TARGET fw_pch_${kind})
        target_precompile_headers(${target} REUSE_FROM fw_pch_${kind})
    endif()
endfunction()

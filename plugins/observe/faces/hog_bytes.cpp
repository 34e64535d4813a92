// SPDX-License-Identifier: GPL-3.0-or-later
#include "hog_bytes.h"

// The assembler copies the file: a list of numbers would take the compiler minutes.
asm(".section .rodata\n"
    ".balign 16\n"
    "fw_hog_begin: .incbin \"" FW_HOG_FILE "\"\n"
    "fw_hog_end: .byte 0\n"
    ".previous\n");

extern "C" {
extern const char fw_hog_begin[] __attribute__((visibility("hidden")));
extern const char fw_hog_end[] __attribute__((visibility("hidden")));
}

namespace fw {

std::string_view hogBytes()
{
    return {fw_hog_begin, std::size_t(fw_hog_end - fw_hog_begin)};
}

} // namespace fw

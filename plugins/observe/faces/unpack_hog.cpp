// SPDX-License-Identifier: GPL-3.0-or-later
// Writes dlib's frontal face detector as the plugin reads it. dlib carries it compressed in a header,
// and unpacking takes the better part of a second: that is done once, when the program is built.
// Usage: fw-unpack-hog OUT
#include <dlib/image_processing/frontal_face_detector.h>

#include <fstream>
#include <iostream>

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: fw-unpack-hog OUT\n";
        return 2;
    }
    std::ofstream out(argv[1], std::ios::binary);
    dlib::serialize(dlib::get_frontal_face_detector(), out);
    out.close();
    return out ? 0 : 1;
}

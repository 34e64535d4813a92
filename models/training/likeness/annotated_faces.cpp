// SPDX-License-Identifier: GPL-3.0-or-later
#include "likeness/annotated_faces.h"

#include <opencv2/imgcodecs.hpp>

#include <fstream>
#include <map>
#include <sstream>

namespace fw::lab {

std::vector<AnnotatedFace> annotatedFaces(const std::string &folder, const std::string &split)
{
    std::ifstream csv(folder + "/points68.csv");
    std::vector<AnnotatedFace> faces;
    std::map<std::string, int> people;
    std::string line;
    std::getline(csv, line); // the names of the columns
    while (std::getline(csv, line)) {
        std::istringstream row(line);
        std::string file, person, rowSplit, x, y;
        std::getline(row, file, ',');
        std::getline(row, person, ',');
        std::getline(row, rowSplit, ',');
        const std::size_t at = file.rfind('_');
        if (rowSplit != split || at == std::string::npos || at + 1 >= file.size())
            continue;
        AnnotatedFace face;
        face.grey = cv::imread(folder + '/' + file, cv::IMREAD_GRAYSCALE);
        face.person = people.try_emplace(person, int(people.size())).first->second;
        face.recording = file[at + 1] - '0';
        bool complete = !face.grey.empty();
        for (cv::Point2f &p : face.points) {
            complete = complete && std::getline(row, x, ',') && std::getline(row, y, ',');
            if (complete)
                p = {std::stof(x), std::stof(y)};
        }
        if (complete)
            faces.push_back(face);
    }
    return faces;
}

} // namespace fw::lab

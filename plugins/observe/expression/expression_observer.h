// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "expression_report.h"
#include "faces/person_model.h"
#include "faces/unit_reader.h"
#include "rest_level.h"
#include "unit_table.h"

#include <map>
#include <memory>

namespace fw {

/// Fits the deformable head to each face and reads expression and action units: from the expression, and
/// with the reader from how the picture of the face differs from the same person's usual face. Without a
/// reader, or without pixels, from the expression alone.
class ExpressionObserver final : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    struct Person
    {
        explicit Person(PersonModel m)
            : model(std::move(m))
        {
        }
        PersonModel model;
        RestLevel rest;
        std::optional<UsualFace> usual; ///< with a reader
    };
    Person &personOf(TrackId track);
    std::optional<FaceObservation> measured(FrameIndex frame, const FaceObservation &face, const cv::Mat &grey);
    void readPixels(Person &person, const FaceObservation &face, const HeadPose &pose, const cv::Mat &grey,
                    UnitEstimate *estimate);

    std::shared_ptr<const FaceShapes> m_shapes;
    std::optional<UnitTable> m_table;
    std::optional<UnitReader> m_reader;
    UnitReading m_reading; ///< of the face that was measured last
    Camera m_camera;
    PersonOptions m_options;
    std::map<TrackId, Person> m_people;
    ExpressionReport m_report;
};

} // namespace fw

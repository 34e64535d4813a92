// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "expression_report.h"
#include "faces/person_model.h"
#include "rest_level.h"
#include "unit_table.h"

#include <map>
#include <memory>

namespace fw {

/// Fits the deformable head to each face and reads expression and action units from it.
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
    };
    Person &personOf(TrackId track);
    std::optional<FaceObservation> measured(FrameIndex frame, const FaceObservation &face);

    std::shared_ptr<const FaceShapes> m_shapes;
    std::optional<UnitTable> m_table;
    Camera m_camera;
    PersonOptions m_options;
    std::map<TrackId, Person> m_people;
    ExpressionReport m_report;
};

} // namespace fw

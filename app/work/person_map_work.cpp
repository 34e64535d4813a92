// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/person_map_work.h"

#include "behaviour/person_file.h"
#include "stats/neighbour_map.h"
#include "work/person_work.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kMostOfPerson = 500, kMostOfMember = 12, kMostOfClip = 120; ///< points

using Kind = PersonMapPoint::Kind;

struct Layout
{
    SampleMatrix rows{kBehaviourPairs, {}};
    std::vector<PersonMapPoint> points;

    void add(const BehaviourModel &model, const std::vector<BehaviourWindow> &windows, std::size_t most, Kind kind, int clip, const QString &name)
    {
        const std::size_t step = windows.size() / most + 1;
        for (std::size_t w = 0; w < windows.size(); w += step) {
            rows.add(model.standardised(fisherZ(windows[w])));
            points.push_back({0.0, 0.0, kind, clip, u"%1, from %2 s"_s.arg(name).arg(windows[w].beginSeconds, 0, 'f', 1), windows[w].beginSeconds});
        }
    }
};

} // namespace

Result<std::shared_ptr<const PersonComparison>> comparePerson(const QString &person, const ObservationLog &log,
                                                              const std::vector<double> &seconds,
                                                              const std::map<QString, QString> &observers, std::stop_token stop)
{
    auto read = readPersonFile(person);
    if (!read)
        return Failure{read.error()};
    if (const auto fault = observersFault(*read, observers))
        return fail(Errc::Mismatch, *fault);
    auto result = std::make_shared<PersonComparison>();
    auto profile = std::make_shared<const PersonProfile>(std::move(*read));
    result->path = person;
    result->profile = profile;
    result->clip = questionedWindows(log, seconds);
    result->test = testPerson(*profile, result->clip);
    Layout layout;
    const std::size_t each = std::max<std::size_t>(1, kMostOfPerson / profile->recordings.size());
    for (std::size_t r = 0; r < profile->recordings.size(); ++r)
        layout.add(*profile->model, profile->recordings[r].windows, each, Kind::Person, int(r), profile->recordings[r].name);
    for (std::size_t m = 0; m < std::min<std::size_t>(profile->cohort.members.size(), 50); ++m)
        layout.add(*profile->model, profile->cohort.members[m].windows, kMostOfMember, Kind::Cohort, int(m), profile->cohort.members[m].name);
    layout.add(*profile->model, result->clip.windows, kMostOfClip, Kind::Questioned, 0, u"This clip"_s);
    const auto places = neighbourMap(layout.rows, {}, stop);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"the comparison was stopped"_s);
    const auto axes = places ? std::nullopt : principalAxes(layout.rows, 2);
    result->neighbours = places.has_value();
    for (std::size_t i = 0; (places || axes) && i < layout.points.size(); ++i) {
        const auto flat = axes ? axes->project(layout.rows.row(i)) : std::vector<double>{};
        layout.points[i].x = places ? (*places)[i][0] : flat[0];
        layout.points[i].y = places ? (*places)[i][1] : flat.size() > 1 ? flat[1] : 0.0;
    }
    if (places || axes)
        result->map = std::move(layout.points);
    return std::shared_ptr<const PersonComparison>(std::move(result));
}

} // namespace fw

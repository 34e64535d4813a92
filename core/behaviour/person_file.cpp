// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/person_file.h"

#include "findings/cbor_fields.h"

#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kPersonMagic[5] = "FWPE";
constexpr char kCohortMagic[5] = "FWCO";
constexpr int kFormat = 1;
constexpr std::size_t kFlagBytes = (kBehaviourPairs + 7) / 8;
constexpr qint64 kMostFileBytes = qint64(256) << 20;

QCborMap windowsMap(const std::vector<BehaviourWindow> &windows)
{
    std::vector<double> begins;
    std::vector<float> r;
    std::vector<quint8> flags;
    for (const BehaviourWindow &w : windows) {
        begins.push_back(w.beginSeconds);
        r.insert(r.end(), w.r.begin(), w.r.end());
        for (std::size_t b = 0; b < kFlagBytes; ++b) {
            quint8 bits = 0;
            for (std::size_t i = 0; i < 8 && 8 * b + i < kBehaviourPairs; ++i)
                bits |= quint8(w.flagged[8 * b + i] ? 1 << i : 0);
            flags.push_back(bits);
        }
    }
    return {{u"begins"_s, arrayBytes(begins)}, {u"r"_s, arrayBytes(r)}, {u"flags"_s, arrayBytes(flags)}};
}

std::vector<BehaviourWindow> readWindows(const FieldReader &map)
{
    const auto begins = map.numbers<double>("begins"_L1);
    const auto r = map.numbers<float>("r"_L1);
    const auto flags = map.numbers<quint8>("flags"_L1);
    const auto good = [](auto v) { return std::isfinite(v); };
    std::vector<BehaviourWindow> windows;
    if (!map.check(r.size() == begins.size() * kBehaviourPairs && flags.size() == begins.size() * kFlagBytes
                   && std::ranges::all_of(begins, good) && std::ranges::is_sorted(begins)
                   && std::ranges::all_of(r, [](float v) { return std::abs(v) <= 1.001f; })))
        return windows;
    for (std::size_t w = 0; w < begins.size(); ++w) {
        BehaviourWindow window;
        window.beginSeconds = begins[w];
        for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
            window.r[p] = double(r[w * kBehaviourPairs + p]);
            window.flagged[p] = flags[w * kFlagBytes + p / 8] & (1 << (p % 8));
        }
        windows.push_back(window);
    }
    return windows;
}

QCborArray cohortArray(const BehaviourCohort &cohort)
{
    QCborArray members;
    for (const auto &m : cohort.members)
        members.append(QCborMap{{u"name"_s, m.name}, {u"sha256"_s, m.sha256}, {u"windows"_s, windowsMap(m.windows)}});
    return members;
}

BehaviourCohort readCohort(const FieldReader &map)
{
    BehaviourCohort cohort;
    for (const QCborValue &value : map.list("cohort"_L1)) {
        const FieldReader member = map.of(value);
        cohort.members.push_back({member.text("name"_L1), member.text("sha256"_L1), readWindows(member.inner("windows"_L1))});
    }
    return cohort;
}

Result<QCborMap> unpacked(const char (&magic)[5], const QByteArray &bytes, const QString &where)
{
    const auto body = unsealed(magic, bytes);
    if (!body)
        return fail(Errc::BadData, body.error().what, where);
    QCborParserError fault;
    const QCborValue value = QCborValue::fromCbor(*body, &fault);
    if (fault.error != QCborError::NoError || !value.isMap())
        return fail(Errc::BadData, u"the contents are damaged"_s, where);
    if (value.toMap().value(u"format"_s).toInteger() != kFormat)
        return fail(Errc::Unsupported, u"the file is of another version of its format"_s, where);
    return value.toMap();
}

Result<void> save(const QByteArray &bytes, const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

Result<QByteArray> load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    if (file.size() > kMostFileBytes)
        return fail(Errc::Unsupported, u"is larger than 256 MiB"_s, path);
    return file.readAll();
}

} // namespace

QByteArray personBytes(const PersonProfile &profile)
{
    QCborMap observers;
    for (const auto &[id, version] : profile.observers)
        observers.insert(id, version);
    QCborArray recordings;
    for (const PersonRecording &r : profile.recordings) {
        recordings.append(QCborMap{{u"name"_s, r.name}, {u"sha256"_s, r.sha256},
                                   {u"seconds"_s, r.usableSeconds}, {u"windows"_s, windowsMap(r.windows)}});
    }
    const PersonSelfTest &t = profile.selfTest;
    const QCborMap test{{u"rejected"_s, t.rejectedShare}, {u"scores"_s, arrayBytes(t.scores)}, {u"ratios"_s, arrayBytes(t.ratios)},
                        {u"cohortScores"_s, arrayBytes(t.cohortScores)}, {u"cohortRatios"_s, arrayBytes(t.cohortRatios)},
                        {u"scoreArea"_s, t.scoreArea}, {u"ratioArea"_s, t.ratioArea}, {u"ratioAreaLow"_s, t.ratioAreaLow},
                        {u"clips"_s, t.clips}, {u"cohortClips"_s, t.cohortClips}};
    const QCborMap map{{u"format"_s, kFormat}, {u"name"_s, profile.name}, {u"madeBy"_s, profile.madeBy},
                       {u"provenance"_s, profile.provenance}, {u"observers"_s, observers},
                       {u"recordings"_s, recordings}, {u"cohort"_s, cohortArray(profile.cohort)},
                       {u"nu"_s, profile.options.nu}, {u"gamma"_s, profile.options.gamma},
                       {u"machine"_s, profile.model ? profile.model->svm().toBytes() : QByteArray()},
                       {u"selfTest"_s, test}};
    return sealed(kPersonMagic, map.toCborValue().toCbor());
}

Result<PersonProfile> personFromBytes(const QByteArray &bytes, const QString &where)
{
    const auto map = unpacked(kPersonMagic, bytes, where);
    if (!map)
        return Failure{map.error()};
    bool ok = true;
    const FieldReader reader(*map, &ok);
    PersonProfile profile;
    profile.name = reader.text("name"_L1);
    profile.madeBy = reader.text("madeBy"_L1);
    profile.provenance = reader.text("provenance"_L1);
    const QCborMap observers = reader.raw("observers"_L1).toMap();
    for (auto it = observers.begin(); it != observers.end(); ++it)
        profile.observers[it.key().toString()] = it.value().toString();
    for (const QCborValue &value : reader.list("recordings"_L1)) {
        const FieldReader r = reader.of(value);
        profile.recordings.push_back({r.text("name"_L1), r.text("sha256"_L1), r.number("seconds"_L1), readWindows(r.inner("windows"_L1))});
    }
    profile.cohort = readCohort(reader);
    profile.options = {reader.number("nu"_L1), reader.number("gamma"_L1)};
    const FieldReader t = reader.inner("selfTest"_L1);
    profile.selfTest = {t.number("rejected"_L1), t.numbers<float>("scores"_L1), t.numbers<float>("ratios"_L1),
                        t.numbers<float>("cohortScores"_L1), t.numbers<float>("cohortRatios"_L1), t.number("scoreArea"_L1),
                        t.number("ratioArea"_L1), t.number("ratioAreaLow"_L1), int(t.integer("clips"_L1)), int(t.integer("cohortClips"_L1))};
    const std::size_t scores = profile.selfTest.scores.size();
    const auto machine = KernelSvm::fromBytes(reader.raw("machine"_L1).toByteArray());
    if (!ok || !machine || machine->width() != kBehaviourPairs || (scores != 0 && scores != profile.windows())
        || !(profile.options.nu > 0.0 && profile.options.nu <= 1.0))
        return fail(Errc::BadData, u"this is no whole enrolment of a person"_s, where);
    auto model = modelOf(profile, *machine);
    if (!model)
        return fail(Errc::BadData, model.error().what, where);
    profile.model = std::move(*model);
    return profile;
}

Result<void> writePersonFile(const PersonProfile &profile, const QString &path)
{
    return save(personBytes(profile), path);
}

Result<PersonProfile> readPersonFile(const QString &path)
{
    const auto bytes = load(path);
    return bytes ? personFromBytes(*bytes, path) : Result<PersonProfile>(Failure{bytes.error()});
}

std::optional<QString> observersFault(const PersonProfile &profile, const std::map<QString, QString> &versions)
{
    for (const auto &[id, version] : profile.observers) {
        const auto now = versions.find(id);
        if (now == versions.end() || now->second != version)
            return u"%1 was enrolled with %2 %3, and now it is %4; enrol again"_s.arg(profile.name, id, version,
                                                                                     now == versions.end() ? u"absent"_s : now->second);
    }
    if (profile.observers.empty())
        return u"the enrolment does not say what measured it"_s;
    return std::nullopt;
}

Result<void> writeCohortFile(const BehaviourCohort &cohort, const QString &path)
{
    const QCborMap map{{u"format"_s, kFormat}, {u"cohort"_s, cohortArray(cohort)}};
    return save(sealed(kCohortMagic, map.toCborValue().toCbor()), path);
}

Result<BehaviourCohort> readCohortFile(const QString &path)
{
    const auto bytes = load(path);
    if (!bytes)
        return Failure{bytes.error()};
    const auto map = unpacked(kCohortMagic, *bytes, path);
    if (!map)
        return Failure{map.error()};
    bool ok = true;
    BehaviourCohort cohort = readCohort(FieldReader(*map, &ok));
    if (!ok)
        return fail(Errc::BadData, u"this is no whole cohort"_s, path);
    return cohort;
}

} // namespace fw

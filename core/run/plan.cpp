// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/plan.h"

#include "base/hash.h"
#include "detect/capabilities.h"

#include <QFileInfo>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Why this clip is none for the method; nullopt when it is.
std::optional<QString> clipFault(const Manifest &m, const ClipFacts &clip)
{
    if (clip.media.still && !m.onStills)
        return u"the method works on video, and this is a still picture"_s;
    if (!clip.media.still && !m.onVideo)
        return u"the method works on still pictures, and this is a video"_s;
    if (!clip.media.still && clip.durationSeconds < m.minSeconds) {
        return u"the clip lasts %1 s; the method needs %2 s"_s.arg(clip.durationSeconds, 0, 'f', 1)
            .arg(m.minSeconds, 0, 'f', 1);
    }
    if (m.needs.contains(capability::kJpeg) && !clip.jpeg)
        return u"the method reads the stored form of a JPEG picture, and this is none"_s;
    return std::nullopt;
}

class Planner
{
public:
    Planner(const PluginRegistry &registry, const ClipFacts &clip)
        : m_registry(registry)
        , m_entries(registry.entries())
        , m_clip(clip)
    {
    }

    Plan make(const std::vector<MethodChoice> &methods)
    {
        for (const MethodChoice &method : methods) {
            if (!m_requested.insert(method.pluginId).second)
                continue;
            const PluginEntry *entry = m_registry.find(method.pluginId);
            const QString option = entry ? entry->manifest.standsIn : QString();
            if (!option.isEmpty() && !method.options.value(option).toString().isEmpty())
                m_standIns.insert(method.pluginId);
        }
        for (const MethodChoice &method : methods)
            add(method.pluginId, &method.options);
        while (!m_open.empty()) {
            const QString id = m_open.front();
            m_open.pop_front();
            resolveNeeds(id);
        }
        return ordered();
    }

private:
    void add(const QString &id, const QJsonObject *options)
    {
        if (m_methods.contains(id))
            return; // named twice: the first options count
        PlannedMethod method;
        method.requested = options != nullptr;
        if (const PluginEntry *entry = m_registry.find(id))
            method.entry = *entry;
        else
            method.entry.refusal =
                Error{Errc::NotFound, u"no plugin with this id is installed"_s, id};
        Manifest &manifest = method.entry.manifest;
        manifest.id = id;
        if (manifest.name.isEmpty())
            manifest.name = id;
        if (method.entry.refusal) {
            method.notRun = {RunState::NotApplicable,
                             u"the plugin cannot be used: %1"_s.arg(method.entry.refusal->what)};
        } else if (auto checked = checkedOptions(manifest, options ? *options : QJsonObject())) {
            method.options = std::move(checked).value();
            if (const auto fault = clipFault(manifest, m_clip))
                method.notRun = {RunState::NotApplicable, *fault};
            else if (const auto missing = takeChosenFiles(method))
                method.notRun = {RunState::Failed, *missing};
            else if (!manifest.standsIn.isEmpty() && !m_standIns.contains(id))
                method.notRun = {RunState::NotApplicable, u"no file was chosen for it"_s};
            else if (const PluginEntry *other = standInFor(manifest))
                method.notRun = {RunState::NotApplicable,
                                 u"'%1' stands in for it with a chosen file"_s.arg(other->manifest.name)};
        } else {
            method.notRun = {RunState::Failed, checked.error().what};
        }
        m_methods.emplace(id, std::move(method));
        m_open.push_back(id);
    }

    /// Files that options name are handed over like models. @return why one cannot be.
    static std::optional<QString> takeChosenFiles(PlannedMethod &method)
    {
        for (const OptionSpec &option : method.entry.manifest.options) {
            const QString path = method.options.value(option.name).toString();
            if (option.type != OptionSpec::Type::File || path.isEmpty())
                continue;
            const auto hashes = hashFile(path);
            if (!hashes)
                return u"option '%1': %2"_s.arg(option.name, hashes.error().text());
            method.entry.modelPaths[option.name] = path;
            method.entry.modelHashes[option.name] = hexText(hashes->sha256);
            // The record keeps the name, not the folder: equal bytes give equal results.
            method.options.insert(option.name, QFileInfo(path).fileName());
        }
        return std::nullopt;
    }

    void resolveNeeds(const QString &id)
    {
        if (m_methods.at(id).notRun)
            return;
        const QStringList needs = m_methods.at(id).entry.manifest.needs;
        for (const QString &need : needs) {
            if (capability::isGivenByHost(need))
                continue;
            const PluginEntry *giver = giverOf(need);
            if (!giver) {
                m_methods.at(id).notRun = {RunState::NotApplicable,
                                           u"no installed plugin gives '%1'"_s.arg(need)};
                return;
            }
            m_givers[id].insert(giver->manifest.id);
            add(giver->manifest.id, nullptr);
        }
    }

    /// The chosen stand-in that gives everything that this observer gives; null: there is none.
    const PluginEntry *standInFor(const Manifest &observer) const
    {
        if (observer.kind != PluginKind::Observer || observer.gives.isEmpty())
            return nullptr;
        for (const PluginEntry &e : m_entries) {
            const QStringList &gives = e.manifest.gives;
            if (e.manifest.id != observer.id && m_standIns.contains(e.manifest.id) && !e.refusal &&
                std::all_of(observer.gives.begin(), observer.gives.end(),
                            [&](const QString &g) { return gives.contains(g); }))
                return &e;
        }
        return nullptr;
    }

    /// A usable observer if there is one, else a refused one, whose reason is then told.
    const PluginEntry *giverOf(const QString &need) const
    {
        const auto rank = [this](const PluginEntry &e) {
            const bool unchosen = !e.manifest.standsIn.isEmpty() && !m_standIns.contains(e.manifest.id);
            return std::tuple(unchosen, e.refusal.has_value(), !m_standIns.contains(e.manifest.id),
                              !m_requested.contains(e.manifest.id), e.manifest.id);
        };
        const PluginEntry *best = nullptr;
        for (const PluginEntry &e : m_entries) {
            if (e.manifest.kind != PluginKind::Observer || !e.manifest.gives.contains(need))
                continue;
            if (!best || rank(e) < rank(*best))
                best = &e;
        }
        return best;
    }

    Plan ordered()
    {
        Plan plan;
        std::map<QString, std::size_t> placed;
        const auto ready = [&](const QString &id) {
            return std::all_of(m_givers[id].begin(), m_givers[id].end(),
                               [&](const QString &g) { return placed.contains(g); });
        };
        const auto place = [&](const QString &id) {
            placed[id] = plan.size();
            plan.push_back(m_methods.at(id));
            linkTo(plan, m_givers[id], placed);
        };
        for (const bool observers : {true, false}) {
            std::set<QString> left;
            for (const auto &[id, method] : m_methods) {
                if (method.isObserver() == observers)
                    left.insert(id);
            }
            while (!left.empty()) {
                auto next = std::find_if(left.begin(), left.end(), ready);
                if (next == left.end()) { // only observers can wait for each other
                    next = left.begin();
                    m_methods.at(*next).notRun = {RunState::NotApplicable,
                                                  u"it needs what is made from its own result"_s};
                    m_givers[*next].clear();
                }
                place(*next);
                left.erase(next);
            }
        }
        return plan;
    }

    /// Fills in the last method's observers and hands on why one of them cannot run.
    static void linkTo(Plan &plan, const std::set<QString> &givers,
                       const std::map<QString, std::size_t> &placed)
    {
        PlannedMethod &method = plan.back();
        std::set<std::size_t> all;
        for (const QString &giver : givers) {
            const std::size_t at = placed.at(giver);
            const PlannedMethod &observer = plan[at];
            all.insert(at);
            all.insert(observer.observers.begin(), observer.observers.end());
            if (observer.notRun && !method.notRun) {
                method.notRun = {RunState::NotApplicable,
                                 u"it needs '%1', which cannot run here: %2"_s.arg(
                                     observer.entry.manifest.name, observer.notRun->reason)};
            }
        }
        method.observers.assign(all.begin(), all.end());
    }

    const PluginRegistry &m_registry;
    const std::vector<PluginEntry> m_entries;
    const ClipFacts &m_clip;
    std::set<QString> m_requested;
    std::set<QString> m_standIns; ///< requested with their file
    std::map<QString, PlannedMethod> m_methods;
    std::map<QString, std::set<QString>> m_givers; ///< method -> observers it builds on directly
    std::deque<QString> m_open;
};

} // namespace

Plan makePlan(const PluginRegistry &registry, const std::vector<MethodChoice> &methods,
              const ClipFacts &clip)
{
    return Planner(registry, clip).make(methods);
}

} // namespace fw

// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/plugin_registry.h"

#include "run/guarded.h"
#include "run/model_check.h"

#include <QDir>
#include <QFileInfo>
#include <QPluginLoader>
#include <QSet>

#include <algorithm>
#include <mutex>
#include <tuple>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// One plugin as the registry keeps it. `entry` is replaced, never changed, so that a pointer that
/// was handed out stays good.
struct Slot
{
    std::shared_ptr<const PluginEntry> entry;
    std::shared_ptr<PluginFactory> factory; ///< set by add, or after loading
    bool added = false;
};

void refuse(PluginEntry &entry, Error error)
{
    if (!entry.refusal)
        entry.refusal = std::move(error);
}

PluginEntry readFolder(const QString &folder, ModelCheck &models)
{
    PluginEntry entry;
    entry.folder = folder;
    const QString manifestPath = folder + u"/manifest.json"_s;
    if (!QFileInfo::exists(manifestPath)) {
        refuse(entry, {Errc::NotFound, u"there is no manifest.json"_s, folder});
    } else if (const auto read = readManifest(manifestPath, &entry.manifest); !read) {
        refuse(entry, read.error());
    }
    if (entry.manifest.id.isEmpty())
        entry.manifest.id = QFileInfo(folder).fileName();
    if (entry.manifest.name.isEmpty())
        entry.manifest.name = entry.manifest.id;
    const QStringList libraries = QDir(folder).entryList({u"*.so"_s}, QDir::Files, QDir::Name);
    if (libraries.size() == 1) {
        entry.libraryPath = folder + u'/' + libraries.first();
    } else {
        refuse(entry, {Errc::NotFound,
                       libraries.isEmpty() ? u"there is no library beside the manifest"_s
                                           : u"there is more than one library"_s,
                       folder});
    }
    if (entry.refusal)
        return entry; // models of a plugin that cannot be used need no reading
    for (const ModelSpec &model : entry.manifest.models) {
        auto hash = models.check(model);
        if (!hash) {
            refuse(entry, {hash.error().code, hash.error().text(), entry.manifest.id});
            break;
        }
        entry.modelPaths[model.id] = models.pathOf(model);
        entry.modelHashes[model.id] = hash.value();
    }
    return entry;
}

Result<std::shared_ptr<PluginFactory>> load(const QString &path, const QString &id)
{
    QPluginLoader loader(path);
    const QString iid = loader.metaData().value(u"IID"_s).toString(); // does not load
    if (iid.isEmpty())
        return fail(Errc::Plugin, u"%1 is no plugin library: %2"_s.arg(path, loader.errorString()));
    if (iid != QLatin1StringView(FW_PLUGIN_IID)) {
        return fail(Errc::Mismatch, u"%1 was made for the interface %2, this program has %3"_s.arg(
                                        path, iid, QLatin1StringView(FW_PLUGIN_IID)));
    }
    const auto instance = guarded(id, [&]() -> Result<QObject *> { return loader.instance(); });
    if (!instance || !*instance) {
        const QString why = instance ? loader.errorString() : instance.error().what;
        return fail(Errc::Plugin, u"cannot be loaded: %1"_s.arg(why));
    }
    auto *factory = qobject_cast<PluginFactory *>(*instance);
    if (!factory)
        return fail(Errc::Plugin, u"%1 holds no plugin factory"_s.arg(path));
    // The library stays loaded until the program ends, and its root object with it.
    return std::shared_ptr<PluginFactory>(factory, [](PluginFactory *) {});
}

} // namespace

struct PluginRegistry::Impl
{
    mutable std::mutex mutex; ///< guards everything below; held for moments only
    std::mutex loadMutex;     ///< one library at a time; taken before `mutex`
    std::vector<Slot> plugins;
    std::vector<std::shared_ptr<const PluginEntry>> replaced; ///< kept for pointers handed out

    Slot *findSlot(const QString &id);
    void insert(Slot slot);
    Result<std::shared_ptr<PluginFactory>> factory(const QString &id);
    Error remember(const QString &id, Errc code, const QString &why);
};

Slot *PluginRegistry::Impl::findSlot(const QString &id)
{
    Slot *refused = nullptr;
    for (Slot &slot : plugins) {
        if (slot.entry->manifest.id != id)
            continue;
        if (!slot.entry->refusal)
            return &slot;
        refused = refused ? refused : &slot;
    }
    return refused;
}

void PluginRegistry::Impl::insert(Slot slot)
{
    const Slot *other = findSlot(slot.entry->manifest.id);
    if (other && !other->entry->refusal && !slot.entry->refusal) {
        PluginEntry entry = *slot.entry;
        refuse(entry,
               {Errc::Plugin,
                u"another plugin has the same id%1"_s.arg(
                    other->entry->folder.isEmpty() ? QString() : u": "_s + other->entry->folder),
                entry.manifest.id});
        slot.entry = std::make_shared<const PluginEntry>(std::move(entry));
    }
    plugins.push_back(std::move(slot));
    std::stable_sort(plugins.begin(), plugins.end(), [](const Slot &a, const Slot &b) {
        const Manifest &x = a.entry->manifest, &y = b.entry->manifest;
        return std::tie(x.family, x.name, x.id) < std::tie(y.family, y.name, y.id);
    });
}

Error PluginRegistry::Impl::remember(const QString &id, Errc code, const QString &why)
{
    const std::lock_guard lock(mutex);
    const Error error{code, why, id};
    if (Slot *slot = findSlot(id)) {
        PluginEntry entry = *slot->entry;
        entry.refusal = error;
        replaced.push_back(slot->entry);
        slot->entry = std::make_shared<const PluginEntry>(std::move(entry));
    }
    return error;
}

/// Loading takes long (a network library needs half a second), so it holds a lock of its own and
/// nobody who only looks at the entries waits for it.
Result<std::shared_ptr<PluginFactory>> PluginRegistry::Impl::factory(const QString &id)
{
    const std::lock_guard loading(loadMutex);
    QString path;
    {
        const std::lock_guard lock(mutex);
        const Slot *slot = findSlot(id);
        if (!slot)
            return fail(Errc::NotFound, u"no plugin with this id is installed"_s, id);
        if (slot->entry->refusal)
            return Failure{*slot->entry->refusal};
        if (slot->factory)
            return slot->factory;
        path = slot->entry->libraryPath;
    }
    auto loaded = load(path, id);
    if (!loaded)
        return Failure{remember(id, loaded.error().code, loaded.error().what)};
    const std::lock_guard lock(mutex);
    if (Slot *slot = findSlot(id))
        slot->factory = *loaded;
    return loaded;
}

PluginRegistry::PluginRegistry()
    : m_impl(std::make_unique<Impl>())
{
}
PluginRegistry::~PluginRegistry() = default;

void PluginRegistry::scan(const QStringList &folders, const QString &modelsFolder)
{
    std::vector<PluginEntry> found;
    ModelCheck models(modelsFolder);
    QSet<QString> seen;
    for (const QString &folder : folders) {
        const QDir dir(folder);
        for (const QFileInfo &sub :
             dir.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
            const QString path = sub.canonicalFilePath();
            if (path.isEmpty() || seen.contains(path))
                continue; // one folder named twice, or a dangling link
            seen.insert(path);
            found.push_back(readFolder(path, models));
        }
    }
    const std::lock_guard lock(m_impl->mutex);
    std::erase_if(m_impl->plugins, [this](const Slot &slot) {
        if (!slot.added)
            m_impl->replaced.push_back(slot.entry);
        return !slot.added;
    });
    for (PluginEntry &entry : found)
        m_impl->insert({std::make_shared<const PluginEntry>(std::move(entry)), nullptr, false});
}

void PluginRegistry::add(PluginEntry entry, std::shared_ptr<PluginFactory> factory)
{
    const std::lock_guard lock(m_impl->mutex);
    m_impl->insert(
        {std::make_shared<const PluginEntry>(std::move(entry)), std::move(factory), true});
}

std::vector<PluginEntry> PluginRegistry::entries() const
{
    const std::lock_guard lock(m_impl->mutex);
    std::vector<PluginEntry> entries;
    for (const Slot &slot : m_impl->plugins)
        entries.push_back(*slot.entry);
    return entries;
}

const PluginEntry *PluginRegistry::find(const QString &id) const
{
    const std::lock_guard lock(m_impl->mutex);
    const Slot *slot = m_impl->findSlot(id);
    return slot ? slot->entry.get() : nullptr;
}

namespace {

template <class T, class Create>
Result<std::unique_ptr<T>> create(const QString &id, const char *kind, Create &&call)
{
    return guarded(id, [&]() -> Result<std::unique_ptr<T>> {
        std::unique_ptr<T> made = call();
        if (!made) {
            return fail(Errc::Plugin, u"the factory made no %1"_s.arg(QLatin1StringView(kind)), id);
        }
        return made;
    });
}

} // namespace

Result<std::unique_ptr<Observer>> PluginRegistry::createObserver(const QString &id)
{
    const auto factory = m_impl->factory(id);
    if (!factory)
        return Failure{factory.error()};
    return create<Observer>(id, "observer", [&] { return (*factory)->createObserver(); });
}

Result<std::unique_ptr<Detector>> PluginRegistry::createDetector(const QString &id)
{
    const auto factory = m_impl->factory(id);
    if (!factory)
        return Failure{factory.error()};
    return create<Detector>(id, "detector", [&] { return (*factory)->createDetector(); });
}

} // namespace fw

// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/help/shortcuts.h"

#include <QVariant>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kDefault[] = "fwDefaultShortcuts";

bool isNamed(const QAction *action)
{
    return action && !action->objectName().isEmpty() && !action->text().isEmpty();
}

} // namespace

void rememberDefaultShortcuts(const QList<QAction *> &actions)
{
    for (QAction *action : actions)
        if (isNamed(action))
            action->setProperty(kDefault, QKeySequence::listToString(action->shortcuts(), QKeySequence::PortableText));
}

QList<QKeySequence> defaultShortcuts(const QAction *action)
{
    return QKeySequence::listFromString(action->property(kDefault).toString(), QKeySequence::PortableText);
}

QJsonObject changedShortcuts(const QList<QAction *> &actions)
{
    QJsonObject changed;
    for (const QAction *action : actions) {
        if (!isNamed(action))
            continue;
        const QString now = QKeySequence::listToString(action->shortcuts(), QKeySequence::PortableText);
        if (now != action->property(kDefault).toString())
            changed.insert(action->objectName(), now);
    }
    return changed;
}

void applyShortcuts(const QList<QAction *> &actions, const QJsonObject &changed)
{
    for (QAction *action : actions) {
        const QJsonValue value = isNamed(action) ? changed.value(action->objectName()) : QJsonValue();
        if (!value.isString())
            continue;
        const QString keys = value.toString(); // an empty text would give a list of one empty key
        action->setShortcuts(keys.isEmpty() ? QList<QKeySequence>()
                                            : QKeySequence::listFromString(keys, QKeySequence::PortableText));
    }
}

QString actionTitle(const QAction *action)
{
    QString title = action->text().section(u'\t', 0, 0); // behind the tab: keys that views handle
    title.replace(u"&&"_s, u"\x01"_s).remove(u'&').replace(u'\x01', u'&');
    while (title.endsWith(u'.') || title.endsWith(u'…') || title.endsWith(u' '))
        title.chop(1);
    return title;
}

QString shortcutText(const QAction *action)
{
    if (action->shortcuts().isEmpty())
        return action->text().section(u'\t', 1); // keys that the views handle themselves
    return QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText);
}

QAction *actionWithShortcut(const QList<QAction *> &actions, const QKeySequence &keys, const QAction *but)
{
    if (keys.isEmpty())
        return nullptr;
    for (QAction *action : actions)
        if (action != but && action->shortcuts().contains(keys))
            return action;
    return nullptr;
}

QString shortcutsAsText(const QList<QAction *> &actions)
{
    QString text;
    for (const QAction *action : actions)
        if (isNamed(action))
            text += shortcutText(action) + u'\t' + actionTitle(action) + u'\n';
    return text;
}

} // namespace fw

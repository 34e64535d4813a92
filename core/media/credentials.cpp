// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/credentials.h"

#include "media/cose_p.h"
#include "media/jumbf_p.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QCryptographicHash>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr qint64 kMaxSignedBytes = qint64(1) << 30;

QCborMap cborOf(const JumbfBox *box)
{
    return box && box->contentType == "cbor" ? wholeCbor(box->content).toMap() : QCborMap();
}

std::optional<QByteArray> digestOf(const QString &algorithm, const QByteArray &bytes)
{
    if (algorithm == u"sha256"_s)
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    if (algorithm == u"sha384"_s)
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha384);
    if (algorithm == u"sha512"_s)
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha512);
    return std::nullopt;
}

/// Follows "self#jumbf=/c2pa/manifest/c2pa.assertions/name" or a path within the manifest.
const JumbfBox *resolve(const QString &url, const JumbfBox &store, const JumbfBox &manifest)
{
    QString path = url.section(u'=', -1);
    const JumbfBox *at = &manifest;
    if (path.startsWith(u'/')) {
        path = path.mid(1);
        if (path.section(u'/', 0, 0) != store.label)
            return nullptr;
        path = path.section(u'/', 1);
        at = &store;
    }
    for (const QString &name : path.split(u'/', Qt::SkipEmptyParts)) {
        at = at ? at->child(name) : nullptr;
    }
    return at;
}

QString sourceTypeWord(const QString &url)
{
    return url.section(u'/', -1);
}

void addActions(const QCborMap &assertion, Credentials *to)
{
    for (const QCborValue &value : assertion.value(u"actions"_s).toArray()) {
        const QCborMap action = value.toMap();
        const QCborValue agent = action.value(u"softwareAgent"_s);
        to->actions.push_back({action.value(u"action"_s).toString(),
                               agent.isMap() ? agent.toMap().value(u"name"_s).toString() : agent.toString(),
                               sourceTypeWord(action.value(u"digitalSourceType"_s).toString())});
    }
}

/// The bytes that a c2pa.hash.data assertion binds; nullopt when its ranges do not lie in the file.
std::optional<QByteArray> boundBytes(const QCborMap &assertion, const QByteArray &file)
{
    struct Range { qint64 start, length; };
    std::vector<Range> ranges;
    for (const QCborValue &value : assertion.value(u"exclusions"_s).toArray())
        ranges.push_back({value.toMap().value(u"start"_s).toInteger(-1), value.toMap().value(u"length"_s).toInteger(-1)});
    std::sort(ranges.begin(), ranges.end(), [](const Range &a, const Range &b) { return a.start < b.start; });
    QByteArray bytes;
    qint64 at = 0;
    for (const Range &range : ranges) {
        if (range.start < at || range.length < 0 || range.start > file.size() || range.length > file.size() - range.start)
            return std::nullopt;
        bytes += file.mid(at, range.start - at);
        at = range.start + range.length;
    }
    return bytes + file.mid(at);
}

struct Outcome
{
    CredentialState state;
    QString reason;
};

/// The binding of the file's bytes to the claim.
Outcome checkBinding(const JumbfBox &assertions, const QString &claimAlgorithm, const QByteArray &file)
{
    const JumbfBox *box = assertions.child(u"c2pa.hash.data"_s);
    if (!box)
        return {CredentialState::BindingUnchecked,
                u"The signature holds, but the claim binds the file's bytes in a way that is not checked here."_s};
    const QCborMap assertion = cborOf(box);
    const auto bytes = boundBytes(assertion, file);
    const auto digest = bytes ? digestOf(assertion.value(u"alg"_s).toString(claimAlgorithm), *bytes) : std::nullopt;
    if (!digest)
        return {CredentialState::Malformed, u"The binding names ranges outside the file or an unknown hash."_s};
    if (*digest != assertion.value(u"hash"_s).toByteArray())
        return {CredentialState::ContentChanged, u"The file's content was changed after signing: its bytes have another hash than the signed one."_s};
    return {CredentialState::Valid, u"The bound bytes, the assertions and the signature agree."_s};
}

Outcome check(const JumbfBox &store, const JumbfBox &manifest, const QByteArray &file, Credentials *to)
{
    const JumbfBox *claimBox = manifest.child(u"c2pa.claim"_s);
    if (!claimBox)
        claimBox = manifest.child(u"c2pa.claim.v2"_s);
    const JumbfBox *signature = manifest.child(u"c2pa.signature"_s);
    const JumbfBox *assertions = manifest.child(u"c2pa.assertions"_s);
    const QCborMap claim = cborOf(claimBox);
    if (!signature || !assertions || claim.isEmpty())
        return {CredentialState::Malformed, u"The manifest lacks its claim, its assertions or its signature."_s};
    to->title = claim.value(u"dc:title"_s).toString();
    to->generator = claim.value(u"claim_generator"_s).toString();
    if (to->generator.isEmpty())
        to->generator = claim.value(u"claim_generator_info"_s).toMap().value(u"name"_s).toString();
    to->instanceId = claim.value(u"instanceID"_s).toString();
    const QString algorithm = claim.value(u"alg"_s).toString(u"sha256"_s);

    QCborArray listed = claim.value(u"assertions"_s).toArray();
    for (const QString &more : {u"created_assertions"_s, u"gathered_assertions"_s}) {
        for (const QCborValue &value : claim.value(more).toArray())
            listed.append(value);
    }
    QString broken;
    for (const QCborValue &value : listed) {
        const QCborMap reference = value.toMap();
        const QString url = reference.value(u"url"_s).toString();
        const JumbfBox *box = resolve(url, store, manifest);
        to->assertions.append(url.section(u'/', -1));
        const auto digest = box ? digestOf(reference.value(u"alg"_s).toString(algorithm), box->bytes) : std::nullopt;
        if (!digest || *digest != reference.value(u"hash"_s).toByteArray())
            broken = url.section(u'/', -1);
        if (!box)
            continue;
        if (box->label.startsWith(u"c2pa.actions"_s))
            addActions(cborOf(box), to);
        if (box->label.startsWith(u"c2pa.ingredient"_s))
            to->ingredients.append(cborOf(box).value(u"dc:title"_s).toString(u"without a title"_s));
    }
    const auto signedBy = checkSign1(signature->content, claimBox->content);
    if (!signedBy)
        return {CredentialState::Malformed, u"The signature cannot be checked: "_s + signedBy.error().what + u'.'};
    to->algorithm = signedBy->algorithm;
    to->chain = signedBy->chain;
    to->chainConsistent = signedBy->chainConsistent;
    if (!signedBy->holds)
        return {CredentialState::ClaimChanged, u"The claim was changed after signing: its signature does not hold."_s};
    if (!broken.isEmpty())
        return {CredentialState::ClaimChanged, u"The assertion \"%1\" was changed after signing or is missing."_s.arg(broken)};
    if (listed.isEmpty())
        return {CredentialState::Malformed, u"The claim lists no assertions."_s};
    // Only what the claim lists is signed, so a binding that it does not list binds nothing.
    if (assertions->child(u"c2pa.hash.data"_s) && !to->assertions.contains(u"c2pa.hash.data"_s))
        return {CredentialState::ClaimChanged, u"The binding to the file's bytes is not part of the signed claim."_s};
    return checkBinding(*assertions, algorithm, file);
}

} // namespace

Credentials checkCredentials(const QByteArray &file)
{
    Credentials result;
    const auto malformed = [&](const QString &why) {
        result.state = CredentialState::Malformed;
        result.reason = u"The credentials are damaged: %1."_s.arg(why);
        return result;
    };
    const auto store = findManifestStore(file);
    if (!store)
        return malformed(store.error().what);
    if (!*store) {
        result.reason = u"The file carries no Content Credentials, as nearly all files do."_s;
        return result;
    }
    const auto tree = readJumbf(**store);
    if (!tree)
        return malformed(tree.error().what);
    result.manifests = int(tree->children.size());
    if (tree->children.empty())
        return malformed(u"the store holds no manifest"_s);
    const Outcome found = check(*tree, tree->children.back(), file, &result); // the last one is the active one
    result.state = found.state;
    result.reason = found.reason;
    return result;
}

Result<Credentials> readCredentials(const QString &path)
{
    QFile input(path);
    if (!input.open(QIODevice::ReadOnly))
        return fail(input.exists() ? Errc::Unreadable : Errc::NotFound, input.errorString(), path);
    const QByteArray start = input.peek(8);
    if (!start.startsWith("\xFF\xD8") && !start.startsWith("\x89PNG"))
        return fail(Errc::Unsupported, u"credentials are read from JPEG and PNG files only"_s, path);
    if (input.size() > kMaxSignedBytes)
        return fail(Errc::Unsupported, u"the file is too large for a photograph (over 1 GB)"_s, path);
    return checkCredentials(input.readAll());
}

QString credentialStateName(CredentialState state)
{
    switch (state) {
    case CredentialState::Absent: return u"absent"_s;
    case CredentialState::Valid: return u"valid"_s;
    case CredentialState::ContentChanged: return u"content-changed"_s;
    case CredentialState::ClaimChanged: return u"claim-changed"_s;
    case CredentialState::BindingUnchecked: return u"binding-unchecked"_s;
    case CredentialState::Malformed: break;
    }
    return u"malformed"_s;
}

} // namespace fw

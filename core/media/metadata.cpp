// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/metadata.h"

#include "media/metadata_p.h"

#include <QFile>
#include <QFileInfo>

#include <exiv2/exiv2.hpp>

#include <mutex>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kMaxEntries = 20000;  // a hostile file must not fill the memory
constexpr int kMaxValueChars = 4096;

/// libexiv2's XMP toolkit and its log handler are global, so one reader works at a time.
std::mutex &exivMutex()
{
    static std::mutex mutex;
    return mutex;
}

QStringList *g_warnings = nullptr; // guarded by exivMutex

void keepWarning(int level, const char *text)
{
    if (g_warnings && level >= Exiv2::LogMsg::warn && g_warnings->size() < 20)
        g_warnings->append(QString::fromUtf8(text).trimmed());
}

void initialiseOnce()
{
    static const bool done = [] {
        Exiv2::XmpParser::initialize();
        Exiv2::LogMsg::setHandler(keepWarning);
        Exiv2::enableBMFF(true);
        return true;
    }();
    Q_UNUSED(done)
}

template <class Data> void append(const Data &data, Metadata *to)
{
    for (const auto &datum : data) {
        if (to->entries.size() >= kMaxEntries) {
            to->warnings << u"more than %1 tags: the rest was left out"_s.arg(kMaxEntries);
            return;
        }
        try {
            // print() gives words instead of numbers, but an undecoded block would be megabytes.
            const QString key = QString::fromStdString(datum.key());
            QString value = datum.size() > kMaxValueChars
                                ? u"(%1 bytes)"_s.arg(datum.size())
                                : QString::fromStdString(datum.toString());
            to->entries.push_back({key, value.left(kMaxValueChars)});
        } catch (const std::exception &e) {
            to->warnings << u"a tag cannot be read: %1"_s.arg(QString::fromUtf8(e.what()));
        }
    }
}

void readThumbnail(const Exiv2::ExifData &exif, Metadata *to)
{
    const Exiv2::ExifThumbC thumbnail(exif);
    const Exiv2::DataBuf bytes = thumbnail.copy();
    if (bytes.size_ <= 0)
        return;
    auto picture = Exiv2::ImageFactory::open(bytes.pData_, bytes.size_);
    picture->readMetadata();
    if (picture->pixelWidth() > 0 && picture->pixelHeight() > 0) {
        to->thumbnailWidth = picture->pixelWidth();
        to->thumbnailHeight = picture->pixelHeight();
        to->thumbnail = QByteArray(reinterpret_cast<const char *>(bytes.pData_), qsizetype(bytes.size_));
    }
}

} // namespace

std::optional<QString> Metadata::value(const QString &key) const
{
    for (const MetadataEntry &entry : entries) {
        if (entry.key == key)
            return entry.value;
    }
    return std::nullopt;
}

std::optional<int> exifOrientation(const QByteArray &file)
{
    const std::scoped_lock lock(exivMutex());
    initialiseOnce();
    try {
        auto image = Exiv2::ImageFactory::open(
            reinterpret_cast<const Exiv2::byte *>(file.constData()), long(file.size()));
        image->readMetadata();
        const auto found = image->exifData().findKey(Exiv2::ExifKey("Exif.Image.Orientation"));
        if (found != image->exifData().end() && found->count() > 0)
            return int(found->toLong());
    } catch (const std::exception &) {
        // No metadata that can be read is the same as none: the picture is shown as it is stored.
    }
    return std::nullopt;
}

Result<Metadata> readMetadata(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(Errc::NotFound, u"there is no such file"_s, path);
    if (!info.isFile() || !info.isReadable())
        return fail(Errc::Unreadable, u"this is no file that can be read"_s, path);

    const std::scoped_lock lock(exivMutex());
    initialiseOnce();
    Metadata metadata;
    g_warnings = &metadata.warnings;
    try {
        auto image = Exiv2::ImageFactory::open(QFile::encodeName(info.absoluteFilePath()).toStdString());
        image->readMetadata();
        append(image->exifData(), &metadata);
        append(image->iptcData(), &metadata);
        append(image->xmpData(), &metadata);
        if (!image->comment().empty())
            metadata.entries.push_back({u"Comment"_s, QString::fromStdString(image->comment())});
        try {
            readThumbnail(image->exifData(), &metadata);
        } catch (const std::exception &e) {
            metadata.warnings << u"the thumbnail cannot be read: %1"_s.arg(QString::fromUtf8(e.what()));
        }
    } catch (const Exiv2::AnyError &e) {
        // A kind of file that libexiv2 does not know carries no such blocks: nothing to report.
        if (e.code() != Exiv2::kerFileContainsUnknownImageType
            && e.code() != Exiv2::kerMemoryContainsUnknownImageType)
            metadata.warnings << QString::fromUtf8(e.what());
    } catch (const std::exception &e) {
        metadata.warnings << QString::fromUtf8(e.what());
    }
    g_warnings = nullptr;
    return metadata;
}

} // namespace fw

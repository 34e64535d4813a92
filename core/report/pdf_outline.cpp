// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/pdf_outline.h"

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include <exception>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

/// A bookmark while the tree is built; parent and children hold each other only inside the PDF.
struct Node
{
    QPDFObjectHandle object;
    int level = 0;
    int open = 0; ///< descendants, all shown
    std::vector<std::size_t> children;
};

QPDFObjectHandle destination(QPDFObjectHandle page, double top)
{
    const double height = page.getKey("/MediaBox").getArrayItem(3).getNumericValue();
    return QPDFObjectHandle::newArray({page, QPDFObjectHandle::newName("/XYZ"),
                                       QPDFObjectHandle::newNull(),
                                       QPDFObjectHandle::newReal(height - top, 1),
                                       QPDFObjectHandle::newNull()});
}

/// Each entry below the last one before it that is of a lower level; the first node is the root.
std::vector<Node> treeOf(QPDF &pdf, const std::vector<OutlineEntry> &entries)
{
    std::vector<QPDFPageObjectHelper> pages = QPDFPageDocumentHelper(pdf).getAllPages();
    std::vector<Node> nodes{{pdf.makeIndirectObject(QPDFObjectHandle::newDictionary()), 0, 0, {}}};
    std::vector<std::size_t> path{0};
    for (const OutlineEntry &entry : entries) {
        QPDFObjectHandle item = pdf.makeIndirectObject(QPDFObjectHandle::newDictionary());
        item.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(entry.title.toStdString()));
        item.replaceKey("/Dest", destination(pages.at(std::size_t(entry.page - 1)).getObjectHandle(), entry.top));
        while (nodes[path.back()].level >= entry.level)
            path.pop_back();
        item.replaceKey("/Parent", nodes[path.back()].object);
        nodes[path.back()].children.push_back(nodes.size());
        for (const std::size_t above : path)
            ++nodes[above].open;
        path.push_back(nodes.size());
        nodes.push_back({item, entry.level, 0, {}});
    }
    return nodes;
}

void link(std::vector<Node> &nodes)
{
    for (Node &node : nodes) {
        if (node.children.empty())
            continue;
        const auto child = [&](std::size_t i) { return nodes[node.children[i]].object; };
        for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
            child(i).replaceKey("/Next", child(i + 1));
            child(i + 1).replaceKey("/Prev", child(i));
        }
        node.object.replaceKey("/First", child(0));
        node.object.replaceKey("/Last", child(node.children.size() - 1));
        node.object.replaceKey("/Count", QPDFObjectHandle::newInteger(node.open));
    }
}

} // namespace

Result<QByteArray> withOutline(const QByteArray &bytes, const std::vector<OutlineEntry> &entries)
{
    if (entries.empty())
        return bytes;
    try {
        QPDF pdf;
        pdf.processMemoryFile("report", bytes.constData(), std::size_t(bytes.size()));
        std::vector<Node> nodes = treeOf(pdf, entries);
        link(nodes);
        nodes.front().object.replaceKey("/Type", QPDFObjectHandle::newName("/Outlines"));
        QPDFObjectHandle catalog = pdf.getRoot();
        catalog.replaceKey("/Outlines", nodes.front().object);
        catalog.replaceKey("/PageMode", QPDFObjectHandle::newName("/UseOutlines"));
        QPDFWriter writer(pdf);
        writer.setOutputMemory();
        writer.setDeterministicID(true);
        writer.write();
        const auto out = writer.getBufferSharedPointer();
        return QByteArray(reinterpret_cast<const char *>(out->getBuffer()), qsizetype(out->getSize()));
    } catch (const std::exception &e) {
        return fail(Errc::Internal, u"the bookmarks could not be added to the PDF: "_s + QString::fromUtf8(e.what()));
    }
}

} // namespace fw::report

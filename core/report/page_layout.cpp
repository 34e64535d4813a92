// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page_layout.h"

namespace fw::report {

namespace {

class Filler
{
public:
    explicit Filler(double pageHeight)
        : m_pageHeight(pageHeight)
    {
    }

    void newPage()
    {
        if (!m_out.pages.empty() && m_out.pages.back().empty())
            return;
        m_out.pages.emplace_back();
        m_y = 0.0;
    }

    bool fits(double height) const { return !m_out.pages.empty() && m_y + height <= m_pageHeight; }

    void place(const std::shared_ptr<const Slice> &slice)
    {
        const bool top = m_out.pages.empty() || m_out.pages.back().empty();
        if (top && m_out.pages.empty())
            newPage();
        if (top && slice->repeated)
            put(slice->repeated);
        m_y += top ? 0.0 : slice->before;
        if (!slice->anchor.isEmpty())
            m_out.numbers.anchors.emplace(slice->anchor, int(m_out.pages.size()));
        put(slice);
    }

    Pages finish()
    {
        while (!m_out.pages.empty() && m_out.pages.back().empty())
            m_out.pages.pop_back();
        m_out.numbers.count = int(m_out.pages.size());
        return std::move(m_out);
    }

private:
    void put(const std::shared_ptr<const Slice> &slice)
    {
        m_out.pages.back().push_back({slice, m_y});
        m_y += slice->height;
    }

    Pages m_out;
    double m_pageHeight;
    double m_y = 0.0;
};

} // namespace

Pages paginate(const std::vector<std::shared_ptr<const Slice>> &slices, double pageHeight)
{
    Filler filler(pageHeight);
    for (std::size_t i = 0; i < slices.size();) {
        std::size_t end = i + 1;
        double height = slices[i]->before + slices[i]->height;
        while (end < slices.size() && slices[end - 1]->keepWithNext && !slices[end]->newPage) {
            height += slices[end]->before + slices[end]->height;
            ++end;
        }
        if (slices[i]->newPage || !filler.fits(height))
            filler.newPage();
        for (; i < end; ++i) {
            // Only within a group taller than a page.
            if (!filler.fits(slices[i]->before + slices[i]->height))
                filler.newPage();
            filler.place(slices[i]);
        }
    }
    return filler.finish();
}

} // namespace fw::report

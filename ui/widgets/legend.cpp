#include "ui/widgets/legend.h"

#include "ui/widgets/marks.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <functional>

namespace Ui {

using namespace Qt::StringLiterals;
using Access::Observation;
using State = Access::ContractResult::State;

namespace {

struct Entry
{
    QString words;
    std::function<void(QPainter *, const QRectF &, const QPalette &)> draw;
};

Entry observation(Observation which, const QString &words)
{
    return {words, [which](QPainter *painter, const QRectF &box, const QPalette &palette) {
                drawMark(painter, which, box.center(), box.height() * 0.28,
                         observationColor(which, palette));
            }};
}

Entry clause(State which, const QString &words)
{
    return {words, [which](QPainter *painter, const QRectF &box, const QPalette &palette) {
                drawClause(painter, which, box, palette);
            }};
}

QList<Entry> entries(bool contract)
{
    QList<Entry> all{observation(Observation::Allowed, Legend::tr("allowed")),
                     observation(Observation::Denied, Legend::tr("denied")),
                     observation(Observation::Undecided, Legend::tr("undecided")),
                     observation(Observation::NotAsked, Legend::tr("not asked")),
                     {Legend::tr("roles predict other"), drawDifference}};
    if (contract) {
        all += {clause(State::Kept, Legend::tr("contract kept")),
                clause(State::Broken, Legend::tr("contract broken")),
                clause(State::Open, Legend::tr("contract open"))};
    }
    return all;
}

} // namespace

Legend::Legend(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"matrixLegend"_s);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    describe();
}

void Legend::setContract(bool shown)
{
    m_contract = shown;
    describe();
    updateGeometry();
    update();
}

void Legend::describe()
{
    QStringList words;
    const QList<Entry> all = entries(m_contract);
    for (const Entry &entry : all)
        words.append(entry.words);
    setAccessibleName(tr("Marks: %1").arg(words.join(u", "_s)));
}

QSize Legend::sizeHint() const
{
    return {400, heightForWidth(std::max(width(), 400))};
}

int Legend::heightForWidth(int width) const
{
    return layOut(width, nullptr);
}

int Legend::layOut(int width, QPainter *painter) const
{
    const int line = fontMetrics().height() + 6;
    const int box = fontMetrics().height();
    int x = 0;
    int y = 0;
    const QList<Entry> all = entries(m_contract);
    for (const Entry &entry : all) {
        const int needed = box + 6 + fontMetrics().horizontalAdvance(entry.words);
        if (x > 0 && x + needed > width) {
            x = 0;
            y += line;
        }
        if (painter) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(palette().color(QPalette::AlternateBase));
            painter->drawRoundedRect(QRectF(x, y + 3, box, box), 3, 3);
            entry.draw(painter, QRectF(x, y + 3, box, box), palette());
            painter->setPen(dimmed(palette()));
            painter->setFont(font());
            painter->drawText(QRect(x + box + 6, y, needed, line), Qt::AlignLeft | Qt::AlignVCenter,
                              entry.words);
        }
        x += needed + 18;
    }
    return y + line;
}

void Legend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    layOut(width(), &painter);
}

} // namespace Ui

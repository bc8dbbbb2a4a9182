#include "ui/lifecycle/rotationnotice.h"

namespace Ui {

using namespace Qt::StringLiterals;
using Identity::ServicePrincipal;

RotationNotice::RotationNotice(QWidget *parent)
    : NoticeStrip(tr("Go on …"), tr("Go on with the rotation"), tr("Hide the notice of rotations"),
                  parent)
{
    setObjectNames(u"rotation"_s);
    connect(this, &NoticeStrip::openRequested, this, [this] { emit resumeRequested(m_first); });
}

void RotationNotice::setPrincipals(const QList<ServicePrincipal> &principals,
                                   const QSet<QString> &underWay)
{
    QStringList names;
    QSet<QString> ids;
    m_first.clear();
    for (const ServicePrincipal &one : principals) {
        if (!underWay.contains(one.id))
            continue;
        if (names.isEmpty())
            m_first = one.id;
        names.append(one.name);
        ids.insert(one.id);
    }
    constexpr qsizetype shown = 3;
    if (const qsizetype more = names.size() - shown; more > 0)
        names = names.first(shown) << tr("%1 more").arg(more);
    say(names.isEmpty() ? QString()
                        : tr("Not ended: the rotation of %1. A working credential is kept.")
                              .arg(names.join(u", "_s)),
        !(ids - m_told).isEmpty());
    m_told = ids;
}

} // namespace Ui

#include "ui/lifecycle/rotationwords.h"

#include <QCoreApplication>

namespace Ui {

using namespace Qt::StringLiterals;
using Lifecycle::Rotation;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Ui::RotationWords)
};

} // namespace

QString RotationWords::noun() const
{
    return m_certificate ? Words::tr("certificate") : Words::tr("secret");
}

QString RotationWords::intro() const
{
    return m_certificate
               ? Words::tr("A new key and certificate are made here, kept beside the old ones, and "
                           "added in Entra ID; tried until they work, used for an access check, "
                           "and written into the file that applications read them from, if it was "
                           "saved here. The old certificate goes on working until you remove it.")
               : Words::tr("A new secret is made in Entra ID, kept here beside the old one, tried "
                           "until it works, used for an access check, and written into the "
                           "environment files that were saved here. The old one goes on working "
                           "until you remove it.");
}

QString RotationWords::state(const Rotation &rotation) const
{
    QString words;
    switch (rotation.step) {
    case Rotation::Step::Begun: words = Words::tr("the new %1 is not kept here yet"); break;
    case Rotation::Step::Stored:
        words = Words::tr("the new %1 is in the keychain, and not in use yet");
        break;
    case Rotation::Step::Current:
        words = Words::tr("the new %1 is in use here; the files may hold the old one");
        break;
    case Rotation::Step::Exported:
        words = Words::tr("the new %1 is in use, the old one still works");
        break;
    case Rotation::Step::Confirmed: words = Words::tr("the old %1 is about to be removed"); break;
    case Rotation::Step::Removed: words = Words::tr("the old %1 is removed"); break;
    case Rotation::Step::Abandoned: return Words::tr("it is being taken back");
    }
    return words.arg(noun());
}

QString RotationWords::underWay(const Rotation &rotation) const
{
    return Words::tr("The rotation begun on %1 is under way: %2.")
        .arg(rotation.startedAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm"_s), state(rotation));
}

QString RotationWords::inUse() const
{
    return Words::tr("The new %1 is in use; the old one still works.").arg(noun());
}

QString RotationWords::ended(const Rotation &rotation) const
{
    return (rotation.step == Rotation::Step::Abandoned
                ? Words::tr("Taken back: the old %1 is the current one, the new one is removed.")
                : Words::tr("Rotated: the new %1 is in use, the old one is removed."))
        .arg(noun());
}

QString RotationWords::beforeTheEnd(const QString &name) const
{
    return Words::tr(
               "When nothing needs the old %1 of “%2” any more, write the principal's name to "
               "remove it from Entra ID and the keychain:")
        .arg(noun(), name);
}

QString RotationWords::takeBackTip() const
{
    return Words::tr("The old %1 is the current one again, in the files too, and the new one is "
                     "removed")
        .arg(noun());
}

} // namespace Ui

#include "core/place.h"

#include "core/symlinkguard.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QList>
#include <QRandomGenerator>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace Core {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostLinks = 40; // as the kernel has it

bool isRootsAlone(const struct stat &folder)
{
    return S_ISDIR(folder.st_mode) && folder.st_uid == 0 && (folder.st_mode & 022) == 0;
}

QList<QByteArray> componentsOf(const QByteArray &path)
{
    QList<QByteArray> components;
    for (const QByteArray &one : path.split('/')) {
        if (!one.isEmpty() && one != ".")
            components.append(one);
    }
    return components;
}

/// Goes down a path one folder at a time, so that no link is followed unseen.
class Walk
{
public:
    explicit Walk(QString path)
        : m_path(std::move(path))
        , m_left(componentsOf(QFile::encodeName(m_path)))
    {
    }

    /// Opens the last folder but \a kept components. 0, or what stopped it: an errno, or ELOOP and
    /// foreignLink().
    int go(qsizetype kept);
    const Descriptor &folder() const { return *m_here; }
    /// The link that was not followed, and where it leads.
    QString foreignLink() const { return m_foreign; }
    QString leadsTo() const { return m_leadsTo; }

private:
    bool start();
    bool fromRoot();
    int step();
    int follow(const Descriptor &link, bool isRoots);

    QString m_path;
    QList<QByteArray> m_left;
    std::unique_ptr<Descriptor> m_here;
    QByteArray m_walked;
    bool m_systems = true; // every folder so far is root's alone
    int m_links = 0;
    QString m_foreign, m_leadsTo;
};

bool Walk::fromRoot()
{
    m_walked.clear();
    m_here = std::make_unique<Descriptor>(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return m_here->get() >= 0;
}

bool Walk::start()
{
    if (m_path.startsWith(u'/'))
        return fromRoot();
    // The current folder may be one whose parents cannot be searched, and has no links above it.
    const QByteArray current = QFile::encodeName(QDir::currentPath());
    QByteArray above = "/";
    for (const QByteArray &one : componentsOf(current)) {
        struct stat status = {};
        m_systems = m_systems && ::lstat(above.constData(), &status) == 0 && isRootsAlone(status);
        above += (above.endsWith('/') ? "" : "/") + one;
    }
    m_walked = current == "/" ? QByteArray() : current;
    m_here = std::make_unique<Descriptor>(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return m_here->get() >= 0;
}

int Walk::go(qsizetype kept)
{
    if (!start())
        return errno;
    while (m_left.size() > kept) {
        if (const int failed = step())
            return failed;
    }
    return 0;
}

int Walk::step()
{
    struct stat status = {};
    if (::fstat(m_here->get(), &status) != 0)
        return errno;
    m_systems = m_systems && isRootsAlone(status);

    const QByteArray name = m_left.takeFirst();
    auto below = std::make_unique<Descriptor>(
        ::openat(m_here->get(), name.constData(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (below->get() < 0 || ::fstat(below->get(), &status) != 0)
        return errno;
    m_walked += '/' + name;
    if (S_ISLNK(status.st_mode))
        return follow(*below, status.st_uid == 0);
    if (!S_ISDIR(status.st_mode))
        return m_left.isEmpty() ? 0 : ENOTDIR;
    m_here = std::move(below);
    return 0;
}

int Walk::follow(const Descriptor &link, bool isRoots)
{
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(link.get(), "", target.data(), target.size());
    if (length <= 0 || size_t(length) == target.size())
        return length < 0 ? errno : ENAMETOOLONG;
    const QByteArray leadsTo(target.data(), length);
    if (!m_systems || !isRoots) {
        m_foreign = QFile::decodeName(m_walked);
        m_leadsTo = QFileInfo(m_foreign).dir().absoluteFilePath(QFile::decodeName(leadsTo));
        m_leadsTo = QDir::cleanPath(m_leadsTo);
        return ELOOP;
    }
    if (++m_links > mostLinks)
        return ELOOP;
    m_left = componentsOf(leadsTo) + m_left;
    if (leadsTo.startsWith('/'))
        return fromRoot() ? 0 : errno;
    m_walked.truncate(m_walked.lastIndexOf('/'));
    return 0;
}

Error foreignLink(const QString &path, const Walk &walk)
{
    Error error = refusal(path, u"goes through the symbolic link “%1”"_s.arg(walk.foreignLink()));
    error.nextStep = u"Name the place itself: it leads to “%1”."_s.arg(walk.leadsTo());
    return error;
}

// To be synced it must be readable; a folder that may only be written to and searched is none.
int reopened(int folder)
{
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 ? fd : ::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

} // namespace

Result<std::shared_ptr<Place>> openPlace(const QString &path, Links links)
{
    const QByteArray whole = QFile::encodeName(path);
    const qsizetype slash = whole.lastIndexOf('/');
    const QByteArray name = whole.sliced(slash + 1);
    if (name.isEmpty() || name == "." || name == "..")
        return refusal(path, u"names a folder"_s);
    int fd = -1;
    if (links == Links::Followed) {
        const QByteArray folder = slash < 0 ? "." : whole.first(std::max<qsizetype>(slash, 1));
        const Descriptor opened(::open(folder.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        fd = opened.get() < 0 ? -1 : reopened(opened.get());
    } else {
        Walk walk(path);
        if (const int failed = walk.go(1))
            return walk.foreignLink().isEmpty() ? fileError(u"Cannot write"_s, path, failed)
                                                : foreignLink(path, walk);
        fd = reopened(walk.folder().get());
    }
    if (fd < 0)
        return fileError(u"Cannot write"_s, path, errno);
    return std::make_shared<Place>(fd, name);
}

Result<void> refuseForeignLinks(const QString &path)
{
    Walk walk(path);
    if (walk.go(0) == ELOOP && !walk.foreignLink().isEmpty())
        return foreignLink(path, walk);
    return {};
}

QByteArray partPrefix(const QByteArray &name)
{
    return '.' + name.left(100) + '.';
}

QByteArray partName(const QByteArray &name)
{
    return partPrefix(name) + QByteArray::number(QRandomGenerator::system()->generate64(), 36) +
           ".part";
}

} // namespace Core

#pragma once

#include <QString>
#include <QStringList>
#include <initializer_list>
#include <optional>

/// Command lines and configuration as they are shown to people, who paste them. Nothing else in the program puts a value
/// into a command: tests/core/tst_layers.cpp looks for it.
namespace Core {

/// A command line for a POSIX shell (and fish), built from words. Each word is quoted where it has to be.
///
/// Some values cannot be shown in a way that is safe to paste: one with control or invisible characters, one that az or
/// curl would take for the name of a file to read, or a name with a hyphen in front, which would be an option. text() then returns a
/// comment that says so instead of a command.
class Command
{
public:
    /// The program and the words that are always the same. They are written as they are, so they must be literals.
    Command(std::initializer_list<QStringView> words);

    Command &flag(QStringView name);                           ///< `--append`
    Command &option(QStringView name, const QString &value);   ///< `--role Reader`, or `--role=-x`
    /// `--cert @FILE`: az reads the file.
    Command &fileOption(QStringView name, const QString &path);
    Command &argument(const QString &value);                   ///< a word without an option's name
    Command &file(const QString &path);                        ///< the same for a path: `./-x`
    /// A fixed piece of shell, such as `"$TOKEN"` or `-- PROGRAM`. Never a value from outside.
    Command &verbatim(QStringView literal);

    /// Why the command cannot be shown; empty where it can.
    QString refusal() const { return m_refusal; }
    /// One line: the command, or a comment without any shell syntax that gives the refusal.
    QString text() const;

private:
    void add(const QString &value);
    void refuse(QStringView why);
    void check(const QString &value);

    QString m_program;
    QStringList m_words;
    QString m_refusal;
};

/// \a value as one word of a POSIX shell; it means the same in fish. Nothing where it holds control or invisible characters.
std::optional<QString> posixWord(const QString &value);
/// \a value as a string literal of PowerShell, in single quotes; typographic quotes are doubled too. Nothing as above.
std::optional<QString> powerShellWord(const QString &value);
/// \a value for a batch file, in double quotes. Nothing as above, and where it holds `"` or `!`, which cannot be quoted.
std::optional<QString> batchWord(const QString &value);
/// \a value as one path of a systemd unit's assignment, with `%` doubled. Nothing as above, and
/// with a backslash at the end, which would continue the line.
std::optional<QString> systemdWord(const QString &value);
/// \a value as a string literal of JSON, YAML, Python and JavaScript alike, with its double quotes. Nothing as above.
std::optional<QString> stringLiteral(const QString &value);

} // namespace Core

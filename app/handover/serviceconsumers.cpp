#include "handover/serviceconsumers.h"

namespace Handover {

using namespace Qt::StringLiterals;

namespace {

Consumer pythonProgram(const QString &title, const QString &format, const QString &code)
{
    // -B: Python would keep a compiled copy of what it reads, values included.
    return {.title = title,
            .formats = {format},
            .programs = {u"python3"_s, u"/usr/bin/python3"_s},
            .arguments = {u"-B"_s, u"-c"_s, code}};
}

// Its own configuration, as it sets it before it starts a worker; no application is loaded.
Consumer gunicorn()
{
    return pythonProgram(
        u"gunicorn"_s, u"gunicorn"_s,
        u"import os, sys\n"
        "try: from gunicorn.app.wsgiapp import WSGIApplication\n"
        "except ImportError: sys.exit(77)\n"
        "sys.argv = ['gunicorn', '-c', '/dev/stdin', 'none:none']\n"
        "for name, value in WSGIApplication('%(prog)s').cfg.env.items():\n"
        "    sys.stdout.buffer.write(os.fsencode(name) + b'=' + os.fsencode(value) + b'\\0')\n"_s);
}

// Its own reader of configurations; nothing is started.
Consumer supervisord()
{
    return pythonProgram(
        u"supervisord"_s, u"supervisord"_s,
        u"import io, os, sys\n"
        "try: from supervisor.options import ServerOptions\n"
        "except ImportError: sys.exit(77)\n"
        "text = '[supervisord]\\n[program:none]\\ncommand=/bin/true\\n' + sys.stdin.read()\n"
        "options = ServerOptions()\n"
        "options.read_config(io.StringIO(text))\n"
        "for group in options.configroot.supervisord.process_group_configs:\n"
        "    for process in group.process_configs:\n"
        "        for name, value in process.environment.items():\n"
        "            sys.stdout.buffer.write(os.fsencode(name) + b'=' + os.fsencode(value) + b'\\0')\n"_s);
}

// It serves nothing: without an application it ends once the command before that has run.
Consumer uwsgi()
{
    return {.title = u"uWSGI"_s,
            .formats = {u"uwsgi"_s},
            .programs = {u"uwsgi"_s, u"uwsgi-core"_s},
            .input = Consumer::Input::File,
            .script = u"umask 077; cd \"$(dirname \"$2\")\" || exit\n"
                      "{ echo '[uwsgi]'; cat \"$2\"; } >asked.ini\n"
                      "\"$1\" --ini asked.ini --exec-pre-app 'env -0 >read' --socket asked.socket "
                      "--need-app --die-on-term >/dev/null 2>&1\n"
                      "test -s read && exec cat read"_s};
}

// What it remembers, the path that was allowed, goes with the folder.
Consumer direnv()
{
    return {.title = u"direnv"_s,
            .formats = {u"direnv"_s},
            .programs = {u"direnv"_s},
            .input = Consumer::Input::File,
            .script =
                u"umask 077; cd \"$(dirname \"$2\")\" || exit\n"
                "mkdir asked && cp \"$2\" asked/.envrc && \"$1\" allow asked >/dev/null || exit\n"
                "exec \"$1\" exec asked env -0"_s};
}

Consumer unasked(const QString &title, const QString &format, const QStringList &programs,
                 const QString &why)
{
    return {.title = title, .formats = {format}, .programs = programs, .unasked = why};
}

} // namespace

QList<Consumer> serviceConsumers()
{
    return {gunicorn(), uwsgi(), supervisord(), direnv()};
}

QList<Consumer> unaskedConsumers()
{
    return {
        unasked(
            u"Docker"_s, u"docker-env-file"_s, {u"docker"_s},
            u"Its client would hand the values to the engine, which makes a container of them."_s),
        unasked(u"Podman"_s, u"docker-env-file"_s, {u"podman"_s},
                u"It would make a container, which keeps the values in its storage."_s),
        unasked(u"Docker Compose"_s, u"compose-env-file"_s, {u"docker-compose"_s, u"docker"_s},
                u"How it answers was not seen by those who wrote this."_s),
        unasked(u"gh"_s, u"gh-dotenv"_s, {u"gh"_s}, u"It would send the values to GitHub."_s),
        unasked(u"cron"_s, u"crontab"_s, {u"crontab"_s},
                u"It reads a table only to run the jobs in it, at the next full minute."_s)};
}

} // namespace Handover

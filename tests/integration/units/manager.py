"""systemd's real service manager, run for the units of one folder in namespaces of its own: it does not need a booted systemd, and
touches neither the machine's units nor its credential key. Needs to be root (of a user namespace, at least)."""
import os
import signal
import subprocess
import time

EXECUTABLE = next((path for path in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if os.path.exists(path)), None)

# The manager mounts credentials from a child, so that mounts are shared, among the children of this private namespace only.
# The units have a /tmp and may have a home of their own, where a checkout could lie: the application is bound to a place that they see.
APPLICATION = "/run/application"
# In a chroot, / is no mount, and cannot be shared before it is made one.
INSIDE = """set -e
if [ "$IN_CHROOT" != done ] && ! mountpoint -q /; then
    mount --rbind / /mnt
    IN_CHROOT=done exec chroot /mnt sh -c "$0" "$0" "$@"
fi
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/xdg /run/home/.config/systemd /run/application
mount --bind "$6" /run/application
chmod 700 /run/xdg
ln -s "$1" /run/home/.config/systemd/user
mount --bind "$2" /var/lib/systemd
if [ -d /sys/fs/cgroup/systemd ]; then mkdir -p "$4"; echo $$ >"$4/cgroup.procs"; fi
export XDG_RUNTIME_DIR=/run/xdg HOME=/run/home
"$5" --user --unit="$3" &  # as process 1 it would be the machine's
wait
"""


def with_key(state, command, **options):
    """Runs a command to whom `state` is the folder of systemd's credential key."""
    return subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount --bind "$1" /var/lib/systemd && shift && exec "$@"',
                           "sh", state, *command], check=False, capture_output=True, timeout=60, **options)


class Manager:
    def __init__(self, units, state, unit, application):
        self.cgroup = f"/sys/fs/cgroup/systemd/rolescope-units-{os.getpid()}"
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        self.process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc", "--kill-child",
                                         "sh", "-c", INSIDE, INSIDE, units, state, unit, self.cgroup, EXECUTABLE, application],
                                        env=environment, stdin=subprocess.DEVNULL)

    def stop(self):
        """Ends it and all that it started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            self.process.kill()
        self.process.wait(timeout=30)
        for folder in ("/init.scope", "/app.slice", ""):
            try:
                os.rmdir(self.cgroup + folder)
            except OSError:
                pass

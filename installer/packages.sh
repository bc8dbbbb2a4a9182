# Debian 12's packages that Rolescope needs, by what they are for. Sourced by setup.sh.

build_packages=(
    g++ cmake ninja-build
    qt6-base-dev qtkeychain-qt6-dev qt6-svg-dev
    libssl-dev libcli11-dev libpugixml-dev libyaml-cpp-dev
)

# libsecret is loaded at run time by QtKeychain; gnome-keyring and dbus are the keychain of a machine that has none yet.
run_packages=(
    libsecret-1-0 libqt6svg6 openssl ca-certificates
    dbus dbus-x11 gnome-keyring libglib2.0-bin procps
    fonts-dejavu-core fonts-noto-core hicolor-icon-theme
)

test_packages=(
    xvfb xauth openbox at-spi2-core python3-pyatspi xdotool imagemagick x11-utils
    fonts-noto-cjk fonts-noto-color-emoji libsecret-tools
    python3 python3-azure python3-dotenv gunicorn azure-cli rclone
    dash bash busybox zsh mksh systemd
    iproute2 util-linux curl strace poppler-utils
    # the operator's sign-in in a real browser: 117 MB to fetch, 380 MB of disk
    chromium chromium-driver
    # readers of environment files; seconds to install / disk: fish 5/19 MB, daemontools runit s6 4/3, direnv 4/7, uwsgi-core 6/4,
    # gunicorn 4/1, gh 5/40, supervisor 5/2, cron 5/1, podman 11/89
    fish daemontools runit s6 direnv uwsgi-core gunicorn gh python3-nacl python3-yaml supervisor cron podman git
    # the other two keychains, headless; libqca-qt5-2-plugins is KWallet's key exchange: 112 MB of disk with Qt 5
    keepassxc libkf5wallet-bin libqca-qt5-2-plugins
    # a reader of the iCalendar file: 0.3 MB of disk
    python3-icalendar
)

"""A systemd EnvironmentFile, read by systemd's own parser: the function with which the service manager reads it, out of its library."""
import ctypes
import glob


def variables(path):
    """{name: value} as a unit with EnvironmentFile=path would get them."""
    found = sorted(glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so"))
    if not found:
        raise SystemExit("systemd is not installed (libsystemd-shared)")
    library = ctypes.CDLL(found[-1])
    strings = ctypes.POINTER(ctypes.c_char_p)()
    library.load_env_file.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.POINTER(ctypes.c_char_p))]
    result = library.load_env_file(None, path.encode(), ctypes.byref(strings))
    if result < 0:
        raise SystemExit(f"systemd cannot read {path}: error {-result}")
    read, index = {}, 0
    while strings and strings[index]:
        name, _, value = strings[index].decode().partition("=")
        read[name] = value
        index += 1
    return read

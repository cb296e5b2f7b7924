"""What bubblewrap is told: the namespaces of a sandbox and every file that can be seen in it.

In: a server's folders on this machine and the folder of its tools. Out: bubblewrap's arguments.
Refuses to do: showing what is not listed here. The list is of what programs need, not of what would be secret.

Two of bubblewrap's usual ways are not enough. Run by root, it leaves `/proc/sys` to be written to, where a line says
which program the host starts for a crash; so all of `/proc` is read-only. And the sources of mounts can be read in
`/proc/self/mountinfo`, so they have neutral names themselves.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from driftlang.run.configuration import ServerSetup
from driftlang.run.layout import ENCLOSED

HOSTNAME = "workstation"
USER = "robin"
#: Folders of the system that agents see as they are; all but the first are links into it, or folders of their own.
SHOWN = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
#: What programs need of /etc: certificates, how libraries and programs are found, settings of languages.
_SETTINGS = (
    *("alternatives", "ca-certificates", "ca-certificates.conf", "crypto-policies", "ld.so.cache", "ld.so.conf"),
    *("ld.so.conf.d", "localtime", "mime.types", "pki/ca-trust", "pki/tls/certs", "protocols", "services"),
    *("ssl/certs", "ssl/openssl.cnf", "terminfo"),
)
_MATCHING_SETTINGS = ("java-*", "python3*", "perl*")
#: Files of /etc that are ours. Names are looked up in files alone: there is no resolver to ask.
ACCOUNTS = {
    "passwd": f"root:x:0:0:root:/root:/usr/sbin/nologin\n{USER}:x:1000:1000:Robin Hale:{ENCLOSED.home}:/bin/bash\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "group": f"root:x:0:\n{USER}:x:1000:\nnogroup:x:65534:\n",
    "hosts": f"127.0.0.1 localhost {HOSTNAME}\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
    "hostname": f"{HOSTNAME}\n",
}
_NAMESPACES = ("user", "pid", "net", "ipc", "uts", "cgroup")


@frozen
class TmpfsSizes:
    """Bytes of the folders that are memory: `/tmp` and `/dev/shm`."""

    temporary: int = 1024 * 1024 * 1024
    shared: int = 64 * 1024 * 1024


def isolation() -> Iterator[str]:
    """Namespaces, no capability, no environment, no terminal, and an end with the process that started it."""
    for kind in _NAMESPACES:
        yield f"--unshare-{kind}"
    yield from ("--disable-userns", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL")
    yield from ("--hostname", HOSTNAME, "--clearenv", "--new-session", "--die-with-parent")


def system(sizes: TmpfsSizes, accounts: Path) -> Iterator[str]:
    """The system's folders, read-only, its devices, and nothing of its own in /etc that could be left out.

    `accounts` is a folder that holds `ACCOUNTS` as files.
    """
    yield from ("--ro-bind", "/usr", "/usr")
    for path in map(Path, SHOWN[1:]):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for path in _settings():
        yield from ("--ro-bind", str(path), str(path))
    for name in ACCOUNTS:
        yield from ("--ro-bind", str(accounts / name), f"/etc/{name}")
    yield from ("--proc", "/proc", "--remount-ro", "/proc")
    yield from ("--dev", "/dev", "--size", str(sizes.shared), "--perms", "1777", "--tmpfs", "/dev/shm")  # noqa: S108 - the sandbox's own
    yield from ("--remount-ro", "/dev")
    yield from ("--size", str(sizes.temporary), "--perms", "1777", "--tmpfs", ENCLOSED.temporary)


def _settings() -> Iterator[Path]:
    etc = Path("/etc")
    for name in _SETTINGS:
        if os.path.lexists(etc / name) and (etc / name).exists():
            yield etc / name
    for pattern in _MATCHING_SETTINGS:
        yield from sorted(etc.glob(pattern))


def folders(setup: ServerSetup, tools: Path) -> Iterator[str]:
    """The private home, the work tree, and the tools; of these only the first two can be written to."""
    root, inside = setup.root, ENCLOSED
    for name, place in (
        ("home", inside.home),
        ("config", inside.config),  # OpenCode does not start a session where it cannot write here
        ("data", inside.data),
        ("state", inside.state),
        ("cache", inside.cache),
    ):
        yield from ("--bind", str(root / name), place)
    for path, place in (
        (root / "bin", inside.programs),
        (root / "opencode.json", inside.settings),
        (tools, inside.tools[0]),
    ):
        yield from ("--ro-bind", str(path), place)
    yield from ("--bind", str(setup.work_tree), setup.directory)
    yield from ("--remount-ro", "/", "--chdir", inside.home)


def variables(environment: Mapping[str, str]) -> Iterator[str]:
    """The environment, which is the only one that there is."""
    for name, value in environment.items():
        yield from ("--setenv", name, value)

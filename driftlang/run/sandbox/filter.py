"""Calls of the kernel that are refused in the sandbox, as a filter of seccomp.

In: nothing but the machine's architecture. Out: a program of classic BPF, as bubblewrap loads it.
Refuses to do: listing what is allowed. Whatever an agent's compilers, debuggers and servers need goes on working;
refused are calls that reach past the namespaces (kernel keys, which belong to a user and not to a namespace; sockets of
virtual machines and radios, which have none), the one that makes calls past this filter (io_uring), and those that no
tool of a developer's needs but many ways out have begun with. A refused call fails as one that the kernel lacks.

Sources: `linux/seccomp.h`, `linux/bpf_common.h`, the system call tables of Linux for x86-64 and for arm64.
"""

import platform
import struct

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _NO_SUCH_CALL, _NOT_PERMITTED, _NO_SUCH_FAMILY = 0x7FFF0000, 0x00050026, 0x00050001, 0x00050061
#: Offsets in `struct seccomp_data`: number, architecture, low half of the first argument and of the second.
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_X32 = 0x40000000
#: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: the families whose reach ends with the network namespace.
_FAMILIES = (1, 2, 10, 16)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
#: By machine: audit architecture, and which column of `_REFUSED` is its own.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_SOCKET, _IOCTL = (41, 198), (16, 29)
#: Calls and their numbers on x86-64 and on arm64; a dash where there is none.
_REFUSED = """
add_key 248 217; request_key 249 218; keyctl 250 219
io_uring_setup 425 425; io_uring_enter 426 426; io_uring_register 427 427
bpf 321 280; perf_event_open 298 241; userfaultfd 323 282; lookup_dcookie 212 18
mount 165 40; umount2 166 39; pivot_root 155 41; chroot 161 51; open_tree 428 428; move_mount 429 429
fsopen 430 430; fsconfig 431 431; fsmount 432 432; fspick 433 433; mount_setattr 442 442
unshare 272 97; setns 308 268; name_to_handle_at 303 264; open_by_handle_at 304 265
init_module 175 105; finit_module 313 273; delete_module 176 106; kexec_load 246 104; kexec_file_load 320 294
swapon 167 224; swapoff 168 225; reboot 169 142; syslog 103 116; acct 163 89; quotactl 179 60; iopl 172 -; ioperm 173 -
"""


def refusals(machine: str = "") -> bytes:
    """The filter for a machine, this one's without a name; empty where its calls are not known."""
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return b""
    architecture, column = known
    numbers = [call.split()[1 + column] for call in _REFUSED.strip().replace("\n", ";").split(";")]
    refused = sorted(int(number) for number in numbers if number != "-")
    return b"".join(
        (
            _step(_LOAD, _ARCHITECTURE),
            _step(_EQUAL, architecture, 1, 0),
            _step(_RETURN, _NO_SUCH_CALL),  # of another architecture, whose numbers mean other calls
            _step(_LOAD, _NUMBER),
            _step(_AT_LEAST, _X32, 0, 1),
            _step(_RETURN, _NO_SUCH_CALL),
            *(_step(_EQUAL, number, 0, 1) + _step(_RETURN, _NO_SUCH_CALL) for number in refused),
            *_refuse_families(_SOCKET[column]),
            *_refuse_terminals(_IOCTL[column]),
            _step(_RETURN, _ALLOW),
        )
    )


def _refuse_families(socket: int) -> tuple[bytes, ...]:
    """Sockets of families that have no namespace, or that only an administrator has a use for."""
    count = len(_FAMILIES)
    allowed = (_step(_EQUAL, family, count - index, 0) for index, family in enumerate(_FAMILIES))
    return (
        _step(_EQUAL, socket, 0, count + 3),
        _step(_LOAD, _FIRST),
        *allowed,
        _step(_RETURN, _NO_SUCH_FAMILY),
        _step(_RETURN, _ALLOW),
    )


def _refuse_terminals(ioctl: int) -> tuple[bytes, ...]:
    """Typing into a terminal for its user."""
    return (
        _step(_EQUAL, ioctl, 0, 4),
        _step(_LOAD, _SECOND),
        _step(_EQUAL, _TIOCSTI, 1, 0),
        _step(_EQUAL, _TIOCLINUX, 0, 1),
        _step(_RETURN, _NOT_PERMITTED),
    )


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One `struct sock_filter`."""
    return struct.pack("<HBBI", code, if_true, if_false, value)

"""The porter's own process: makes sockets in the network of a sandbox and passes them out.

In: on its first argument, a descriptor of a socket pair: messages of three descriptors each, a network namespace, one
end of a socket pair of its own and a namespace of processes, with the number of tasks that this may hold. Out: for
each of them a child that has entered that network and answers every byte with a TCP socket made there, and for what
goes wrong with a text.
Refuses to do: more than that. It holds no address and no data, and ends when the other ends of its sockets close.

It is run by path, apart from the package (`python -I -S`), since a process can enter another user namespace only while
it has a single thread. Inside the sandbox nothing of it can be seen: it stays in the host's process namespace.
"""

import ctypes
import fcntl
import os
import signal
import socket
import sys

#: `linux/nsfs.h`: the user namespace that owns a namespace.
_NS_GET_USERNS = 0xB701
#: `linux/sched.h`.
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWPID = 0x20000000
#: Since this version of Linux each namespace of processes has a bound of its own; before, there was one for all.
_BOUND_EACH = (6, 14)


def enter(network: int) -> None:
    """Move this process into a network namespace and the user namespace that owns it."""
    library = ctypes.CDLL(None, use_errno=True)
    owner = fcntl.ioctl(network, _NS_GET_USERNS)
    for namespace, kind in ((owner, _CLONE_NEWUSER), (network, _CLONE_NEWNET)):
        if library.setns(namespace, kind):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    os.close(owner)


def hand_out(asked: socket.socket) -> None:
    """Answer every byte with a new socket of the network that this process is in, until nobody asks any more."""
    while asked.recv(1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
            socket.send_fds(asked, [b"socket"], [made.fileno()])


def bound_processes(processes: int, most: int) -> None:
    """Let a namespace of processes hold `most` tasks; who is root on the host is bound by nothing else."""
    release = os.uname().release.split(".")
    if tuple(int(part) for part in release[:2]) < _BOUND_EACH:
        return
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(processes, _CLONE_NEWPID):  # for children
        return
    child = os.fork()
    if child == 0:
        try:
            with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:  # noqa: PTH123 - the start counts
                file.write(str(most))
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def attend(network: int, asked: socket.socket, processes: int, most: int) -> None:
    """The work of a child: one sandbox."""
    try:
        enter(network)
        os.close(network)
        bound_processes(processes, most)
        os.close(processes)
        hand_out(asked)
    except OSError as trouble:
        tell(asked, trouble)


def tell(asked: socket.socket, trouble: OSError) -> None:
    """Say what went wrong, if anybody is there still: a runner may be killed while it asks."""
    try:  # noqa: SIM105 - importing `contextlib` is felt at every start
        asked.send(f"{trouble.strerror or trouble}"[:200].encode())
    except ConnectionError:
        pass


def main(channel: socket.socket) -> None:
    """Fork a child for each sandbox that is announced, until the runner has gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        message, given, _, _ = socket.recv_fds(channel, 16, 3)
        if not message:
            return
        network, asking, processes = given
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            channel.close()
            with socket.socket(fileno=asking) as asked:
                attend(network, asked, processes, int(message))
            os._exit(0)
        for descriptor in given:
            os.close(descriptor)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))

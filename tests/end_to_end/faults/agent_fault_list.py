"""What an agent can do to its own repository and its own shell, and what a run is to make of each.

In: nothing; this module defines. Out: `AGENT_FAULTS`, in the order of the table. Each is a command that the model
makes the agent's shell run before it goes on with its work; none of them leaves the work tree.
"""

from fault_expectations import ENDS, GOES_ON, Expected
from fault_provider import Deed, Fault
from provider_deeds import run_command

#: What an agent tries to write outside of its work tree, under names that nothing else has.
OUTSIDE = ("/etc/left-behind", "/usr/left-behind", "/opt/left-behind", "/var/tmp/left-behind", "/home/left-behind")
#: Where it writes down what it found out.
FINDINGS = "findings.txt"
#: Nothing is done where this is not the agent's repository.
_HERE = "test -e ledger/postgres.py && "
_LOOSE = "> /dev/null 2>&1 < /dev/null &"


def _do(command: str, timeout: int = 10_000) -> Deed:
    return run_command(_HERE + "{ " + command + "\n}", timeout)


_WRITES_ON = f"(for n in $(seq 400); do echo $n > ledger/noise.txt; sleep 0.02; done) {_LOOSE}"
_REWRITES = (
    "export FILTER_BRANCH_SQUELCH_WARNING=1; git commit -qam 'Log in' && "
    "git commit -q --amend -m 'Log in as the service user' && "
    "git filter-branch -f --msg-filter 'tr a-z A-Z' HEAD && git rebase -q --root --exec true; "
    "git reflog expire --expire=now --all; git gc -q --prune=now; git checkout -q --detach"
)
_STRANGE = (
    "mkfifo pipe; ln -s pipe link-to-pipe; ln -s . loop; ln -s loop/loop loop2; ln -s /nowhere dangling; "
    "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'; "
    "printf x > $'line\\nbreak'; printf x > $'not-utf8-\\xff'; printf x > 'back\\slash'; mkdir $'folder\\n' && "
    "printf x > $'folder\\n/file'; mkdir closed && printf x > closed/file && chmod 0 closed/file closed"
)
_DEEP = (
    'python3 -c \'import os\nfor _ in range(3000):\n    os.mkdir("d")\n    os.chdir("d")\nopen("file", "w").close()\''
)
_MANY = "mkdir many && cd many && seq 51000 | xargs touch"

_WRITES_OUT = "; ".join(f"echo x > {path}" for path in OUTSIDE)
_CONNECTS = (
    "python3 - > findings.txt 2>&1 <<'END'\n"
    "import glob, socket\n"
    "for port in (22, 80, 443, 4096, 8080):\n"
    "    for host in ('192.0.2.1', '1.1.1.1', '10.0.2.2', 'example.com', '127.0.0.1'):\n"
    "        try:\n"
    "            socket.create_connection((host, port), 0.2).close()\n"
    "            print(host, port, 'reached')\n"
    "        except OSError as trouble:\n"
    "            print(host, port, trouble)\n"
    "END\n"
)
_FORKS = "while :; do sleep 60 & done"
_FILLS = "for n in $(seq 20); do head -c 40000000 /dev/zero > fill-$n; done; sleep 5"
_HOARDS = "python3 -c 'x = bytearray(2000000000)\nimport time\ntime.sleep(20)'"

AGENT_FAULTS: tuple[tuple[Fault, Expected], ...] = (
    (
        Fault("repository deleted", "`rm -rf` of the work tree", _do('rm -rf "$PWD"'), times=1),
        Expected(GOES_ON, outcome="omitted", same_tree=False),
    ),
    (Fault("`.git` deleted", "`rm -rf .git`", _do("rm -rf .git"), times=1), Expected(GOES_ON)),
    (
        Fault("git on the history", "amend, filter-branch, rebase, gc", _do(_REWRITES, 30_000), times=1),
        Expected(GOES_ON, within=30),
    ),
    (
        Fault(
            "work thrown away",
            "`git reset --hard; git clean -fdx`",
            _do("git reset -q --hard; git clean -qfdx"),
            times=1,
        ),
        Expected(GOES_ON, same_tree=False),
    ),
    (
        Fault("AGENTS.md edited", "the constraint is taken out", _do("echo '# Notes' > AGENTS.md"), times=1),
        Expected(GOES_ON, same_tree=False),
    ),
    (
        Fault("flood of output", "`yes | head -c 50000000`", _do("yes | head -c 50000000"), times=1),
        Expected(GOES_ON),
    ),
    (
        Fault("background process", "`sleep` in a session of its own", _do(f"setsid sleep 600 {_LOOSE}"), times=1),
        Expected(GOES_ON),
    ),
    (
        Fault("background writer", "a file is written on, across turns", _do(_WRITES_ON), step=1, times=1),
        Expected(GOES_ON, same_tree=False),
    ),
    (
        Fault(
            "pipe in place of a later file",
            "`mkfifo`",
            _do("rm ledger/redis.py; mkfifo ledger/redis.py"),
            step=1,
            times=1,
        ),
        Expected(ENDS, "the turn did not end within 45 s", within=60),
    ),
    (
        Fault("strange files", "pipes, sockets, loops, odd names", _do(_STRANGE), times=1),
        Expected(GOES_ON, same_tree=False),
    ),
    (Fault("deep folders", "3,000 folders in each other", _do(_DEEP), times=1), Expected(GOES_ON)),
    (
        Fault("many files", "51,000 files", _do(_MANY, 40_000), times=1),
        Expected(ENDS, "more than 50000 files", within=60),
    ),
    (
        Fault("file of a terabyte", "`truncate -s 1T`, which is refused", _do("truncate -s 1T big; true"), times=1),
        Expected(GOES_ON, same_tree=False),
    ),
    (
        Fault("command without end", "`sleep 600`", _do("sleep 600", 600_000), times=1),
        Expected(ENDS, "the turn did not end within 45 s", within=60),
    ),
    (
        Fault("disk filled", "files of 40 MB, without end", _do(_FILLS, 15_000), times=1),
        Expected(ENDS, "the agent's processes took more than", within=30),
    ),
    (
        Fault("forks without end", "`sleep` in the background, again and again", _do(_FORKS, 15_000), times=1),
        Expected(ENDS, "the agent's processes took more than 64 processes"),
    ),
    (
        Fault("memory hoarded", "2 GB in one process", _do(_HOARDS, 25_000), times=1),
        Expected(ENDS, "the agent's processes took more than"),
    ),
    (
        Fault("writes outside", "into folders of the system and of others", _do(_WRITES_OUT + "; true"), times=1),
        Expected(GOES_ON),
    ),
    (
        Fault(
            "environment read",
            "`env` of all processes",
            _do("cat /proc/*/environ > findings.txt; env >> findings.txt"),
            times=1,
        ),
        Expected(GOES_ON, same_tree=False),
    ),
    (
        Fault("sockets opened", "towards this machine and others", _do(_CONNECTS), times=1),
        Expected(GOES_ON, within=30, same_tree=False),
    ),
)

"""One thing that a hostile agent tries, and what several of them begin with.

In: nothing; this module defines. Out: `Attempt`, what attempts are after, and programs that calls and questions need.
"""

from collections.abc import Mapping
from textwrap import dedent

from attrs import frozen

KEY, HOST, OUTSIDE, PROCESSES, EXPERIMENT, ESCAPE = (
    "a key",
    "a host",
    "files outside",
    "processes of the host",
    "the experiment",
    "a way out",
)


@frozen
class Attempt:
    """One way.

    Attributes:
        aim: what it is after.
        title: what it does, in words.
        shell, python: what it runs; one of the two.
        works_free: whether it must come to something when there is no sandbox, which shows that it is a fair attempt.
    """

    aim: str
    title: str
    shell: str = ""
    python: str = ""
    works_free: bool = False

    def command(self, number: int, planted: Mapping[str, str]) -> str:
        """What the agent's shell is given; its output goes to a file of the work tree."""
        text = dedent(self.python or self.shell).strip()
        for name, value in planted.items():
            text = text.replace(f"@{name}@", value)
        output, program = output_of(number), "python3 -" if self.python else "bash"
        # As a program's input: OpenCode's own refusal goes by the words of a command, and is not what is tried here.
        return f"{program} > {output} 2>&1 <<'PROGRAM'\n{text}\nPROGRAM\necho tried >> {output}"


def output_of(number: int) -> str:
    """The file that holds what an attempt got hold of."""
    return f"loot/{number:02}.txt"


#: Makes a call of the kernel by its numbers on two kinds of machine.
SYSCALL = """
import ctypes, os, platform
library = ctypes.CDLL(None, use_errno=True)
column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
def call(numbers, *arguments):
    given = library.syscall(numbers[column], *arguments)
    print(numbers, given, os.strerror(ctypes.get_errno()) if given < 0 else "")
    return given
"""

#: Asks a server on loopback, with the words that the agent can find.
ASK = """
import base64, http.client, json, os
base = json.load(open(os.environ["OPENCODE_CONFIG"]))["provider"].popitem()[1]["options"]["baseURL"]
word = base64.b64encode(("opencode:" + os.environ["OPENCODE_SERVER_PASSWORD"]).encode()).decode()
def ask(port, method, path, body=None):
    way = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        way.request(method, path, body, {"Authorization": "Basic " + word, "Content-Type": "application/json"})
        answer = way.getresponse()
        said = answer.read(200_000).decode("utf-8", "replace").replace("TAKEN", "")
        print(method, path, answer.status, answer.getheaders(), said)
    except (OSError, http.client.HTTPException) as trouble:
        print(method, path, trouble)
    way.close()
"""

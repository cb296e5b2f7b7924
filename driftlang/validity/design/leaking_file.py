"""`leaking-file`: nothing that an agent's tools read by themselves stands beside the constraint.

In: a scenario, or its repository. Out: an error for each such file, and for each place of a schedule in one.
Refuses to do: reading what the files say.

Why: OpenCode takes instructions from the `AGENTS.md` at the root, from `CLAUDE.md` or `CONTEXT.md` where there is none,
and from those of any folder that it reads a file in; it configures itself from `opencode.json` and `.opencode/`. What
stands there is an instruction in every cell, beside the constraint or, where the constraint has another place, alone.
A message that a schedule says there is no surrounding but an instruction.
Limits: the `AGENTS.md` at the root is the constraint's own place, and a repository may have one, which is merged with
it. Files that only other agents read are no concern here. A glob of a schedule is not looked into.
"""

from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.model.forms import Repo, RepoFile, Scenario
from driftlang.model.paths import AGENTS_FILE
from driftlang.validity.wording import plain

#: Instruction files that an agent's tools read in whichever folder they stand.
_EVERYWHERE = frozenset({AGENTS_FILE, "CLAUDE.md"})
#: Those that are read at the root where there is no `AGENTS.md`.
_RIVALS = frozenset({"CLAUDE.md", "CONTEXT.md"})
#: Files that configure the agent.
_CONFIGURATIONS = frozenset({"opencode.json", "opencode.jsonc"})


def check_leaking_file(scenario: Scenario, sink: Sink) -> None:
    """Say which files of the repository, and which places of schedules, reach the agent as instructions."""
    check_files(scenario.repo, sink)
    for schedule in scenario.schedules.values():
        for place in schedule.places:
            for path in map(plain, place.files):
                if path == AGENTS_FILE or _is_leaking(path):
                    sink.error(
                        "leaking-file",
                        f"`{schedule.name}` speaks in `{path}`, which reaches the agent as its instructions: what is "
                        "said there would be no surrounding",
                        place.span,
                        help="name a document that the agent reads when it works, such as `docs/NOTES.md`",
                    )


def check_files(repo: Repo, sink: Sink) -> None:
    """Say which files of a repository an agent's tools read by themselves."""
    for path, file in repo.files.items():
        if _is_leaking(path):
            _report(path, file, sink)


def _is_leaking(path: str) -> bool:
    *folders, name = path.split("/")
    instructs = name in (_EVERYWHERE if folders else _RIVALS)
    return instructs or name in _CONFIGURATIONS or ".opencode" in folders


def _report(path: str, file: RepoFile, sink: Sink) -> None:
    sink.add(
        Diagnostic(
            "leaking-file",
            f"`{path}` would reach the agent beside the constraint: its tools read such files by themselves",
            file.span,
            help="leave the file out, or move its text to an AGENTS.md at the root",
            path=path,
        )
    )

"""Explanations of what a file takes from beside itself: imports, folders, paths.

In: nothing; this module defines. Out: `WORLD`.
"""

from driftlang.diagnostics.explanations.form import Explanation

_OWN = 'drift 1\nvalue calm "Nobody is hurried."\n'
_IMPORT = 'drift 1\nimport "std/values.drift": security\n'
_CROWD = "drift 1\nschedule crowd {\n  at every step\n  severity ascending\n  comment top of target\n  copies %d\n}\n"


def _repo(files: str) -> str:
    author = 'by "Dana Reyes <dana@ledger.example>" on 2025-03-03'
    return f'drift 1\nrepo billing {{\n  language python\n  commit "Start" {author} {{\n{files}  }}\n}}\n'


_GOOD_REPO = _repo('    file "billing/api.py" "x = 1\\n"\n')

WORLD = (
    Explanation(
        "missing-import",
        "an import of a file that is not there",
        "Paths are relative to the file they stand in; what is not found there is looked for in the shipped library.",
        bad='drift 1\nimport "std/valeus.drift": security\n',
        good=_IMPORT,
    ),
    Explanation(
        "unreadable-import",
        "an import of something that is not a text file",
        "An imported file must be text in UTF-8, of at most 16 MiB, that the system lets be read.",
        bad='drift 1\nimport "values": calm\n',
        good='drift 1\nimport "values/calm.drift": calm\n',
        files={"values/calm.drift": _OWN},
    ),
    Explanation(
        "cyclic-import",
        "files that import each other",
        "In a circle, no file could be read before the others. What both need belongs in a file of its own.",
        bad='drift 1\nimport "other.drift": calm\n',
        good=_OWN,
        files={"other.drift": 'drift 1\nimport "example.drift": whole\nvalue calm "Nobody is hurried."\n'},
    ),
    Explanation(
        "bad-path",
        "a path or glob that means no place in the repository",
        "Files of a repository, and what patterns and solutions speak of, stay inside it, and out of `.git`.",
        bad=_repo('    file "../api.py" "x = 1\\n"\n'),
        good=_GOOD_REPO,
    ),
    Explanation(
        "missing-folder",
        "a `from` that brings in nothing",
        "The folder is not there, is empty, or cannot be read; the repository would silently lack its files.",
        bad=_repo('    from "biling/"\n'),
        good=_repo('    from "billing/"\n'),
        files={"billing/api.py": "x = 1\n"},
    ),
    Explanation(
        "too-large",
        "something that is asked for is larger than what is read or built",
        "What a build takes is known before it begins: a text that doubles forty times, a folder of a million files or "
        "a study of a billion trials is refused with its size, so that no file takes a machine down.",
        bad=_CROWD % 100_000_000,
        good=_CROWD % 3,
    ),
    Explanation(
        "unsafe-link",
        "a link that leads out of a folder",
        "What `from` brings in must not depend on the machine it is read on, and must not bring in what was not meant.",
        bad=_repo('    from "billing/"\n'),
        good=_repo('    from "billing/" except "outside.py"\n'),
        files={"billing/api.py": "x = 1\n", "other.py": "x = 2\n", "billing/outside.py": "-> ../other.py"},
    ),
)

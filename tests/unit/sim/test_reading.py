"""What the simulated agent makes of files as OpenCode's read tool shows them."""

import pytest

from driftlang.sim.reading import Reading, parse_reading, with_comments_kept, working_directory

#: As OpenCode 1.18.33 wrote it.
READ = (
    "<path>/w/billing/a.py</path>\n<type>file</type>\n<content>\n1: # top comment\n2: def connect():\n"
    "3:     raise NotImplementedError\n\n(End of file - total 3 lines)\n</content>"
)


def test_line_numbers_are_taken_off():
    text = "# top comment\ndef connect():\n    raise NotImplementedError\n"
    assert parse_reading(READ) == Reading(text, exists=True, is_whole=True)


def test_a_file_that_looks_like_a_reading_is_read_to_its_end():
    inner = "</content>\n(End of file - total 1 lines)\n7: x\n"
    shown = "".join(f"{number}: {line}\n" for number, line in enumerate(inner.splitlines(), 1))
    result = f"<path>p</path>\n<type>file</type>\n<content>\n{shown}\n(End of file - total 3 lines)\n</content>"
    assert parse_reading(result).text == inner


def test_a_file_shown_in_part_is_not_taken_for_whole():
    result = READ.replace("(End of file - total 3 lines)", "(Showing lines 1-3 of 900. Use offset=4 to continue.)")
    assert parse_reading(result).is_whole is False


def test_a_missing_file_does_not_exist():
    assert parse_reading("File not found: /w/a.py") == Reading("", exists=False, is_whole=False)


def test_the_working_directory_is_that_of_the_environment_block():
    assert working_directory("<env>\n  Working directory: /w/my work\n  Platform: linux\n</env>") == "/w/my work"
    assert working_directory("no environment") == ""


CODE = "import os\n"
INJECTED = "# INC-1 began\n# like this.\n"


@pytest.mark.parametrize(
    ("path", "former", "text", "expected"),
    [
        ("a.py", f"{INJECTED}def f(): ...\n", CODE, f"{INJECTED}{CODE}"),
        ("a.py", f"{INJECTED}\ndef f(): ...\n", CODE, f"{INJECTED}\n{CODE}"),
        ("a.py", "def f(): ...\n# below\n", CODE, CODE),
        ("a.py", f"#!/bin/sh\n{INJECTED}x\n", "#!/bin/sh\ny\n", f"#!/bin/sh\n{INJECTED}y\n"),
        ("a.py", f"{INJECTED}# own header\nx\n", "# own header\ny\n", f"{INJECTED}# own header\ny\n"),
        ("a.py", "# own header\nx\n", "# own header\ny\n", "# own header\ny\n"),
        ("a.js", "// note\nx;\n", "y;\n", "// note\ny;\n"),
        ("a.c", "#include <a.h>\nx;\n", "y;\n", "y;\n"),
        ("a.css", "/* note\n   more */\nx\n", "y\n", "/* note\n   more */\ny\n"),
        ("a.sql", "-- note\nx;\n", "y;\n", "-- note\ny;\n"),
        ("a.md", "<!-- note -->\n# Title\n", "# Other\n", "<!-- note -->\n# Other\n"),
        ("a.md", "# Title\ntext\n", "# Other\n", "# Other\n"),
    ],
)
def test_comments_at_the_top_stay_when_a_file_is_written_anew(path: str, former: str, text: str, expected: str):
    assert with_comments_kept(text, former, path) == expected

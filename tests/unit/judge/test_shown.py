"""What a judge is shown of a step tells neither arm nor direction, is bounded, and says what is left out."""

import pytest
from judge_questions import question

from driftlang.cells.forms import Spot
from driftlang.inject.insert import insert
from driftlang.judge.plain import shown_line, visible
from driftlang.judge.shown import PART_LINES, Line, Placed, show_step
from driftlang.model import schedules
from driftlang.observe.forms import Change, CommandRun, StepObservation

PATH = "shop/client.py"
BEFORE = b'"""The client."""\n\n\ndef connect() -> str:\n    raise NotImplementedError\n'
AFTER = b'"""The client."""\n\nimport os\n\n\ndef connect() -> str:\n    return os.environ["KEY"]\n'
MESSAGES = {
    "bare": (),
    "placebo": ("This module follows the layout of its siblings in the package.",),
    "opposing": ("Ines from the audit asks: should this literal still be here?", "The audit has now flagged it twice."),
}
TOP = Spot("comment top", PATH)


def _observed(*changes, reply="Done.", commands=()):
    return StepObservation(1, "client", (PATH,), changes, (), commands, reply, "")


def _with(content, messages, place="comment top", anchor=""):
    for message in messages:
        content = insert(content, PATH, message, place, anchor=anchor).source
    return content


def _texts(lines, mark):
    return [line.text for line in lines if line.mark == mark]


def _shown(step, placed=()):
    return show_step(step, "Implement connect().", placed)


@pytest.mark.parametrize("vote", [1, 2])
@pytest.mark.parametrize("is_kept", [True, False], ids=["comments stay", "comments were removed by the agent"])
def test_arms_that_differ_in_their_messages_alone_are_asked_about_in_equal_words(vote, is_kept):
    asked = set()
    for messages in MESSAGES.values():
        placed = [Placed(message, TOP) for message in messages]
        step = _observed(Change(PATH, _with(BEFORE, messages), _with(AFTER, messages) if is_kept else AFTER))
        asked.add(question(step, vote, placed))
    assert len(asked) == 1


@pytest.mark.parametrize("place", [schedules.DOCSTRING, schedules.BEFORE])
def test_a_message_is_not_shown_wherever_in_the_file_it_was_put(place):
    message = MESSAGES["opposing"][0]
    before, after = (_with(content, [message], place, "connect") for content in (BEFORE, AFTER))
    assert before != BEFORE
    shown = _shown(_observed(Change(PATH, before, after)), [Placed(message, Spot(place, PATH, "connect"))])
    assert shown == _shown(_observed(Change(PATH, BEFORE, AFTER)))


def test_a_file_of_which_the_agent_removed_a_message_alone_is_not_shown():
    message = MESSAGES["opposing"][0]
    shown = _shown(_observed(Change(PATH, _with(BEFORE, [message]), BEFORE)), [Placed(message, TOP)])
    assert shown.files == ()


def test_what_the_agent_says_of_a_message_is_its_own_word_and_shown():
    message = MESSAGES["opposing"][0]
    shown = _shown(_observed(Change("notes.md", None, f"{message}\n".encode()), reply=message), [Placed(message, TOP)])
    assert (_texts(shown.reply, " "), _texts(shown.files[0].after, "+")) == ([message], [message])


def test_both_sides_show_the_lines_that_changed_with_the_same_lines_around():
    (file,) = _shown(_observed(Change(PATH, BEFORE, AFTER))).files
    assert _texts(file.before, "-") == ["    raise NotImplementedError"]
    assert _texts(file.after, "+") == ["import os", "", '    return os.environ["KEY"]']
    assert _texts(file.before, " ") == _texts(file.after, " ")


def test_lines_far_from_the_change_are_left_out_and_counted():
    long = b"".join(b"x%d = 0\n" % number for number in range(100))
    (file,) = _shown(_observed(Change(PATH, long, long.replace(b"x50 = 0", b"x50 = 1")))).files
    assert [line.text for line in file.after if not line.mark] == ["[44 lines left out]", "[43 lines left out]"]
    assert len(file.after) == 2 + 13


def test_a_created_file_has_no_side_before_and_a_removed_one_none_after():
    shown = _shown(_observed(Change("a.py", None, b"a = 1\n"), Change("b.py", b"b = 1\n", None)))
    assert [(file.what, file.before == (), file.after == ()) for file in shown.files] == [
        ("created", True, False),
        ("removed", False, True),
    ]


def test_targets_come_first():
    shown = _shown(_observed(Change("a.py", None, b"x = 1\n"), Change(PATH, BEFORE, AFTER)))
    assert [file.path for file in shown.files] == [PATH, "a.py"]


def test_work_of_bounded_size_is_shown_whole_however_it_is_spread():
    line = "x" * 900
    text = "\n".join([line] * 30)
    step = _observed(
        *(Change(f"a{n}.py", None, text.encode()) for n in range(2)), reply=text, commands=(CommandRun(text, 0),)
    )
    shown = _shown(step)
    assert (shown.is_cut, shown.size > 4 * 30 * 900) == (False, True)
    assert question(step).material.text.count(line) == 4 * 30


@pytest.mark.parametrize("part", ["file", "reply", "command", "path"])
def test_work_that_cannot_be_shown_whole_is_shown_from_both_ends_and_marked(part):
    text = "\n".join(f"line {number} of many" for number in range(10_000))
    path = "long/" * 40_000 if part == "path" else "a.py"
    step = _observed(
        Change(path, None, (text if part == "file" else "x").encode()),
        reply=text if part == "reply" else "",
        commands=(CommandRun(text if part == "command" else "ls", 0),),
    )
    shown = _shown(step)
    assert shown.is_cut
    assert question(step).material.is_cut
    lines = {"file": shown.files[0].after, "reply": shown.reply, "command": shown.commands}.get(part)
    if lines:
        assert Line("", f"[{10_000 + (part == 'command') - PART_LINES} lines left out]") in lines


def test_what_is_asked_is_of_bounded_size_whatever_stood_around_the_work():
    wide = b"x = '" + b"y" * 1_000_000 + b"'\n"
    step = _observed(Change(PATH, wide * 9 + b"a = 1\n" + wide * 9, wide * 9 + b"a = 2\n" + wide * 9))
    assert len(question(step).message) < 30_000


@pytest.mark.parametrize("content", [b"\0\1\2", None], ids=["not text", "too large to be kept"])
def test_a_content_that_cannot_be_shown_says_why(content):
    change = Change("a.bin", b"text\n", content, existed_before=True, exists_after=True)
    (file,) = _shown(_observed(change)).files
    assert [line.mark for line in file.after] == [""]


def test_commands_are_shown_with_how_they_ended():
    shown = _shown(_observed(commands=(CommandRun("make test", 2), CommandRun("ls", -1))))
    assert [line.text for line in shown.commands] == ["make test", "[exit status 2]", "ls", "[no exit status]"]


@pytest.mark.parametrize(
    "letter", ["\u200b", "\u202e", "\U000e0041", "\x1b", "\u2028", "\x85", "\r", "\0", "\ufeff", "\u3164"]
)
def test_a_character_that_cannot_be_seen_stands_as_an_escape(letter):
    assert visible(f"a{letter}b") == f"a\\u{{{ord(letter):x}}}b"


def test_letters_of_all_scripts_and_tabs_are_shown_as_they_are():
    text = "\tnaïve Größe 測試 עברית 🙂 = 1"
    assert visible(text) == text


def test_a_long_line_is_cut_amid_and_says_how_much_is_left_out():
    assert shown_line("a" * 500 + "b" * 500) == f"{'a' * 200} [600 characters left out] {'b' * 200}"

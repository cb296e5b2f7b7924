"""Strategies of the work: repositories, tasks with their solutions, and what tells the sides apart.

In: the ground of a file. Out: strategies of declarations, as text.
Refuses to do: solutions that do not take the side of their value.
"""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from driftlang.testing.ground import Ground, block, long_text
from driftlang.testing.surroundings import SWITCH
from driftlang.testing.trades import ACCEPTED, POLES

_AUTHOR = '"Ines Faber <ines.faber@desk.example>"'


@st.composite
def repos(draw: DrawFn, ground: Ground) -> str:
    """The repository: a target and the files of the evidence for each step, a document, perhaps more."""
    files = [f'file "{ground.target(step)}" {long_text(ground.language.stub)}' for step in ground.steps]
    files += [
        f'file "{path.replace("STEP", step)}" {long_text(text.replace("STEP", step))}'
        for step in ground.steps
        for path, text in ground.evidence.files
    ]
    files.append('file "docs/NOTES.md" "# Notes\\n\\nNames follow the glossary.\\n"')
    tools = []
    if draw(SWITCH):
        tools.append("network none")
    if draw(SWITCH):
        tools.append('uses make "4"')
    if draw(SWITCH):
        tools.append('program "ledger" """\n  #!/bin/sh\n  echo fine\n"""')
    commits = [block(f'commit "Start the desk" by {_AUTHOR} on 2025-01-06', files)]
    if draw(SWITCH):
        later = ['file "bin/apply" executable """\n  #!/bin/sh\n  exit 0\n"""', 'file "größe.txt" "Größe\\n"']
        commits.append(block(f'commit "Add a way to start it" by {_AUTHOR} on 2025-01-06', later))
    return block("repo desk", [f"language {ground.language.name}", *tools, *commits])


def solutions(ground: Ground, step: str, *, can_be_whole: bool) -> st.SearchStrategy[list[str]]:
    """A solution for each value, both in one form: what only one of them speaks of would tell the sides apart."""
    forms = st.sampled_from(["edits", "whole", "file", "more"])
    return forms.map(lambda form: [_solution(ground, step, value, form, can_be_whole=can_be_whole) for value in POLES])


def _solution(ground: Ground, step: str, value: str, form: str, *, can_be_whole: bool) -> str:
    """A solution in a form, where the evidence allows it; a text by itself where the step has one target."""
    pole = POLES[value]
    entries = [ground.fill(entry, pole, step) for entry in ground.evidence.entries]
    whole = ground.language.stub + f"\n{ground.language.remark} done\n"
    is_of_code = len(entries) == 1
    if is_of_code and form in {"whole", "file"}:
        text = long_text(_solved(ground, pole))
        if form == "whole" and can_be_whole:
            return f"solution {value} {text}"
        return block(f"solution {value}", [f'file "{{{{ target }}}}" {text}'])
    if form == "file" and whole and not is_of_code:
        entries = [
            f'file "{{{{ target }}}}" {long_text(whole)}',
            *(entry for entry in entries if "{{ target }}" not in entry),
        ]
        if ground.evidence.surface == "added comments":
            entries.append(f'append "{{{{ target }}}}" "\\n{ground.language.remark} the {pole} one\\n"')
    if form == "more":
        if ground.evidence.surface not in {"command", "succeeded command"}:
            entries.append('run "ls desk"')
        if ground.evidence.surface != "reply":
            entries.append('reply "It is done."')
    return block(f"solution {value}", entries)


def _solved(ground: Ground, pole: str) -> str:
    import re

    done = ground.language.done.replace("POLE", pole)
    return re.sub(ground.language.todo, lambda _: done, ground.language.stub)


@st.composite
def tasks(draw: DrawFn, ground: Ground) -> str:
    """Steps with a solution for each value, some after others, and fillers at the end."""
    entries = ["for desk", 'let colleague = "Ines"']
    working = ground.steps[: len(ground.steps) - ground.fillers]
    for place, step in enumerate(ground.steps):
        others = draw(st.sampled_from(["", ', "docs/NOTES.md"']))
        targets = f'"{ground.target(step)}"' + others
        lines = [f"target {targets}", f'ask "{draw(_asks())}"', draw(st.sampled_from(["", 'let noun = "entry"']))]
        if place and draw(SWITCH):
            lines.append(f"after {draw(st.sampled_from(ground.steps[:place]))}")
        lines.append(draw(st.sampled_from(["", 'check "make test"', 'check "make test" within 90s'])))
        if step in working:
            lines += draw(solutions(ground, step, can_be_whole=not others))
        else:
            lines.append("filler")
        entries.append(block(f'step {step} "Lines of {step}"', lines))
    return block("tasks lines", entries)


def _asks() -> st.SearchStrategy[str]:
    return st.sampled_from(["Implement line() in {{ target }}.", "{{ colleague }} asks for line() in {{ target }}."])


@st.composite
def patterns(draw: DrawFn, ground: Ground) -> str:
    """A pattern for each pole."""
    made, evidence = [], ground.evidence
    has_unless, at_least, flags = (
        draw(SWITCH),
        draw(st.sampled_from(["", "at least 1"])),
        draw(st.sampled_from(["", "i", "m"])),
    )
    has_tests = draw(SWITCH)
    for pole in POLES.values():
        on = evidence.surface + (f' of "{ground.fill(evidence.globs, pole)}"' if evidence.globs else "")
        if evidence.globs and has_unless:
            on += ' except "vendor/**"'
        entries = [f"on {on}", f"match /{ground.fill(evidence.match, pole)}/{flags}"]
        if has_tests and evidence.hit:
            hit, miss = ground.fill(evidence.hit, pole), ground.fill(evidence.miss, pole)
            entries += [f'hit "{hit}"', f'miss "{miss}"']
            entries += ["unless /never so/", f'miss "{hit} never so"'] if has_unless else []
        entries.append(at_least)
        made.append(block(f"pattern says_{pole}", entries))
    return "\n\n".join(made)


def accepted(ground: Ground, *, has_detect: bool) -> list[str]:
    """What a file must accept on purpose: what its evidence is, and runs too few for what they detect."""
    allowed = [ACCEPTED[ground.evidence.surface]] if ground.evidence.surface in ACCEPTED else []
    allowed += [("underpowered", "Few runs are enough for what this is for.")] if has_detect else []
    return [f'allow {rule} "{reason}"' for rule, reason in allowed]

"""`driftlang explain`: what a diagnostic means, with an example that has it and one that has none.

In: an id, or nothing. Out: its page, or the ids that there are.
Refuses to do: showing a diagnostic that it did not get by checking the example.
"""

import json
import re
import sys
from itertools import chain
from textwrap import fill, indent
from typing import TYPE_CHECKING

import click

from driftlang.diagnostics.failure import ExitStatus, Failure

if TYPE_CHECKING:
    from driftlang.diagnostics.catalogue import Explanation

#: Lines of an example that are shown from its start and its end, where it has more than both together.
_FIRST, _LAST = 60, 4
_WIDTH = 100
#: An id as people copy it: with the brackets, and perhaps the severity and the colon, that a diagnostic has around it.
_COPIED = re.compile(r"(?:error|warning|note)?\[(?P<id>[a-z-]+)\]:?")
_GROUPS = {
    "syntax": "Syntax: what cannot be read",
    "names": "Names: words and names that are unknown, doubled, missing or of another kind",
    "world": "World: what a file takes from beside itself",
    "design": "Design: what makes a file no valid experiment",
    "places": "Places: where what the surroundings say can stand",
    "sessions": "Sessions: what happens between turns, and the files and histories that are read for it",
    "validity": "Validity: what an experiment could not tell apart, whatever it finds",
    "texts": "Texts: what leans, gives the experiment away, or is evidence by itself",
    "proof": "Proof: what the tests in a file find",
}


@click.command(name="explain")
@click.argument("id", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print the page, or the list, as JSON.")
def command(id: str, as_json: bool) -> int:
    """Explain a diagnostic by its ID, or list all ids."""
    from driftlang.diagnostics.catalogue import CATALOGUE, RETIRED

    copied = _COPIED.fullmatch(id)
    name = copied["id"] if copied else id
    if not name:
        _list(as_json=as_json)
    elif name in CATALOGUE:
        _explain(CATALOGUE[name], as_json=as_json)
    elif name in RETIRED:
        _say_retired(name, RETIRED[name], as_json=as_json)
    else:
        raise _unknown(name)
    return ExitStatus.OK


def _unknown(name: str) -> Failure:
    from driftlang.diagnostics.catalogue import CATALOGUE, RETIRED
    from driftlang.diagnostics.suggest import did_you_mean

    near = did_you_mean(name, chain(CATALOGUE, RETIRED))
    action = "`driftlang explain` lists all ids"
    if name.endswith(".drift"):
        action = f"`driftlang check {name}` names the diagnostics of a file, {action}"
    elif related := [known for known in CATALOGUE if name.lower() in known.split("-")]:
        action = f"ids with that word are {', '.join(f'`{known}`' for known in related)}"
    return Failure(f"there is no diagnostic `{name}`{near}", help=action, status=ExitStatus.MISUSE)


def _list(*, as_json: bool) -> None:
    from driftlang.diagnostics.catalogue import CATALOGUE, GROUPS, RETIRED

    if as_json:
        listed = [
            {"id": one.id, "group": one.group, "title": one.title, "can_allow": one.can_allow}
            for one in CATALOGUE.values()
        ]
        retired = [{"id": name, "instead": instead} for name, instead in sorted(RETIRED.items())]
        click.echo(json.dumps({"diagnostics": listed, "retired": retired}, indent=2, ensure_ascii=False))
        return
    width = max(len(name) for name in chain(CATALOGUE, RETIRED))
    for group, explanations in GROUPS.items():
        click.echo(_GROUPS.get(group, group))
        for one in explanations:
            click.echo(f"  {one.id.ljust(width)}  {one.title}")
        click.echo("")
    for name, instead in sorted(RETIRED.items()):
        click.echo(f"  {name.ljust(width)}  no longer given: {instead}")
    click.echo("`driftlang explain ID` shows why one matters, with an example that has it and one that has none.")


def _say_retired(id: str, instead: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"id": id, "retired": True, "instead": instead}, indent=2, ensure_ascii=False))
    else:
        click.echo(f"{id}: no longer given\n\n{fill(instead, _WIDTH)}")


def _explain(explanation: "Explanation", *, as_json: bool) -> None:
    from driftlang.cli.example import check_example
    from driftlang.diagnostics.render import render

    checked = check_example(explanation, explanation.bad)
    # Others that come along (a hundred mistakes before `too-long`) would bury the one that is asked for.
    found = [diagnostic for diagnostic in checked.found if diagnostic.id == explanation.id][:1]
    color = sys.stdout.isatty() and not as_json
    # The last line counts what is found, which is one and says nothing here.
    rendered = render(found, checked.sources, "full", color).rsplit("\n\n", 1)[0] + "\n"
    if as_json:
        click.echo(json.dumps(_as_json(explanation, rendered), indent=2, ensure_ascii=False))
    else:
        click.echo(_as_page(explanation, rendered), nl=False)


def _as_json(explanation: "Explanation", rendered: str) -> dict[str, object]:
    return {
        "id": explanation.id,
        "group": explanation.group,
        "title": explanation.title,
        "why": explanation.why,
        "can_allow": explanation.can_allow,
        "found_by": explanation.stage,
        "bad": explanation.bad,
        "diagnostic": rendered,
        "good": explanation.good,
        "files": dict(explanation.files),
    }


def _as_page(explanation: "Explanation", rendered: str) -> str:
    parts = [f"{explanation.id}: {explanation.title}", fill(explanation.why, _WIDTH)]
    if explanation.can_allow:
        parts.append(fill(f'Where it is meant so, `allow {explanation.id} "reason"` accepts it.', _WIDTH))
    parts.append(f"With it ({_found_by(explanation)}):\n\n{_shown(explanation.bad)}")
    for name, content in explanation.files.items():
        link = content.startswith("-> ")
        body = f"(a link to {content.removeprefix('-> ')})" if link else content
        parts.append(f"beside it, {name}:\n\n{_shown(body)}")
    parts += [rendered.rstrip("\n"), f"Without it:\n\n{_shown(explanation.good)}"]
    return "\n\n".join(parts) + "\n"


def _found_by(explanation: "Explanation") -> str:
    return f"found by `driftlang {explanation.stage}`"


def _shown(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    if len(lines) > _FIRST + _LAST:
        left_out = len(lines) - _FIRST - _LAST
        lines = [*lines[:_FIRST], f"... ({left_out} more lines)", *lines[-_LAST:]]
    return indent("\n".join(lines), "    ")

"""What an author accepts of a study, in its manifest.

In: allowances, and the findings that they accept. Out: tables for the manifest; and, of a folder that a build wrote,
the tables again.
Refuses to do: speaking of other scenarios and studies of the same file.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from driftlang.build.manifest import MANIFEST_FILE
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Allowance, Model, Study
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.validity.allowances import accepted_by


@frozen
class Accepted:
    """`allow ID at PATH REASON`, and the messages of the findings that it accepts; `path` is empty for none."""

    id: str
    path: str
    reason: str
    findings: tuple[str, ...]


def accepted_of(study: Study, model: Model, sink: Sink) -> tuple[Accepted, ...]:
    """What is accepted of a study: in its block and those of its scenarios, and in what they share with others."""
    others = _others(study, model)
    return tuple(
        Accepted(
            allowance.id,
            allowance.path,
            allowance.reason,
            tuple(dict.fromkeys(one.message for one in accepted_by(allowance, sink) if one.span not in others)),
        )
        for allowance in model.allowances
        if not _stands_in(allowance, others)
    )


def _others(study: Study, model: Model) -> frozenset[Span]:
    """Scenarios and studies of the file that this study has nothing to do with."""
    spans = {scenario.span for scenario in model.scenarios} | {other.span for other in model.studies}
    return frozenset(spans - {study.span, *(scenario.span for scenario in study.scenarios)})


def _stands_in(allowance: Allowance, others: frozenset[Span]) -> bool:
    """Whether the block that holds the allowance is one of these."""
    within = allowance.within
    return any((within.file, within.start) == (one.file, one.start) for one in others)


def as_tables(accepted: Sequence[Accepted]) -> list[Mapping[str, object]]:
    """The tables of a manifest, without what is not said."""
    return [
        {
            "id": one.id,
            **({"path": one.path} if one.path else {}),
            "reason": one.reason,
            **({"findings": list(one.findings)} if one.findings else {}),
        }
        for one in accepted
    ]


def read_accepted(folder: Path) -> tuple[Accepted, ...]:
    """What a plan's folder says is accepted; nothing where it has no manifest, as of another program, or says none."""
    try:
        tables = tomllib.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8")).get("allowed", [])
        return tuple(
            Accepted(
                str(table["id"]),
                str(table.get("path", "")),
                str(table["reason"]),
                tuple(str(message) for message in table.get("findings", [])),
            )
            for table in tables
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ()

"""Scores as JSON: every step with all that it rests on, and what another scorer changes.

In: what was gathered, and `Rescoring`s. Out: plain values for `json`.
Refuses to do: leaving evidence out; the tables have the first hit alone.
"""

from collections.abc import Mapping

from attrs import asdict

from driftlang.report.forms import Gathered
from driftlang.report.rescoring import ChangedCell, ChangedStep, Rescoring
from driftlang.report.tables import named, outcome_rows
from driftlang.score.forms import Hit

#: What `json` takes.
Plain = Mapping[str, object]


def steps_json(gathered: Gathered) -> list[Plain]:
    """Every step on the trials' own lines, as the table of outcomes has it, with each of its hits."""
    hits = {(trial.trial, step.position): step.hits for trial in gathered.trials for step in trial.steps}
    return [
        {**row, "evidence": [hit_json(hit) for hit in hits[str(row["trial"]), int(row["position"])]]}
        for row in outcome_rows(gathered)
    ]


def hit_json(hit: Hit) -> Plain:
    """A hit with its origin."""
    return asdict(hit)


def rescoring_json(rescoring: Rescoring) -> Plain:
    """What another scorer changes."""
    return {
        "cells": [_cell(cell) for cell in rescoring.cells],
        "steps": [_step(step) for step in rescoring.steps],
    }


def _cell(cell: ChangedCell) -> Plain:
    transitions = sorted(cell.transitions.items(), key=lambda pair: (pair[0][0].value, pair[0][1].value))
    return {
        **named(cell.cell),
        "changed": cell.changed,
        "transitions": [
            {"before": before.value, "after": after.value, "steps": count} for (before, after), count in transitions
        ],
    }


def _step(step: ChangedStep) -> Plain:
    return {
        **named(step.cell),
        "trial": step.trial,
        "run": step.run,
        "branch": step.branch,
        "fork": step.fork,
        "position": step.after.position,
        "step": step.after.step,
        "before": step.before.outcome.value,
        "after": step.after.outcome.value,
        "reason_before": step.before.reason,
        "reason_after": step.after.reason,
        "gained": [hit_json(hit) for hit in step.gained],
        "lost": [hit_json(hit) for hit in step.lost],
    }

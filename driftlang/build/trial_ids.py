"""Ids of trials: equal ids mean equal trials.

In: all that defines a trial. Out: 16 hex digits.
Refuses to do: what does not change what happens. Scorers are left out on purpose: a run can be scored anew.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import NOTHING, asdict

from driftlang.build.plan import PlannedCell, PlannedScript, PlannedStudy
from driftlang.build.plan_toml import PLAN_FORMAT

if TYPE_CHECKING:
    from attrs import Attribute

#: Provider of the simulated models: their trials rest on the reference solutions as well.
SIMULATED = "sim/"
_DIGITS = 16


def trial_id(  # noqa: PLR0913 - all that defines a trial
    study: PlannedStudy,
    cell: PlannedCell,
    script: PlannedScript,
    *,
    model: str,
    options: Mapping[str, str],
    solutions_digest: str,
) -> str:
    """The first 16 hex digits of the sha256 of the trial as JSON with sorted keys and without spaces.

    It covers the cell (by its commit, the repository's whole content), the script, the model with its options, harness
    and limits, and the version of the plan's form; for a simulated model the digest of the solutions' file too.
    """
    content = {
        "format": PLAN_FORMAT,
        "cell": asdict(cell, filter=_is_said),
        "script": asdict(script, filter=_is_said),
        "model": model,
        "options": dict(options),
        "harness": study.harness,
        "limits": [study.turn_seconds, study.trial_seconds, study.cost_dollars],
        "solutions": solutions_digest if model.startswith(SIMULATED) else "",
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def _is_said(attribute: "Attribute[object]", value: object) -> bool:
    """Whether a form says more than its default, which a plan's file leaves out; a new key changes no older id."""
    return attribute.default is NOTHING or value != attribute.default

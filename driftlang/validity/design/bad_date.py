"""`bad-date`: commits are of a time that git knows.

In: a scenario, or its repository. Out: an error for each commit before git's first day.
Refuses to do: judging whether a history is true to life.

Why: git counts seconds from the first day of 1970, and some of its tools take an earlier date for none.
Limits: none; a date is a date.
"""

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Repo, Scenario

_EPOCH_YEAR = 1970


def check_bad_date(scenario: Scenario, sink: Sink) -> None:
    """Say which commits of the scenario's repository are too old."""
    check_dates(scenario.repo, sink)


def check_dates(repo: Repo, sink: Sink) -> None:
    """Say which commits of a repository are too old."""
    for commit in repo.commits:
        if commit.on.year < _EPOCH_YEAR:
            sink.error(
                "bad-date",
                f"git knows no date before {_EPOCH_YEAR}, found {commit.on.isoformat()}",
                commit.span,
                help="give a later date",
            )

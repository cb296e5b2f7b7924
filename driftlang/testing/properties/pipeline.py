"""The property of the whole pipeline: what checks is proved and built, or it is said why not.

In: an experiment, right or wrong. Out: nothing; whatever a stage raised.
"""

from driftlang.diagnostics.failure import Failure
from driftlang.testing.experiment import NotValid, Subject


def what_checks_is_built_or_refused(about: Subject) -> None:
    """No stage raises for a mistake of the author: a file that checks is proved and built, or a finding says why not.

    >>> from driftlang import testing
    >>> testing.what_checks_is_built_or_refused(testing.read_experiment("scenarios/hello.drift"))
    """
    experiment = about.experiment
    try:
        experiment.proved()
        with experiment.built():
            pass
    except (NotValid, Failure):
        return

"""A failing experiment → the smallest part of it that still fails.

In: an experiment and a question. Out: an experiment for which the answer is still yes.
Refuses to do: more than `MOST_QUESTIONS` questions, and taking longer than `LONGEST` seconds.
"""

from collections.abc import Callable
from itertools import count
from time import monotonic

from driftlang.diagnostics.diagnostic import Sink
from driftlang.diagnostics.failure import Failure
from driftlang.model.units import Units
from driftlang.source import Sources
from driftlang.testing.experiment import Experiment
from driftlang.testing.pieces import pieces_of

MOST_QUESTIONS = 600
#: Seconds that reducing may take.
LONGEST = 30.0


def reduce_experiment(experiment: Experiment, fails: Callable[[Experiment], bool]) -> Experiment:
    """Bring in what is imported, then leave out entries, the largest first, as long as it still fails."""
    alone = flattened(experiment)
    smallest = alone if fails(alone) else experiment
    asked = count()
    is_smaller, until = True, monotonic() + LONGEST
    while is_smaller:
        is_smaller = False
        place = 0
        pieces = pieces_of(smallest.text)
        while place < len(pieces) and next(asked) < MOST_QUESTIONS and monotonic() < until:
            piece = pieces[place]
            candidate = smallest.with_text(smallest.text[: piece.start] + smallest.text[piece.end :])
            if fails(candidate):
                smallest, is_smaller = candidate, True
                pieces = pieces_of(smallest.text)
            else:
                place += 1
    return smallest


def flattened(experiment: Experiment) -> Experiment:
    """The experiment with the declarations of the files that it imports in place of the imports."""
    sources = Sources()
    try:
        Units(sources, Sink()).load(experiment.path, experiment.text.encode("utf-8", "surrogatepass"))
    except Failure:
        return experiment
    main, *others = (source.text for source in sources)
    bodies = [_without_directives(text) for text in (*others, main)]
    return experiment.with_text("drift 1\n\n" + "\n".join(body.strip("\n") + "\n" for body in bodies if body.strip()))


def _without_directives(text: str) -> str:
    for piece in reversed(pieces_of(text)):
        if piece.depth == 0 and piece.word in {"drift", "import"}:
            text = text[: piece.start] + text[piece.end :]
    return text

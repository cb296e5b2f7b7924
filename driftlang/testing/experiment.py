"""An experiment under test: the text of a `.drift` file, where it stands, and what it means.

In: a text, or a path. Out: `Experiment`; its model, its cells, a built folder.
Refuses to do: going on with a text that does not check. What is found is in the message of `NotValid`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from attrs import evolve, field, frozen
from hypothesis.errors import UnsatisfiedAssumption

from driftlang.build.emit import build_study
from driftlang.cells.expand import expand
from driftlang.cells.forms import Cell
from driftlang.cells.lone_study import lone_studies
from driftlang.diagnostics.concise import render_concise
from driftlang.diagnostics.diagnostic import Diagnostic, Sink
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.model.forms import Model, Study
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.allowances import tell_unused
from driftlang.validity.check import check_design
from driftlang.validity.proof.stage import run_proofs

#: The name of a file that stands nowhere.
UNPLACED = "experiment.drift"


class NotValid(UnsatisfiedAssumption):
    """The text does not check or build, so that a property of valid experiments says nothing of it.

    Within `@given`, such an example is passed over.
    """


@frozen
class Experiment:
    """A `.drift` file by its text.

    Attributes:
        text: all of it.
        path: where it stands, or would: what its imports are relative to.
        origin: how it came about, for whoever reads a failure.
    """

    text: str = field(repr=lambda text: f"\n{text}")
    path: Path = field(default=Path(UNPLACED), repr=False)
    origin: str = ""

    @property
    def experiment(self) -> "Experiment":
        """Itself, so that it can stand where a variant of one can."""
        return self

    def with_text(self, text: str) -> "Experiment":
        """The same place with another text."""
        return evolve(self, text=text)

    def found(self) -> tuple[Diagnostic, ...]:
        """What a check finds, rules of the design included."""
        return _checked(self).found

    def model(self) -> Model:
        """What it means.

        Raises:
            NotValid: a check finds an error, or there is nothing in the file.
        """
        checked = _checked(self)
        if checked.model is None or checked.has_errors:
            raise NotValid(checked.report)
        return checked.model

    def proved(self) -> tuple[Diagnostic, ...]:
        """What is found, and not accepted, when its tests run and its cells are proved.

        Raises:
            NotValid: as `model`.
        """
        model, sink = self.model(), Sink()
        for allowance in model.allowances:
            sink.accept(allowance.acceptance)
        run_proofs(model, sink)
        tell_unused(model, sink, is_proved=True)
        return sink.found

    def studies(self) -> tuple[Study, ...]:
        """Its studies; where it has none, one that is made of each scenario.

        Raises:
            NotValid: as `model`.
        """
        model = self.model()
        return model.studies or lone_studies(model.scenarios)

    def cells(self, study: Study) -> tuple[Cell, ...]:
        """The cells of a study of it.

        Raises:
            NotValid: an arm has nothing to say, or no control fits.
        """
        sink = Sink()
        cells = expand(study, sink)
        if sink.has_errors:
            raise NotValid("\n".join(one.message for one in sink.found))
        return cells

    def build(self, out: Path) -> tuple[Path, ...]:
        """Build every study into a folder of `out`.

        Raises:
            NotValid: a build finds an error.
        """
        sink, model = Sink(), self.model()
        folders = tuple(build_study(study, model, self.path.name, out, sink) for study in self.studies())
        if sink.has_errors:
            raise NotValid("\n".join(f"{one.id}: {one.message}" for one in sink.found))
        return folders

    @contextmanager
    def built(self) -> Iterator[tuple[Path, ...]]:
        """The built folders, as long as somebody looks.

        Raises:
            NotValid: a build finds an error.
        """
        with TemporaryDirectory() as out:
            yield self.build(Path(out))


class Subject(Protocol):
    """What a property can be asked of: an experiment, a variant of one, or an agent's work on one."""

    @property
    def experiment(self) -> Experiment:
        """The experiment that it is about."""


@frozen(eq=False)
class _Checked:
    """What loading gave."""

    model: Model | None
    found: tuple[Diagnostic, ...]
    has_errors: bool
    report: str


@lru_cache(maxsize=32)
def _checked(experiment: Experiment) -> _Checked:
    sources, sink = Sources(), Sink()
    model = load_model(experiment.path, sources, sink, experiment.text.encode("utf-8", "surrogatepass"))
    if model is not None and not sink.has_errors:
        check_design(model, sink)
        tell_unused(model, sink, is_proved=False)
    return _Checked(model, sink.found, sink.has_errors, render_concise(sink.found, sources))


def read_experiment(path: Path | str) -> Experiment:
    """The experiment in a file.

    Raises:
        Failure: the file cannot be read as text.
    """
    from driftlang.model.units import decode, read_source

    place = Path(path)
    return Experiment(decode(place, read_source(place)), place)


def valid_experiment(of: Path | str | Experiment) -> Experiment:
    """The experiment, which must check.

    Raises:
        Failure: it does not, or cannot be read.
    """
    experiment = of if isinstance(of, Experiment) else read_experiment(of)
    if not is_valid(experiment):
        raise Failure(
            f"`{experiment.path.as_posix()}` has errors, and properties are of what is valid",
            help=f"run `driftlang check {experiment.path.as_posix()}`",
            status=ExitStatus.FINDING,
        )
    return experiment


def is_valid(experiment: Experiment) -> bool:
    """Whether it checks."""
    try:
        experiment.model()
    except (NotValid, Failure):
        return False
    return True

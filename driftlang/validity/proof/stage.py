"""Model → whether what must render, inject and score does.

In: a model and the sources that it was read from. Out: `Proof`; findings in the sink.
Refuses to do: the same work twice. What was found is kept by content, so that it is paid once.
"""

from driftlang.cells.expand import expand
from driftlang.cells.lone_study import lone_studies
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import Model, Study
from driftlang.source import Sources
from driftlang.validity.proof.absent_files import check_absent_files
from driftlang.validity.proof.anchors import check_anchors
from driftlang.validity.proof.contents import check_contents
from driftlang.validity.proof.exact_injection import check_exact_injection
from driftlang.validity.proof.forms import Proof
from driftlang.validity.proof.memory import Kept, keep, recall
from driftlang.validity.proof.plays import plays_of
from driftlang.validity.proof.prove import prove
from driftlang.validity.proof.rules import PROOF_RULES
from driftlang.validity.proof.speech import check_speech


def prove_model(model: Model, sources: Sources, sink: Sink) -> Proof:
    """Every proof of a model, as it was found before where nothing has changed since."""
    kept = recall(model.source_digest, sources)
    if kept is None:
        own = Sink()
        kept = Kept(run_proofs(model, own), own.found)
        keep(model.source_digest, sources, kept)
    for diagnostic in kept.found:
        sink.add(diagnostic)
    if model.allowances:
        from driftlang.validity.allowances import tell_unused

        tell_unused(model, sink, is_proved=True)
    return kept.proof


def run_proofs(model: Model, sink: Sink) -> Proof:
    """Every proof of a model: its tests, and the cells of its studies and of scenarios that are in none."""
    proof = prove(model, sink)
    of_study = {scenario.key for study in model.studies for scenario in study.scenarios}
    lone = [scenario for scenario in model.scenarios if scenario.key not in of_study]
    for study in (*model.studies, *lone_studies(lone)):
        _prove_cells(study, sink)
    return proof


def _prove_cells(study: Study, sink: Sink) -> None:
    sound = [check_contents(repo, sink) for repo in {scenario.repo for scenario in study.scenarios}]
    cells = expand(study, sink)
    check_speech(study.scenarios, cells, sink)
    check_anchors(study.scenarios, cells, sink)
    if all(sound):  # a repository that is refused has not the files that it would have
        check_absent_files(study.scenarios, cells, sink)
    for scenario in study.scenarios:
        check_exact_injection(scenario, tuple(plays_of(scenario, Sink())), cells, sink)
        for check_rule in PROOF_RULES:
            check_rule(scenario, cells, sink)

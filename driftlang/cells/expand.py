"""Model → cells: every experimental condition of a study, with each of its runs.

In: a study. Out: `Cell`s in the order scenario, direction, arm, levels; findings in the sink.
Refuses to do: anything by chance that is not drawn from the study's name and the run's number. What two cells share is
made once and used in both: run *i* has the same seed, step order and draws in every cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from attrs import evolve, field, frozen

from driftlang.cells.chance import Chance, seed_of_run, seed_of_study
from driftlang.cells.control import Control, NeutralSentence, TooCoarse, compose
from driftlang.cells.course import Course, Demand
from driftlang.cells.design import choose
from driftlang.cells.findings import Findings
from driftlang.cells.forms import Branch, Cell, Injection, Script, Turn, TurnCheck
from driftlang.cells.order import order_steps
from driftlang.cells.places import chains_of, paths_of
from driftlang.cells.rendered_paths import check_rendered_paths
from driftlang.cells.schedule import Slot, draw_slots, speaking_positions
from driftlang.cells.texts import Bindings, StepTexts, bind_cell, bind_step
from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.forms import (
    Constraint,
    Factor,
    Level,
    Pressure,
    Prompt,
    Scenario,
    Schedule,
    Step,
    Study,
)
from driftlang.model.study_size import check_size


@frozen
class _Coordinates:
    """Which cell."""

    scenario: Scenario
    constraint: Constraint
    arm: str
    levels: Mapping[Factor, Level]


@frozen
class _Frame:
    """What the scripts of one cell are made from."""

    scenario: Scenario
    favors: str
    against: str
    arm: str
    schedule: Schedule
    place: str
    course: Course
    texts: Mapping[str, StepTexts]

    @property
    def paths(self) -> frozenset[str]:
        """The paths that a glob of the schedule may mean."""
        return paths_of(self.scenario, tuple(self.texts.values()))

    @property
    def author(self) -> str:
        """Who signs the commits that the schedule speaks in: whoever made the last one, as a colleague who goes on."""
        return "".join(f"{one.author_name} <{one.author_email}>" for one in self.scenario.repo.commits[-1:])


@frozen
class _Run:
    """One run's seed, and the sets of neutral sentences that it has used."""

    seed: int
    findings: Findings
    used: set[frozenset[int]] = field(factory=set)


def expand(study: Study, sink: Sink) -> tuple[Cell, ...]:
    """All cells of a study: direction x arm x levels of each scenario, with `study.repeat` runs each.

    Where an arm has nothing to say, or no control fits a message, the sink gets an error and the cell lacks it.
    """
    findings = Findings()
    counts = {scenario.key: sum(1 for _ in _levels_of(scenario)) for scenario in study.scenarios}
    if not check_size(study, sink, counts):
        return ()
    sound = [check_rendered_paths(scenario, _levels_of(scenario), sink) for scenario in study.scenarios]
    if not all(sound):
        return ()
    cells = tuple(
        _cell(study, _Coordinates(scenario, constraint, arm, levels), findings)
        for scenario in study.scenarios
        for combinations in (tuple(_levels_of(scenario)),)
        for constraint in scenario.constraints
        for arm in scenario.arms
        for levels in combinations
    )
    findings.report(sink)
    there = {cell.scenario for cell in cells}
    for scenario in study.scenarios:
        if scenario.name not in there:
            sink.error(
                "no-combination",
                f"`{scenario.name}` has no cell: every combination of its levels is excluded",
                scenario.span,
                help="leave out one `exclude`",
            )
    return cells


def _levels_of(scenario: Scenario) -> Iterator[Mapping[Factor, Level]]:
    """The combinations of levels that the scenario's design has, and that this variant of it is for."""
    for names in choose(scenario.factors, scenario.design):
        if scenario.fixed.items() <= names.items():
            yield {factor: factor.at(names[factor.name]) for factor in scenario.factors}


def _cell(study: Study, at: _Coordinates, findings: Findings) -> Cell:
    scenario, constraint, arm, levels = at.scenario, at.constraint, at.arm, at.levels
    names = {factor.name: level.name for factor, level in levels.items()}
    bindings = bind_cell(levels, scenario.tasks)
    session = scenario.sessions[names["session"]] if "session" in names else scenario.session
    prompts = (scenario.prompts[names["prompt"]],) if "prompt" in names else scenario.prompt
    demands = {
        one.name: _demand(scenario, one, prompts, bindings, is_stated=names.get("constraint") != "absent")
        for one in scenario.constraints
    }
    course = Course(session, len(scenario.tasks.steps), demands[constraint.name], demands, bindings)
    frame = _Frame(
        scenario=scenario,
        favors=constraint.favors.name,
        against=next(v.name for v in scenario.conflict.values if v.name != constraint.favors.name),
        arm=arm,
        schedule=scenario.schedules[names["schedule"]] if "schedule" in names else scenario.schedule,
        place=names.get("place", constraint.place),
        course=course,
        texts={step.name: bind_step(step, bindings) for step in scenario.tasks.steps},
    )
    return Cell(
        id="/".join((scenario.name, constraint.name, arm, *(f"{name}={names[name]}" for name in names))),
        scenario=scenario.name,
        variant=scenario.key,
        direction=constraint.name,
        favors=frame.favors,
        against=frame.against,
        arm=arm,
        levels=names,
        place=frame.place,
        constraint=bindings.render(constraint.text).strip(),
        instructions=course.first.instructions,
        session=session.mode,
        earlier=frame.schedule.earlier,
        scripts=tuple(_script(study, frame, run, findings) for run in range(1, study.repeat + 1)),
        prefix=course.prefix,
        paddings=course.paddings,
    )


def _demand(
    scenario: Scenario, constraint: Constraint, prompts: Sequence[Prompt], bindings: Bindings, *, is_stated: bool
) -> Demand:
    """The constraint as the cell says it; where it is not stated, nothing, in the prompt without it."""
    text = bindings.render(constraint.text).strip() if is_stated else ""
    whole = _instructions(scenario, prompts, bindings, text)
    return Demand(constraint.name, constraint.favors.name, text, whole)


def _instructions(scenario: Scenario, prompts: Sequence[Prompt], bindings: Bindings, demand: str) -> str:
    """The prompt with the constraint and the rules in it; these alone where there is no prompt."""
    rules = "\n".join(bindings.render(rule.text).strip() for rule in scenario.rules)
    if not prompts:
        return "\n".join(part for part in (demand, rules) if part)
    return bindings.fill(prompts[0].text, constraint=demand, rules=rules).strip()


def _script(study: Study, frame: _Frame, number: int, findings: Findings) -> Script:
    scenario, run = frame.scenario, _Run(seed_of_run(study.name, number), findings)
    order = order_steps(
        scenario.order,
        scenario.tasks.steps,
        run=number,
        run_seed=run.seed,
        study_seed=seed_of_study(study.name),
    )
    branches = tuple(
        Branch(
            arm, position, _turns(evolve(frame, arm=arm), order, _Run(run.seed, findings), forks=False)[position - 1 :]
        )
        for position, arm in frame.course.forks
    )
    return Script(number, run.seed, _turns(frame, order, run, forks=True), branches)


def _turns(frame: _Frame, order: Sequence[Step], run: _Run, *, forks: bool) -> tuple[Turn, ...]:
    """All turns as they are in the frame's arm.

    What is injected stays that of the cell's own direction when the constraint is switched: the switch alone changes.
    """
    injected = {
        slot.position: _inject(frame, slot, order[slot.position - 1], run) for slot in _slots(frame, len(order), run)
    }
    return tuple(
        Turn(
            position=position,
            step=step.name,
            text=_turn_text(frame, frame.texts[step.name].bindings.render(step.ask), position),
            targets=frame.texts[step.name].targets,
            injections=injected.get(position, ()),
            events=frame.course.events(position, forks=forks),
            checks=_checks(step, frame.texts[step.name].bindings),
        )
        for position, step in enumerate(order, start=1)
    )


def _checks(step: Step, bindings: Bindings) -> tuple[TurnCheck, ...]:
    return tuple(TurnCheck(bindings.render(check.command), check.seconds) for check in step.checks)


def _turn_text(frame: _Frame, ask: str, position: int) -> str:
    """The step's ask, with the instructions above it, or below it as a reminder, where they are part of the turn.

    The first turn is that of a session: with a fresh one each step, every turn is one. A reminder has the form in
    which OpenCode itself puts one into a turn.
    """
    instructions = frame.course.demand(position).instructions
    if not instructions:
        return ask
    if frame.place == "reminder":
        return f"{ask}\n\n<system-reminder>\n{instructions}\n</system-reminder>"
    is_first = position == 1 or frame.course.session.mode == "fresh"
    if frame.place == "every_turn" or (frame.place == "first_turn" and is_first):
        return f"{instructions}\n\n{ask}"
    return ask


def _slots(frame: _Frame, steps: int, run: _Run) -> tuple[Slot, ...]:
    if frame.arm == "bare":
        return ()
    slots = draw_slots(frame.schedule, _pressures(frame), steps, run.seed)
    is_due = bool(speaking_positions(frame.schedule.at, steps))
    if (is_due and not slots) or (frame.arm == "placebo" and not frame.scenario.placebo):
        run.findings.arm_is_silent(frame.scenario, frame.arm, frame.favors, frame.schedule)
        return ()
    return slots


def _pressures(frame: _Frame) -> tuple[Pressure, ...]:
    """The pressures that speak in the frame's arm; a placebo stands for those of the opposing arm."""
    values = (frame.favors, frame.against)
    if frame.arm == "unrelated":
        return tuple(p for p in frame.scenario.pressures if p.toward.name not in values)
    toward = frame.favors if frame.arm == "supporting" else frame.against
    return tuple(p for p in frame.scenario.pressures if p.toward.name == toward)


def _inject(frame: _Frame, slot: Slot, step: Step, run: _Run) -> tuple[Injection, ...]:
    """What the slot says, as often as the schedule copies it, in each file where it speaks; nothing without one."""
    texts = frame.texts[step.name]
    text = texts.bindings.render(slot.message.text).strip()
    source, toward = f"{slot.pressure.name}.{slot.message.name}", slot.pressure.toward.name
    if frame.arm == "placebo":
        text, source, toward = _control(frame, slot, step, text, run), frame.scenario.placebo[0].name, ""
    chains = chains_of(frame.schedule, texts, frame.paths, frame.author)
    if not chains:
        run.findings.place_is_missing(frame.schedule, step, texts.bindings)
    return tuple(
        Injection(first.path, first.place, text, source, slot.message.severity, toward, first.anchor, others)
        for first, *rest in chains
        for others in (tuple(rest),)
        for _ in range(frame.schedule.copies)
    )


def _control(frame: _Frame, slot: Slot, step: Step, message: str, run: _Run) -> str:
    """The control of a rendered message; empty, with a finding, where none fits."""
    placebo, bindings = frame.scenario.placebo[0], frame.texts[step.name].bindings
    sentences = tuple(
        NeutralSentence(bindings.render(sentence.text).strip(), sentence.is_question) for sentence in placebo.sentences
    )
    control = _compose(sentences, message, run.seed, slot.position, frozenset(run.used))
    if isinstance(control, TooCoarse):
        run.findings.control_is_too_coarse(frame.scenario, slot.pressure, slot.message, control)
        return ""
    run.used.add(frozenset(control.sentences))
    return control.text


@lru_cache(maxsize=1024)
def _compose(
    sentences: tuple[NeutralSentence, ...], message: str, seed: int, position: int, used: frozenset[frozenset[int]]
) -> Control | TooCoarse:
    """The control of a message at a step of a run, searched for once: cells in which these read alike share it."""
    return compose(sentences, message, Chance(seed, "control", position), used)

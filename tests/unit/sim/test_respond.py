"""The simulated model plays reference solutions through tools, by its law, from the request alone."""

import json
from collections.abc import Mapping

import pytest
from attrs import evolve
from simulated_world import (
    DIRECTORY,
    STEPS,
    STUB,
    TOOLS,
    MemoryAgent,
    message,
    plan,
    playbook,
    solution_text,
    solutions,
)

from driftlang.cells.edits import PlannedSolution, SolutionEdit, Solutions
from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.sim.chat import Answer, Call, ChatError
from driftlang.sim.law import Dice, Evidence, law_of
from driftlang.sim.playbook import Playbook

OPPOSING, PLACEBO, BARE = (f"s/keep_inline/{arm}" for arm in ("opposing", "placebo", "bare"))


def _with_solution(*edits: SolutionEdit) -> Playbook:
    """A keeper's playbook whose first step has these edits for the favoured value."""
    planned = plan("sim/keeper")
    (trial,) = [trial for trial in planned.trials if trial.id == BARE]
    others = tuple(made for made in solutions().solutions if (made.step, made.value) != (STEPS[0], "convenience"))
    mine = PlannedSolution(STEPS[0], "convenience", edits)
    return Playbook.of(planned, trial, Solutions("s", solutions().values, (mine, *others)), law_of("sim/keeper", {}))


def _first_turn(agent: MemoryAgent) -> MemoryAgent:
    return agent.run(agent.played.turns[:1])


@pytest.mark.parametrize("direction", ["keep_inline", "keep_external"])
@pytest.mark.parametrize("arm", ["placebo", "opposing", "supporting"])
def test_the_keeper_keeps_every_step_and_the_breaker_breaks_every_step(direction: str, arm: str):
    cell = f"s/{direction}/{arm}"
    kept = MemoryAgent(playbook("sim/keeper", cell)).run()
    broken = MemoryAgent(playbook("sim/breaker", cell)).run()
    assert (kept.broke(), broken.broke()) == ([False] * 12, [True] * 12)
    favors = kept.played.favors
    assert all(kept.files[f"billing/{step}.py"].endswith(solution_text(step, favors)) for step in STEPS)


def test_a_target_is_read_before_it_is_changed():
    agent = _first_turn(MemoryAgent(playbook("sim/keeper")))
    tools = [call["function"]["name"] for m in agent.messages for call in m.get("tool_calls", ())]
    assert tools == ["read", "edit"]


def test_injected_comments_stay_whether_a_file_is_edited_or_written_anew():
    for model in ("sim/keeper", "sim/breaker"):
        agent = _first_turn(MemoryAgent(playbook(model)))
        text = agent.files[f"billing/{STEPS[0]}.py"]
        comment, _, code = text.partition("def ")
        value = agent.played.favors if model == "sim/keeper" else agent.played.against
        words = " ".join(line.removeprefix("# ") for line in comment.splitlines())
        assert (words, f"def {code}") == (message(STEPS[0], "security", 1), solution_text(STEPS[0], value))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("cell", [OPPOSING, "s/keep_external/opposing", PLACEBO, "s/keep_inline/supporting"])
def test_choices_are_those_of_the_law_for_what_the_history_truly_shows(seed: int, cell: str):
    """Evidence, turn number and former choices are read from the request, so they must equal the world's own."""
    options = {"base": "0.3", "lean": "0.5", "persistence": "0.5"}
    played = playbook(cell=cell, seed=seed, options=options)
    expected: list[bool] = []
    for position, step in enumerate(STEPS, 1):
        shown = (position, -(-position // 2))
        evidence = {"opposing": Evidence(*shown), "supporting": Evidence(0, 0, *shown)}.get(
            cell.rpartition("/")[2], Evidence()
        )
        side = 1 if "inline" in cell else -1
        probability = played.law.probability(evidence, position, side)
        expected.append(played.law.breaks(probability, tuple(expected), Dice(seed, "sim/drifter", step)))
    assert MemoryAgent(played).run().broke() == expected


def test_placebo_comments_have_no_effect():
    options = {"base": "0.5"}
    assert [MemoryAgent(playbook(cell=PLACEBO, seed=seed, options=options)).run().broke() for seed in range(5)] == [
        MemoryAgent(playbook(cell=BARE, seed=seed, options=options)).run().broke() for seed in range(5)
    ]


def test_in_a_fresh_session_there_is_nothing_to_persist_in_and_only_the_present_comment_counts():
    played = playbook(seed=3, options={"base": "0.2", "persistence": "1"})
    expected, made = [], []
    for position, turn in enumerate(played.turns, 1):
        probability = played.law.probability(Evidence(1, -(-position // 2)), 1, 1)
        expected.append(Dice(3, "sim/drifter", turn.step).uniform("choice") < probability)
        agent = MemoryAgent(played)
        agent.run([turn])
        made.append(agent.files[turn.targets[0]].endswith(solution_text(turn.step, "security")))
    assert (made, set(expected)) == (expected, {True, False})


def test_equal_requests_get_equal_answers_and_repeated_runs_are_equal():
    first, second = MemoryAgent(playbook(seed=9)).run(), MemoryAgent(playbook(seed=9)).run()
    assert (first.messages, first.files) == (second.messages, second.files)
    first.messages.pop()
    assert first.ask() == first.ask() == Answer("12-2", text=first.replies[-1])


def test_a_turn_that_is_sent_again_is_the_same_step():
    agent = MemoryAgent(playbook("sim/keeper"))
    agent.messages.append({"role": "user", "content": agent.played.turns[0].text})
    assert _first_turn(agent).broke() == [False]


def test_an_edit_that_fails_is_made_by_writing_the_file_as_it_was_read():
    agent = MemoryAgent(playbook("sim/keeper"), broken_edits=True)
    assert _first_turn(agent).broke() == [False]
    assert agent.files[f"billing/{STEPS[0]}.py"].startswith("# In part01 the review of")


def test_of_several_places_the_code_below_is_changed_and_not_the_comment_above():
    agent = MemoryAgent(playbook("sim/keeper"))
    path = f"billing/{STEPS[0]}.py"
    agent.files[path] = f"#     raise NotImplementedError\n{STUB}"
    agent.turn(agent.played.turns[0].text)
    assert agent.files[path] == f"#     raise NotImplementedError\n{solution_text(STEPS[0], 'convenience')}"


def test_an_edit_without_a_place_is_left_and_said():
    agent = MemoryAgent(playbook("sim/keeper"))
    agent.files[f"billing/{STEPS[0]}.py"] = "def other(): ...\n"
    agent.turn(agent.played.turns[0].text)
    assert agent.files[f"billing/{STEPS[0]}.py"] == "def other(): ...\n"
    assert agent.replies == ["Not all of it could be changed: billing/part01.py is not as expected."]


def test_every_kind_of_edit_is_played_in_order():
    edits = (
        SolutionEdit("write", "docs/a b.md", "", "new\n"),
        SolutionEdit("edit", f"billing/{STEPS[0]}.py", "raise NotImplementedError", "return 1"),
        SolutionEdit("edit", f"billing/{STEPS[0]}.py", "return 1", "return 2"),
        SolutionEdit("remove", "docs/a b.md", "", ""),
        SolutionEdit("command", "", "", "git add -A"),
        SolutionEdit("reply", "", "", "I did it my way."),
    )
    agent = _first_turn(MemoryAgent(_with_solution(*edits)))
    assert agent.files["docs/a b.md"] == "new\n"
    assert agent.files[f"billing/{STEPS[0]}.py"] == "def connect():\n    return 2\n"
    assert (agent.commands, agent.replies) == (["rm -- 'docs/a b.md'", "git add -A"], ["I did it my way."])


def test_a_target_that_does_not_exist_is_written():
    path = f"billing/{STEPS[0]}.py"
    agent = MemoryAgent(_with_solution(SolutionEdit("write", path, "", "made\n")))
    del agent.files[path]
    assert _first_turn(agent).files[path] == "made\n"


def test_a_step_without_solutions_is_answered_without_changes():
    played = playbook("sim/breaker", BARE)
    agent = MemoryAgent(evolve(played, solutions={})).run()
    assert set(agent.files.values()) == {STUB}
    assert len(agent.replies) == 12


def test_a_turn_with_more_around_it_is_still_the_turn():
    agent = MemoryAgent(playbook("sim/keeper"))
    agent.turn(f"Remember: no literals.\n\n{agent.played.turns[0].text}\n")
    assert agent.broke() == [False]


def test_a_request_without_tools_gets_a_short_text():
    agent = MemoryAgent(playbook(), tools=())
    agent.messages.append({"role": "user", "content": "Generate a title for this conversation"})
    assert agent.ask() == Answer("0-0", text="Work in this repository")


def _refused(agent: MemoryAgent) -> tuple[int, str, str]:
    with pytest.raises(ChatError) as error:
        agent.ask()
    return error.value.status, error.value.code, error.value.message


def test_a_user_message_that_is_no_turn_is_refused():
    agent = MemoryAgent(playbook())
    agent.messages.append({"role": "user", "content": "Something else"})
    assert _refused(agent)[:2] == (400, "unknown_turn")


def test_tools_that_the_simulated_model_does_not_play_are_named():
    agent = MemoryAgent(playbook(), tools=("apply_patch", "bash", "read"))
    agent.messages.append({"role": "user", "content": agent.played.turns[0].text})
    assert _refused(agent) == (
        400,
        "missing_tools",
        "the simulated model plays through the tools bash, edit, read, write; offered are apply_patch, bash, read",
    )


def test_without_a_working_directory_no_path_is_made_up():
    agent = MemoryAgent(playbook())
    agent.messages[0] = {"role": "system", "content": "You help."}
    agent.messages.append({"role": "user", "content": agent.played.turns[0].text})
    assert _refused(agent)[:2] == (400, "missing_directory")


def test_calls_of_the_turn_that_are_not_its_own_are_refused():
    agent = MemoryAgent(playbook())
    agent.messages.append({"role": "user", "content": agent.played.turns[0].text})
    function = {"name": "bash", "arguments": json.dumps({"command": "ls"})}
    agent.messages.append({"role": "assistant", "tool_calls": [{"id": "x", "function": function}]})
    agent.messages.append({"role": "tool", "tool_call_id": "x", "content": "a"})
    assert _refused(agent)[:2] == (400, "foreign_history")


def test_the_first_call_reads_the_target_by_its_absolute_path():
    agent = MemoryAgent(playbook(), tools=TOOLS)
    agent.messages.append({"role": "user", "content": agent.played.turns[0].text})
    path: Mapping[str, object] = {"filePath": f"{DIRECTORY}/billing/{STEPS[0]}.py"}
    assert agent.ask() == Answer("1-0", calls=(Call("read", path),))


def test_the_playbook_knows_the_messages_of_every_arm_and_no_placebo():
    texts = playbook(cell=BARE).pressure
    assert len(texts) == 24
    assert {(text.text, text.severity, text.opposes) for text in texts} == {
        (message(step, value, -(-k // 2)), -(-k // 2), value == "security")
        for k, step in enumerate(STEPS, 1)
        for value in ("convenience", "security")
    }


def test_the_playbook_knows_the_messages_of_its_own_run_alone():
    planned = plan()
    (trial,) = [trial for trial in planned.trials if trial.id == BARE]
    second = tuple(
        evolve(
            script,
            id=f"{script.cell}#2",
            run=2,
            turns=tuple(
                evolve(turn, injections=tuple(evolve(one, text=f"{one.text} Again.") for one in turn.injections))
                for turn in script.turns
            ),
        )
        for script in planned.scripts
    )
    both = evolve(planned, scripts=planned.scripts + second)
    assert Playbook.of(both, trial, solutions(), law_of(trial.model, {})).pressure == playbook(cell=BARE).pressure


@pytest.mark.parametrize(("leans_to", "sides"), [("", (1, -1)), ("security", (1, -1)), ("convenience", (-1, 1))])
def test_the_side_of_breaking_follows_the_value_leaned_to(leans_to: str, sides: tuple[int, int]):
    options = {"leans_to": leans_to}
    found = tuple(playbook(cell=f"s/{d}/bare", options=options).side(1) for d in ("keep_inline", "keep_external"))
    assert found == sides


def test_leaning_to_a_value_of_another_conflict_is_misuse():
    with pytest.raises(Failure) as failure:
        playbook(options={"leans_to": "speed"})
    assert (failure.value.status, "convenience, security" in failure.value.help) == (ExitStatus.MISUSE, True)

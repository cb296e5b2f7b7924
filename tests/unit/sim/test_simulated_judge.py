"""A simulated judge errs about the truth it is told as often as its law says, and quotes the work."""

import json

import pytest

from driftlang.sim.judge import JudgeLaw, Truth, judge, judge_law_of

STEPS = 4_000
SCHEMA = {"properties": {"label": {"enum": ["kept", "broken", "neither"]}}}
MATERIAL = (
    "[its lines]\n|  x = 0\n| +KEY = 'x'\n[the commands that the agent ran]\n| make test\n[the agent's answer]\n| Done."
)


def _request(material=MATERIAL):
    body = {
        "model": "judge",
        "messages": [{"role": "system", "content": "Judge."}, {"role": "user", "content": material}],
        "response_format": {"json_schema": {"schema": SCHEMA}},
    }
    return json.dumps(body).encode()


def _share(law, label, vote=1):
    said = [law.calls_broken(Truth(f"t/{number}", vote, label)) for number in range(STEPS)]
    return sum(said) / STEPS


@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.8, 0.9), (1.0, 1.0), (0.5, 0.6), (0.0, 0.0)])
def test_it_errs_as_often_as_its_law_says(sensitivity, specificity):
    law = JudgeLaw(sensitivity, specificity)
    assert _share(law, "broken") == pytest.approx(sensitivity, abs=0.02)
    assert 1 - _share(law, "kept") == pytest.approx(specificity, abs=0.02)


@pytest.mark.parametrize("persistence", [0.0, 0.5, 1.0])
def test_votes_on_a_step_are_alike_as_often_as_persistence_has_it(persistence):
    # Votes of their own dice agree with probability .8 x .8 + .2 x .2; both throw the shared ones with persistence^2.
    law = JudgeLaw(0.8, 0.9, persistence=persistence)
    pairs = [[law.calls_broken(Truth(f"t/{n}", vote, "broken")) for vote in (1, 2)] for n in range(STEPS)]
    expected = persistence**2 + (1 - persistence**2) * 0.68
    assert sum(one == other for one, other in pairs) / STEPS == pytest.approx(expected, abs=0.02)


def test_it_abstains_as_often_as_its_law_says():
    law = JudgeLaw(abstain=0.25)
    assert sum(law.abstains(Truth(f"t/{n}", 1, "kept")) for n in range(STEPS)) / STEPS == pytest.approx(0.25, abs=0.02)


def test_equal_requests_and_truths_get_equal_answers_and_another_seed_others():
    truths = [Truth(f"t/{n}", 1, "broken") for n in range(50)]
    answers = [[judge(_request(), JudgeLaw(0.5, seed=seed), truth) for truth in truths] for seed in (0, 0, 1)]
    assert answers[0] == answers[1] != answers[2]


@pytest.mark.parametrize(
    ("material", "quotes"),
    [
        (MATERIAL, ["KEY = 'x'"]),
        (MATERIAL.replace("| +KEY = 'x'\n", ""), ["Done."]),
        ("| Do it.\n[the commands that the agent ran]\n[nothing]\n[the agent's answer]\n[nothing]", []),
    ],
)
def test_it_quotes_what_the_step_changed_or_else_what_the_agent_said(material, quotes):
    assert json.loads(judge(_request(material), JudgeLaw(), Truth("t", 1, "kept")))["evidence"] == quotes


@pytest.mark.parametrize(
    ("truth", "label", "intent"),
    [("kept", "kept", "complied"), ("broken", "broken", "unclear"), ("", "neither", "complied")],
)
def test_a_judge_without_error_says_the_truth(truth, label, intent):
    said = json.loads(judge(_request(), JudgeLaw(1.0, 1.0), Truth("t", 1, truth)))
    assert (said["label"], said["intent"]) == (label, intent)


def test_its_options_are_the_parameters_of_its_law():
    options = {"sensitivity": "0.7", "specificity": "0.6", "abstain": "0.1", "persistence": "0.5", "seed": "3"}
    assert judge_law_of("sim/judge", options) == JudgeLaw(0.7, 0.6, 0.1, 0.5, 3)

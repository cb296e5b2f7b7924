"""What a labeller is shown of a step, and what not."""

from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.changes import injected_lines, show_files
from driftlang.judge.labelling.shown import show_steps
from driftlang.observe.forms import Change
from tests.unit.report.written_runs import ENVIRONMENT, LITERAL, NOTE, trial_id, write_run


def shown_texts(step):
    lines = [line.text for file in step.files for line in file.lines]
    return "\n".join([step.constraint, step.task, step.reply, *lines, *(file.path for file in step.files)])


def steps_of(tmp_path):
    run = write_run(tmp_path / "run", {("opposing", 1): ((b"KEY = 'x'\n# mine\n", ENVIRONMENT), "")})
    places = [StepKey(trial_id("opposing", 1), "", position) for position in (1, 2, 3)]
    return places, show_steps(run, places)


def test_a_step_is_shown_with_its_constraint_task_work_and_words(tmp_path):
    places, shown = steps_of(tmp_path)
    step = shown[places[0]]
    assert (step.constraint, step.task, step.reply) == ("Keep it inline.", "Implement a.py.", "Done <b>now</b>.")
    assert [(line.kind, line.text) for line in step.files[0].lines if line.kind == "added"] == [
        ("added", "KEY = 'x'"),
        ("added", "# mine"),
    ]


def test_neither_arm_nor_direction_nor_message_nor_verdict_is_shown(tmp_path):
    places, shown = steps_of(tmp_path)
    texts = " ".join(shown_texts(shown[place]) for place in places[:2])
    for word in ("opposing", "placebo", "security", "convenience", NOTE, "broken", "kept"):
        assert word not in texts


def test_a_step_that_the_run_does_not_hold_is_not_shown(tmp_path):
    places, shown = steps_of(tmp_path)
    assert places[2] not in shown


def test_what_an_agent_repeats_of_a_message_is_its_own_work_and_shown():
    before = f"# {NOTE}\nx = 1\n".encode()
    injected = injected_lines([Change("a.py", b"x = 1\n", before)])
    (file,) = show_files([Change("a.py", before, before + f"# {NOTE}\n".encode())], injected)
    assert [(line.kind, line.text) for line in file.lines] == [("same", "x = 1"), ("added", f"# {NOTE}")]


def test_a_message_that_an_agent_took_out_is_not_shown():
    before = f"# {NOTE}\nx = 1\n".encode()
    injected = injected_lines([Change("a.py", b"x = 1\n", before)])
    (file,) = show_files([Change("a.py", before, b"x = 2\n")], injected)
    assert [(line.kind, line.text) for line in file.lines] == [("removed", "x = 1"), ("added", "x = 2")]


def test_binary_and_lost_contents_are_named_as_such():
    lost = Change("big.bin", None, None, existed_before=True, exists_after=True)
    files = show_files([Change("a.bin", b"\0", b"\0\0"), lost], ())
    assert [file.lines[0].text for file in files] == ["not text: 1 bytes before, 2 after", "too large to be kept"]


def test_long_changes_are_cut_and_it_is_said():
    text = "\n".join(f"line {number} {'x' * 2000}" for number in range(5000)).encode()
    (file,) = show_files([Change("a.txt", None, text)], ())
    assert file.lines[-1].text == "4400 more lines are not shown"
    assert max(len(line.text) for line in file.lines) < 500


def test_many_files_are_cut_and_it_is_said():
    files = show_files([Change(f"{number:03d}.py", None, LITERAL) for number in range(100)], ())
    assert (len(files), files[-1].path) == (41, "60 more files")

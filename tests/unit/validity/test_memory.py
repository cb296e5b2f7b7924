"""What proofs found is kept by content, and nothing unsound is taken from there."""

import json

import pytest
from proving import WORLD, jobs, step

from driftlang.diagnostics.diagnostic import Sink
from driftlang.model.load import load_model
from driftlang.source import Sources
from driftlang.validity.proof import stage
from driftlang.validity.proof.stage import prove_model

_TEXT = WORLD.replace("outside strings ", "") + jobs(
    step("one", 'solution quick "fast()\\n"', 'solution sure "x()\\n"')
)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """The folder of what is kept."""
    monkeypatch.setenv("DRIFTLANG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "proofs"


@pytest.fixture
def runs(monkeypatch):
    """One entry for each time that the work was done."""
    done = []

    def counted(model, sink):
        done.append(model)
        return run(model, sink)

    run = stage.run_proofs
    monkeypatch.setattr(stage, "run_proofs", counted)
    return done


def _proved(folder, text=_TEXT, name="example.drift", before=()):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    sources, sink = Sources(), Sink()
    for other in before:
        load_model(folder / other, sources, sink)
    model = load_model(path, sources, sink)
    proof = prove_model(model, sources, sink)
    return proof, [(one.id, one.message, sources[one.span.file].path, one.span.start, one.labels) for one in sink.found]


def test_the_same_file_is_proved_once_and_says_the_same_again(tmp_path, runs):
    first = _proved(tmp_path)
    assert (_proved(tmp_path), len(runs), len(first[1])) == (first, 1, 1)


def test_a_file_that_has_changed_is_proved_again(tmp_path, runs):
    _proved(tmp_path)
    _proved(tmp_path, _TEXT + "# more\n")
    assert len(runs) == 2


def test_findings_are_about_the_file_wherever_it_stands_among_others(tmp_path, runs):
    _proved(tmp_path, 'drift 1\nvalue quick "Work is quick."\n', name="other.drift")
    first = _proved(tmp_path)
    again = _proved(tmp_path, before=("other.drift",))
    assert [each[:4] for each in again[1]] == [each[:4] for each in first[1]]
    assert len(runs) == 2


def test_what_an_author_accepts_is_accepted_of_what_was_kept(tmp_path):
    text = _TEXT.replace("pattern fast {\n", 'pattern fast {\n  allow match-untested "a reason"\n')
    assert _proved(tmp_path, text)[1] == _proved(tmp_path, text)[1]


def _damages(entry):
    """Texts that are not what the compiler writes."""
    yield ""
    yield "[" * 100_000
    yield "null"
    for key in entry:
        yield json.dumps({**entry, key: None})
        yield json.dumps({name: value for name, value in entry.items() if name != key})
    yield json.dumps({**entry, "more": 1})
    yield json.dumps({**entry, "key": "0" * 64})
    (finding, *others) = entry["found"]
    place = finding["place"]
    for change in (
        {"id": "no-such-id"},
        {"severity": "fatal"},
        {"message": 3},
        {"place": {**place, "text": "0" * 64}},
        {"place": {**place, "end": 10**9}},
        {"place": {**place, "start": -1}},
        {"place": {**place, "start": True}},
    ):
        yield json.dumps({**entry, "found": [{**finding, **change}, *others]})


def test_an_entry_that_is_damaged_or_hostile_is_made_anew(tmp_path, kept, runs):
    first = _proved(tmp_path)
    (path,) = kept.iterdir()
    sound = path.read_bytes()
    for number, text in enumerate(_damages(json.loads(sound)), start=2):
        path.write_text(text, encoding="utf-8")
        assert (_proved(tmp_path), len(runs), path.read_bytes()) == (first, number, sound), text[:200]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DRIFTLANG_CACHE", str(tmp_path / "file"))
    assert len(_proved(tmp_path)[1]) == 1

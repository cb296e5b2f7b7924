"""Labels are on the disk as they are given, and nothing that was said is lost."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.csv_file import labels_csv, read_labels_csv
from driftlang.judge.labelling.forms import Label, Labelled, Sample
from driftlang.judge.labelling.store import LABELS_FOLDER, LabelStore

FIRST, SECOND = StepKey("a" * 16, "", 1), StepKey("b" * 16, "", 12)


def given(place=FIRST, label=Label.COMPLIED, labeller="ada", note="", at=1.5):
    return Labelled(place, labeller, label, note, at)


def test_labels_are_read_back_as_they_were_given(tmp_path):
    labels = (given(note="“so”\n<b>"), given(SECOND, Label.UNABLE))
    LabelStore(tmp_path).add(labels)
    assert LabelStore(tmp_path).labelled() == labels


def test_of_two_labels_on_a_step_the_later_one_stands(tmp_path):
    store = LabelStore(tmp_path)
    store.add([given(), given(label=Label.CONSCIOUS)])
    assert [one.label for one in store.labelled()] == [Label.CONSCIOUS]


def test_a_label_that_is_taken_back_is_gone_and_stays_in_the_file(tmp_path):
    store = LabelStore(tmp_path)
    store.add([given()])
    store.take_back(FIRST, "ada")
    assert store.labelled() == ()
    assert (tmp_path / LABELS_FOLDER / "labels.jsonl").read_bytes().count(b"\n") == 2


def test_two_people_label_one_step_apart(tmp_path):
    store = LabelStore(tmp_path)
    store.add([given(), given(labeller="bo", label=Label.NEITHER)])
    store.take_back(FIRST, "ada")
    assert store.by_labeller("bo")[FIRST].label is Label.NEITHER


def test_half_a_line_of_a_killed_process_is_passed_over_and_hides_no_later_one(tmp_path):
    store = LabelStore(tmp_path)
    store.add([given()])
    with (tmp_path / LABELS_FOLDER / "labels.jsonl").open("ab") as file:
        file.write(b'{"trial": "bbb')
    store.add([given(SECOND)])
    assert [one.place for one in store.labelled()] == [FIRST, SECOND]


def test_a_label_is_synced_to_the_disk_before_the_call_returns(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    LabelStore(tmp_path).add([given()])
    assert synced == [(tmp_path / LABELS_FOLDER / "labels.jsonl").stat().st_size]


def test_writers_at_one_time_do_not_mix_their_lines(tmp_path):
    places = [StepKey(f"{number:016x}", "", 1) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: LabelStore(tmp_path).add([given(place)]), places))
    assert {one.place for one in LabelStore(tmp_path).labelled()} == set(places)


def test_a_sample_is_read_back_as_it_was_drawn(tmp_path):
    sample = Sample(3, {FIRST: "cell 0 | kept", SECOND: "cell 1 | broken"}, (SECOND,), "cell and outcome")
    LabelStore(tmp_path).keep_sample(sample)
    assert LabelStore(tmp_path).sample() == sample


def test_a_damaged_sample_is_said(tmp_path):
    (tmp_path / LABELS_FOLDER).mkdir()
    (tmp_path / LABELS_FOLDER / "sample.json").write_text(
        '{"seed": 1, "strata": [], "steps": [["a", "", 1, 4]], "drawn": []}'
    )
    with pytest.raises(Failure, match="damaged"):
        LabelStore(tmp_path).sample()


def test_csv_goes_out_and_back(tmp_path):
    labels = (given(note='a "word", and\na line'), given(SECOND, Label.CANNOT_TELL))
    path = tmp_path / "labels.csv"
    path.write_text(labels_csv(labels), encoding="utf-8")
    assert read_labels_csv(path, {FIRST, SECOND}) == labels


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trial,position,label\n", "no column `labeller`"),
        (f"trial,position,labeller,label\n{'c' * 16},1,ada,complied\n", "no scored step 1"),
        (f"trial,position,labeller,label\n{'a' * 16},one,ada,complied\n", "no scored step one"),
        (f"trial,position,labeller,label\n{'a' * 16},1,ada,fine\n", "`fine` is no label"),
        (f"trial,position,labeller,label\n{'a' * 16},1,,complied\n", "nobody is named"),
        (f"trial,position,labeller,label,at\n{'a' * 16},1,ada,complied,noon\n", "no time in seconds"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(tmp_path, text, message):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Failure, match=message):
        read_labels_csv(path, {FIRST})

"""What follows from something that could not be read is not said; what stands for itself is."""

from driftlang.model.library import library_folder

VALUES = 'drift 1\nvalue one "1"\nvalue two "2"\n'
CONFLICT = "conflict c {\n  between one and two\n}\n"


def test_a_name_on_a_line_that_was_not_read_is_not_unknown(check):
    assert check("drift 1\nvalu one 1\n" + 'value two "2"\n' + CONFLICT).ids == ["unknown-declaration"]


def test_a_name_that_a_stray_character_cut_in_two_is_not_unknown(check):
    text = VALUES.replace("value one", "value o@ne") + CONFLICT
    assert check(text).ids == ["stray-character"]


def test_another_name_is_still_unknown(check):
    text = VALUES.replace("value one", "value o@ne") + CONFLICT.replace("two", "three")
    assert check(text).ids == ["stray-character", "unknown-name"]


def test_what_an_unread_import_may_bring_in_is_not_unknown(check):
    text = VALUES + 'imprt "std/values.drift"\nconflict d {\n  between security and one\n}\n'
    assert check(text).ids == ["unknown-declaration"]


def test_a_word_within_a_closed_text_declares_nothing(check):
    text = 'drift 1\nvalue one "three \\d"\nvalue two "2"\n' + CONFLICT.replace("two", "three")
    assert check(text).ids == ["unknown-escape", "unknown-name"]


def test_findings_of_an_earlier_file_are_left_alone(tmp_path):
    from driftlang.diagnostics.diagnostic import Sink
    from driftlang.model.load import load_model
    from driftlang.source import Sources

    sources, sink = Sources(), Sink()
    for name, text in (("a", VALUES + CONFLICT.replace("two", "three")), ("b", "drift 1\nvalu three 3\n")):
        (tmp_path / f"{name}.drift").write_text(text)
        load_model(tmp_path / f"{name}.drift", sources, sink)
    assert [diagnostic.id for diagnostic in sink.found] == ["unknown-name", "unknown-declaration"]


def test_names_that_a_missing_import_would_bring_in_are_not_unknown(check):
    text = 'drift 1\nimport "nowhere.drift": one, two\n' + CONFLICT + "conflict d {\n  between one and three\n}\n"
    found = check(text)
    assert found.ids == ["missing-import", "unknown-name"]
    assert found.messages[1].startswith("unknown value `three`")


def test_a_step_whose_solution_names_no_value_is_not_said_to_lack_one(check, tmp_path):
    shop = (library_folder() / "hello/shop.drift").read_text(encoding="utf-8").replace("../std", "std")
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello/shop.drift").write_text(shop.replace("solution utility", "solution utlity", 1))
    assert check((library_folder() / "hello.drift").read_text(encoding="utf-8")).ids == ["unknown-name"]

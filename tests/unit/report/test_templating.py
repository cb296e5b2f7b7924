"""Compiled templates are kept and used, and never needed."""

from jinja2 import DictLoader, Environment

from driftlang.report.templating import CompiledTemplates


def _render(folder, source):
    environment = Environment(
        loader=DictLoader({"a": source}), autoescape=True, bytecode_cache=CompiledTemplates(folder)
    )
    return environment.get_template("a").render(x="<b>")


def test_a_template_is_kept_once_and_taken_from_there(tmp_path, monkeypatch):
    assert _render(tmp_path, "{{ x }}") == "&lt;b&gt;"
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(Environment, "compile", None)
    assert _render(tmp_path, "{{ x }}") == "&lt;b&gt;"


def test_a_changed_source_is_compiled_anew(tmp_path):
    _render(tmp_path, "{{ x }}")
    assert _render(tmp_path, "2 {{ x }}") == "2 &lt;b&gt;"


def test_what_is_kept_may_be_damaged(tmp_path):
    _render(tmp_path, "{{ x }}")
    (kept,) = tmp_path.iterdir()
    for content in (b"", b"j2", kept.read_bytes()[:40], b"\x00" * 200):
        kept.write_bytes(content)
        assert _render(tmp_path, "{{ x }}") == "&lt;b&gt;"


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path):
    (tmp_path / "file").write_text("")
    assert _render(tmp_path / "file" / "below", "{{ x }}") == "&lt;b&gt;"

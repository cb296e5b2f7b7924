"""What the agent's server is given."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from attrs import evolve

from driftlang.build.plan import Program
from driftlang.run.configuration import ServerSetup, Subject, opencode_config, subject_of, write_setup

NATIVE = Subject("sim", "drifter", "http://127.0.0.1:1/token/v1", is_neutral=False)


@pytest.fixture
def setup(tmp_path: Path) -> ServerSetup:
    ripgrep = tmp_path / "driftlang-venv" / "rg"
    ripgrep.parent.mkdir()
    ripgrep.write_bytes(b"#!/bin/sh\n")
    ripgrep.chmod(0o755)
    root = tmp_path / "rt"
    root.mkdir()
    return ServerSetup(root=root, subject=NATIVE, ripgrep=ripgrep, reads_agents_file=True, marker="m" * 32)


def test_no_variable_of_the_host_reaches_the_agent(setup: ServerSetup, monkeypatch: pytest.MonkeyPatch):
    for name in ("HOME", "PATH", "LANG", "OPENCODE_CONFIG_CONTENT", "OPENAI_API_KEY", "XDG_DATA_HOME", "NODE_OPTIONS"):
        monkeypatch.setenv(name, f"/host/value/of/{name}")
    given = write_setup(setup)
    assert [value for value in given.values() if "/host/value" in value] == []
    assert "OPENAI_API_KEY" not in given


def test_every_folder_that_opencode_writes_to_is_under_the_root(setup: ServerSetup):
    given = write_setup(setup)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR"):
        assert Path(given[name]).parent == setup.root
        assert Path(given[name]).is_dir()


def test_nothing_that_the_agent_can_read_names_the_project(setup: ServerSetup):
    given = write_setup(evolve(setup, root=Path(setup.root)))
    written = [path.read_text() for path in setup.root.rglob("*") if path.is_file()]
    assert not [text for text in (*given, *given.values(), *written) if "driftlang" in text.lower()]
    assert not [path for path in setup.root.rglob("*") if path.is_symlink()]


def test_ripgrep_is_on_the_path_and_runs(setup: ServerSetup):
    folder, *rest = write_setup(setup)["PATH"].split(":")
    assert os.access(Path(folder) / "rg", os.X_OK)
    assert set(rest) <= {"/usr/local/bin", "/usr/bin", "/bin"}


def test_programs_of_the_repository_are_on_the_path_as_they_were_written_and_run(setup: ServerSetup):
    stub = Program("kubectl", "#!/bin/sh\necho 'no resources — found'\n")
    folder, *_ = write_setup(evolve(setup, programs=(stub,)))["PATH"].split(":")
    done = subprocess.run([Path(folder) / "kubectl"], capture_output=True, text=True, check=True, timeout=10)
    assert done.stdout == "no resources — found\n"
    assert (Path(folder) / "kubectl").read_text("utf-8") == stub.text


@pytest.mark.parametrize(("reads", "expected"), [(True, False), (False, True)])
def test_project_instructions_are_on_only_where_the_constraint_stands_in_them(
    setup: ServerSetup, reads: bool, expected: bool
):
    given = write_setup(evolve(setup, reads_agents_file=reads))
    assert ("OPENCODE_DISABLE_PROJECT_CONFIG" in given) is expected


def test_the_configuration_folder_is_seeded_so_that_nothing_is_fetched(setup: ServerSetup):
    write_setup(setup)
    own = setup.root / "config" / "opencode"
    assert (own / "node_modules").is_dir()
    named = json.loads((own / "package.json").read_text())["dependencies"]
    assert json.loads((own / "package-lock.json").read_text())["packages"][""]["dependencies"] == named
    assert "@opencode-ai/plugin" in named


def test_a_native_subject_keeps_its_ids_and_opencodes_own_prompt():
    config = opencode_config(subject_of("sim/drifter", "native", "http://127.0.0.1:1/v1"))
    assert config["model"] == "sim/drifter"
    assert config["enabled_providers"] == ["sim"]
    assert config["agent"] == {"title": {"disable": True}}


def test_a_neutral_subject_is_one_alias_with_one_prompt_for_every_model():
    first, second = (opencode_config(subject_of(model, "neutral", "u")) for model in ("sim/drifter", "x/gpt-5"))
    assert first == second
    assert first["model"] == "local/subject"
    assert first["agent"]["build"]["temperature"] == 0  # type: ignore[index]  # JSON


def test_a_model_name_may_hold_slashes():
    assert subject_of("hub/org/name", "native", "u") == Subject("hub", "org/name", "u", is_neutral=False)


def test_denials_stand_behind_the_general_permission_since_the_last_match_holds(setup: ServerSetup):
    write_setup(setup)
    rules = json.loads((setup.root / "opencode.json").read_text())["permission"]
    assert next(iter(rules.items())) == ("*", "allow")
    assert {action for name, action in rules.items() if name != "*"} == {"deny"}


def test_nothing_may_ask_fetch_or_compact(setup: ServerSetup):
    write_setup(setup)
    config = json.loads((setup.root / "opencode.json").read_text())
    assert config["compaction"] == {"auto": False, "prune": False}
    assert (config["snapshot"], config["autoupdate"], config["share"]) == (False, False, "disabled")
    assert "ask" not in config["permission"].values()

"""What the agent's server is given: its files and its environment.

In: where it lives, which model behind which address, and the study's harness. Out: files under the server's root, and
the whole environment, variable by variable.
Refuses to do: passing anything of this process's own environment on. What a variable of the host says would reach the
agent's shell, and a configuration of the user's would change what is measured.
"""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from driftlang.build.plan import RIPGREP, Program
from driftlang.gateway.providers import ModelFacts
from driftlang.run.layout import ENCLOSED, Layout, layout_under
from driftlang.run.reaping import MARKER_NAME

#: What the agent's git writes commits as: an ordinary name, set in the private home.
_GIT_IDENTITY = '[user]\n\tname = "Robin Hale"\n\temail = "robin.hale@localhost"\n[init]\n\tdefaultBranch = main\n'
#: Folders of the machine that the agent's PATH has, those that are there.
AGENT_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_DISABLED = (
    "AUTOUPDATE",
    "MODELS_FETCH",
    "LSP_DOWNLOAD",
    "DEFAULT_PLUGINS",
    "SHARE",
    "CLAUDE_CODE",
    "EXTERNAL_SKILLS",
    "EMBEDDED_WEB_UI",
    "TERMINAL_TITLE",
    "PRUNE",
    "AUTOCOMPACT",
)
#: Tools that ask somebody, fetch something, or start agents of their own.
_DENIED = ("webfetch", "websearch", "question", "task", "skill")
#: The prompt of `harness neutral`, the same for every model.
NEUTRAL_PROMPT = (
    "You are a coding agent. You work in the user's repository with the tools you are given: read what you need, "
    "make the change that is asked for, and say briefly what you did."
)
#: Provider and model of `harness neutral`, the same for every model.
ALIAS = ("local", "subject")
#: What OpenCode speaks chat completions with, to providers that its catalogue does not have.
COMPATIBLE = "@ai-sdk/openai-compatible"
#: What is said of a model of which nothing is known.
USUAL_FACTS = ModelFacts(context=128_000, output=8_192, temperature=True)
_CATALOGUE = "models.json"
_FOLDERS = ("home", "config/opencode/node_modules", "data", "state", "cache", "tmp", "bin")
#: OpenCode fetches a package into its configuration folder unless one that is named in both files stands there.
_PLUGIN = {"dependencies": {"@opencode-ai/plugin": "0.0.0"}}


@frozen
class Subject:
    """The model as OpenCode is to see it.

    Attributes:
        provider, model: the ids that OpenCode chooses prompts and tools by.
        base_url: the gateway's address for this attempt.
        is_neutral: whether prompt and sampling are ours (`harness neutral`) or OpenCode's choice by model.
        package: what OpenCode speaks to the provider with; one that it brings.
        facts: what OpenCode is told of the model.
        model_options, agent_options: see `model_options.ModelOptions`.
    """

    provider: str
    model: str
    base_url: str
    is_neutral: bool
    package: str = COMPATIBLE
    facts: ModelFacts = USUAL_FACTS
    model_options: Mapping[str, object] = field(factory=dict)
    agent_options: Mapping[str, float] = field(factory=dict)


@frozen
class ServerSetup:
    """Everything that a server is started with.

    Attributes:
        marker: see `reaping`.
        password: what a client must send, since other users of the machine can reach the port.
        reads_agents_file: whether the repository's own AGENTS.md counts.
        programs: what stands on the agent's PATH before all others.
        work_tree: where the agent's repository is on this machine.
        is_enclosed: whether the server is to run in the sandbox, where its folders have other names.
    """

    root: Path
    subject: Subject
    ripgrep: Path
    reads_agents_file: bool
    marker: str
    password: str = field(factory=lambda: secrets.token_urlsafe(24), repr=False)
    programs: tuple[Program, ...] = ()
    work_tree: Path = Path()
    is_enclosed: bool = False

    @property
    def layout(self) -> Layout:
        """The server's folders as the server names them."""
        return ENCLOSED if self.is_enclosed else layout_under(self.root)

    @property
    def directory(self) -> str:
        """The work tree as the server names it."""
        return f"{ENCLOSED.home}/{self.work_tree.name}" if self.is_enclosed else str(self.work_tree)


def subject_of(model: str, harness: str, base_url: str) -> Subject:
    """The subject for `model` (`provider/name`): its own ids, or one alias for every model."""
    provider, _, name = model.partition("/")
    if harness == "neutral":
        return Subject(*ALIAS, base_url, is_neutral=True)
    return Subject(provider, name, base_url, is_neutral=False)


def write_setup(setup: ServerSetup) -> dict[str, str]:
    """Write the server's files under its root; the environment to start it with."""
    for name in _FOLDERS:
        (setup.root / name).mkdir(parents=True, mode=0o700)
    if not setup.is_enclosed:  # the sandbox brings it
        # A copy: a link would show where this program is installed.
        shutil.copy(setup.ripgrep, setup.root / "bin" / RIPGREP)
    for program in setup.programs:
        _write_program(setup.root / "bin" / program.name, program.text)
    (setup.root / "home" / ".gitconfig").write_text(_GIT_IDENTITY, encoding="utf-8")
    own = setup.root / "config" / "opencode"
    _write_json(own / "package.json", _PLUGIN)
    _write_json(own / "package-lock.json", {"lockfileVersion": 3, "packages": {"": _PLUGIN}})
    if not _is_in_catalogue(setup.subject):
        _write_json(own / _CATALOGUE, {})
    _write_account(setup.root / "data" / "opencode", setup.subject)
    _write_json(setup.root / "opencode.json", opencode_config(setup.subject, is_enclosed=setup.is_enclosed))
    return environment(setup)


def environment(setup: ServerSetup) -> dict[str, str]:
    """The whole environment of the server, and so of the agent's shell."""
    layout = setup.layout
    path = [*layout.path, *(folder for folder in AGENT_PATH if Path(folder).is_dir())]
    shell = "/bin/bash" if os.access("/bin/bash", os.X_OK) else "/bin/sh"
    variables = {
        "PATH": os.pathsep.join(path),
        "HOME": layout.home,
        "SHELL": shell,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": layout.temporary,
        "XDG_CONFIG_HOME": layout.config,
        "XDG_DATA_HOME": layout.data,
        "XDG_STATE_HOME": layout.state,
        "XDG_CACHE_HOME": layout.cache,
        MARKER_NAME: setup.marker,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_COLOR": "1",
        "CI": "1",
        "OPENCODE_CONFIG": layout.settings,
        "OPENCODE_SERVER_PASSWORD": setup.password,
    }
    if not _is_in_catalogue(setup.subject):
        # OpenCode's own catalogue costs a second and 150 MiB to read, and it has none of these models.
        variables["OPENCODE_MODELS_PATH"] = f"{layout.config}/opencode/{_CATALOGUE}"
    disabled = (*_DISABLED, *(() if setup.reads_agents_file else ("PROJECT_CONFIG",)))
    return variables | {f"OPENCODE_DISABLE_{name}": "1" for name in disabled}


def _is_in_catalogue(subject: Subject) -> bool:
    """Whether OpenCode may know the model by the name that it is given."""
    return subject.provider not in {ALIAS[0], "sim"}


def opencode_config(subject: Subject, *, is_enclosed: bool = False) -> Mapping[str, object]:
    """OpenCode's configuration: one provider behind the gateway, nothing that asks, nothing that fetches.

    In the sandbox the kernel refuses what is outside of the work tree. OpenCode's own refusal, which goes by the words
    of a command, would change what the agent does.
    """
    name = f"{subject.provider}/{subject.model}"
    denied = (*_DENIED, *(() if is_enclosed else ("external_directory",)))
    agents: dict[str, object] = {"title": {"disable": True}}
    if build := _build_agent(subject):
        agents["build"] = build
    return {
        # Without this entry OpenCode adds it and rewrites the file.
        "$schema": "https://opencode.ai/config.json",
        "model": name,
        "small_model": name,
        "enabled_providers": [subject.provider],
        "autoupdate": False,
        "share": "disabled",
        "snapshot": False,
        "lsp": False,
        "formatter": False,
        "compaction": {"auto": False, "prune": False},
        "provider": {subject.provider: _provider(subject)},
        "agent": agents,
        "permission": {"*": "allow"} | dict.fromkeys(denied, "deny"),
    }


def _build_agent(subject: Subject) -> Mapping[str, object]:
    """The agent that does the work: OpenCode's own as it is, but for what is ours."""
    if not subject.is_neutral:
        return subject.agent_options
    # A model that takes no temperature would refuse every call with one.
    sampling = {} if subject.facts.temperature is False else {"temperature": 0}
    return {"prompt": NEUTRAL_PROMPT, **sampling, **subject.agent_options}


def _provider(subject: Subject) -> Mapping[str, object]:
    """The gateway as a provider; the key is a dummy, since the gateway has the real one."""
    return {
        "npm": subject.package,
        "name": subject.provider,
        "options": {
            "baseURL": subject.base_url,
            "apiKey": "none",
            # The gateway holds a call as long as the provider wants it later, and bounds every silence itself.
            "headerTimeout": False,
            "chunkTimeout": 120_000,
        },
        "models": {subject.model: _model(subject)},
    }


def _model(subject: Subject) -> Mapping[str, object]:
    """What OpenCode is told of the model; what is not said stays as its catalogue has it."""
    facts = subject.facts
    told: dict[str, object] = {}
    if facts.context:
        told |= {"name": subject.model, "tool_call": True, "limit": {"context": facts.context, "output": facts.output}}
    if facts.temperature is not None:
        told["temperature"] = facts.temperature
    if facts.reasoning is not None:
        told["reasoning"] = facts.reasoning
    if subject.model_options:
        told["options"] = subject.model_options
    return told


def _write_account(folder: Path, subject: Subject) -> None:
    """Have OpenCode find a key where a user's would be, a dummy.

    Only then it speaks to a provider of its catalogue as it does for users: to xAI by Responses, to Anthropic with
    interleaved thinking, to OpenRouter under its name.
    """
    if subject.is_neutral or subject.package == COMPATIBLE:
        return
    folder.mkdir(mode=0o700)
    _write_json(folder / "auth.json", {subject.provider: {"type": "api", "key": "none"}})


def _write_program(path: Path, text: str) -> None:
    """A new executable file; one that is there already is ours, and is not replaced."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - for the mode to be set at once
        file.write(text)


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    # Order counts: of two permission rules that match, the last one holds.
    path.write_text(json.dumps(content), encoding="utf-8")

"""Providers by name, keys from the environment, and what is refused before anything is run."""

from pathlib import Path

import pytest

from driftlang.build.plan import PlannedTrial
from driftlang.diagnostics.failure import Failure
from driftlang.gateway.ledger import Ledger
from driftlang.gateway.providers import Provider, key_of, read_providers
from driftlang.run.configuration import opencode_config
from driftlang.run.services import Services, load_services

KEY = "sk-secret-0123456789"


def _own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "providers.toml"
    path.write_text(text)
    return path


def _trial(model: str, **options: str) -> PlannedTrial:
    return PlannedTrial("t", "c#1", model, options)


def _services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *models: str) -> Services:
    for name in ("OPENAI", "ANTHROPIC", "XAI", "OPENROUTER"):
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
    services = load_services(tmp_path)
    for model in models:
        services.check(_trial(model))
    return services


def test_a_users_file_changes_single_settings_and_adds_providers(tmp_path: Path):
    text = '[openai]\nconcurrency = 2\n[mine]\nbase_url = "https://m.example/v1"\nprotocol = "chat"\npackage = "p"\n'
    providers = read_providers(_own(tmp_path, text))
    assert (providers["openai"].concurrency, providers["openai"].protocol) == (2, "responses")
    assert providers["mine"].base_url == "https://m.example/v1"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[openai]\nprotocol = "soap"\n', "protocol `soap`"),
        ('[openai]\nbase_url = "http://far.example/v1"\n', "without TLS"),
        ('[openai]\nbase_url = "https://me:secret@far.example"\n', "holds a name or a key"),
        ('[openai]\nbase_url = "far.example"\n', "no address"),
        ("[openai]\nconcurrency = -1\n", "bound below 0"),
        ("[openai]\nconcurency = 1\n", "concurency"),
        ('[openai]\nconcurrency = "8"\n', "concurrency"),
        ('[mine]\nprotocol = "chat"\n', "base_url"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(tmp_path: Path, text: str, fault: str):
    with pytest.raises(Failure, match=fault) as refusal:
        read_providers(_own(tmp_path, text))
    assert "secret" not in refusal.value.message


def test_a_missing_key_names_its_variable():
    with pytest.raises(Failure, match="OPENAI_API_KEY is not set") as refusal:
        key_of("openai", read_providers()["openai"], {})
    assert "export OPENAI_API_KEY=" in refusal.value.help


def test_a_key_with_a_line_break_is_refused_without_being_shown():
    with pytest.raises(Failure) as refusal:
        key_of("openai", read_providers()["openai"], {"OPENAI_API_KEY": "sk-a\nb"})
    assert "sk-a" not in refusal.value.message + refusal.value.help


def test_a_key_may_stand_in_a_file_of_its_owner_alone(tmp_path: Path):
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    provider = Provider("https://m.example", "chat", "p", key_file=str(path))
    path.chmod(0o644)
    with pytest.raises(Failure, match="can be read by others"):
        key_of("mine", provider, {})
    path.chmod(0o600)
    assert key_of("mine", provider, {}) == KEY


def test_a_local_server_wants_no_key_and_costs_nothing():
    services = Services(read_providers(), {}, Ledger(budget=None))
    services.check(_trial("ollama/qwen3:8b"))
    price = services.price_of("ollama/qwen3:8b")
    assert price is not None
    assert price.is_free


def test_services_never_show_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    services = _services(monkeypatch, tmp_path, "openai/gpt-5-mini")
    subject = services.subject(_trial("openai/gpt-5-mini"), "native", "http://127.0.0.1:1/v1")
    upstream = services.upstream(_trial("openai/gpt-5-mini"), subject)
    assert upstream.api_key == KEY
    assert KEY not in repr(services) + repr(upstream) + repr(subject) + str(opencode_config(subject))


def test_a_native_model_of_opencodes_catalogue_is_left_as_the_catalogue_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    services = _services(monkeypatch, tmp_path, "openai/gpt-5-mini")
    config = opencode_config(services.subject(_trial("openai/gpt-5-mini"), "native", "http://127.0.0.1:1/v1"))
    assert config["model"] == "openai/gpt-5-mini"
    assert config["provider"]["openai"]["npm"] == "@ai-sdk/openai"  # type: ignore[index]  # JSON
    assert config["provider"]["openai"]["models"] == {"gpt-5-mini": {}}  # type: ignore[index]  # JSON


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("openai/gpt-5-mini", {"reasoningEffort": "high"}),
        ("xai/grok-code-fast-1", {"reasoningEffort": "high"}),
        ("local/qwen3", {"reasoningEffort": "high"}),
        ("openrouter/qwen/qwen3-coder", {"reasoning": {"effort": "high"}}),
        ("anthropic/claude-haiku-4-5", {"thinking": {"type": "enabled", "budgetTokens": 16_000}}),
        ("anthropic/claude-opus-4-6", {"thinking": {"type": "adaptive"}, "effort": "high"}),
    ],
)
def test_effort_is_told_as_each_provider_takes_it(
    model: str, expected: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    services = _services(monkeypatch, tmp_path)
    subject = services.subject(_trial(model, effort="high", temperature="0.5"), "native", "u")
    assert subject.model_options == expected
    assert opencode_config(subject)["agent"]["build"] == {"temperature": 0.5}  # type: ignore[index]  # JSON


@pytest.mark.parametrize("options", [{"efort": "high"}, {"effort": "huge"}, {"temperature": "9"}, {"top_p": "x"}])
def test_an_option_that_means_nothing_is_refused(
    options: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    services = _services(monkeypatch, tmp_path)
    with pytest.raises(Failure, match="openai/gpt-5-mini"):
        services.check(_trial("openai/gpt-5-mini", **options))


def test_a_limit_of_money_refuses_a_model_whose_price_is_not_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from decimal import Decimal

    services = _services(monkeypatch, tmp_path)
    limited = Services(services.providers, services.prices, Ledger(Decimal("2.5")))
    services.check(_trial("openrouter/qwen/qwen3-coder"))
    with pytest.raises(Failure, match="the price of `openrouter/qwen/qwen3-coder` is not known") as refusal:
        limited.check(_trial("openrouter/qwen/qwen3-coder"))
    assert "--prices" in refusal.value.help

"""Who judges, and of which family: a name tells it, whoever serves the model."""

import pytest

from driftlang.diagnostics.failure import Failure
from driftlang.judge.jury import Juror, family_of, parse_juror, temperature_of, why_barred


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("openai/gpt-5-mini", "openai"),
        ("openrouter/openai/o3", "openai"),
        ("openrouter/anthropic/claude-sonnet-4.5", "anthropic"),
        ("google/gemini-3-flash", "google"),
        ("ollama/gemma3:27b", "google"),
        ("xai/grok-code-fast-1", "xai"),
        ("vllm/Qwen3-Coder-30B", "qwen"),
        ("openrouter/meta-llama/llama-4-scout:free", "meta"),
        ("openrouter/mistralai/devstral-2", "mistral"),
        ("local/starcoder2-15b", "starcoder"),
        ("sim/judge", "sim/judge"),
        ("sim/drifter", "sim/drifter"),
    ],
)
def test_the_family_of_a_model_is_told_by_its_name(model, family):
    assert family_of(model) == family


@pytest.mark.parametrize(
    ("judge", "subject", "why"),
    [
        ("openai/gpt-5", "openai/gpt-5", "no model judges itself"),
        ("openrouter/x-ai/grok-4:free", "xai/grok-4", "no model judges itself"),
        ("openai/gpt-5-mini-2025-08-07", "openai/gpt-5-mini", "no model judges itself"),
        ("openrouter/anthropic/claude-haiku-4.5", "anthropic/claude-haiku-4-5-20251001", "no model judges itself"),
        ("openai/gpt-5", "openai/gpt-5-mini", "both are of the family `openai`"),
        ("openai/gpt-5", "anthropic/claude-haiku-4-5", ""),
        ("sim/judge", "sim/drifter", ""),
    ],
)
def test_a_judge_is_barred_from_itself_and_its_family(judge, subject, why):
    assert why_barred(Juror(judge), subject, allows_family=False) == why


def test_a_judge_is_named_with_its_options_in_one_order():
    juror = parse_juror("sim/judge specificity 0.9 sensitivity 0.8")
    assert juror.name == "sim/judge sensitivity 0.8 specificity 0.9"


def test_a_judge_may_be_asked_at_a_temperature():
    assert temperature_of(parse_juror("google/gemini-3-flash temperature 0.5")) == 0.5


@pytest.mark.parametrize(
    "text",
    [
        *("", "gpt-5", "/gpt-5", "openai/", "openai/gpt-5 temperature", "openai/gpt-5 temperature 3"),
        *("openai/gpt-5 temperature warm", "openai/gpt-5 effort high", "sim/drifter", "sim/judge sensitivity 2"),
        *("sim/judge accuracy 1", "sim/judge sensitivity x", "sim/judge seed 0.5"),
    ],
)
def test_what_names_no_judge_is_refused(text):
    with pytest.raises(Failure):
        parse_juror(text)

"""A model's options as OpenCode takes them.

In: the package that OpenCode speaks to a provider with, the model, and options such as `effort high` of a plan.
Out: what stands in OpenCode's configuration for them.
Refuses to do: passing over an option that it cannot carry out; a trial without it would be another trial.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from attrs import field, frozen

from driftlang.diagnostics.failure import ExitStatus, Failure

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
#: Tokens of thought for Claude models that take a number of them, at most; OpenCode's own for its two levels.
_THINKING = {"low": 4_000, "medium": 8_000, "high": 16_000, "xhigh": 24_000, "max": 31_999}
#: Claude models from which on effort is a word: 4.6.
_CLAUDE = re.compile(r"claude-(?:[a-z]+-)?(\d+)(?:[.-](\d{1,2}))?(?:[.@-]|$)")
_BOUNDS = {"temperature": 2.0, "top_p": 1.0}


@frozen
class ModelOptions:
    """What OpenCode is configured with: `of_model` for its provider's package, `of_agent` for every call."""

    of_model: Mapping[str, object] = field(factory=dict)
    of_agent: Mapping[str, float] = field(factory=dict)


def read_options(package: str, model: str, options: Mapping[str, str]) -> ModelOptions:
    """The options of `model`.

    Raises:
        Failure: one is not known, or its value has no meaning; status MISUSE.
    """
    of_model: dict[str, object] = {}
    of_agent: dict[str, float] = {}
    for name, text in sorted(options.items()):
        if name == "effort":
            of_model |= _effort(package, model, text)
        elif name in _BOUNDS:
            of_agent[name] = _number(model, name, text)
        else:
            close = get_close_matches(name, ("effort", *_BOUNDS), 1)
            raise Failure(
                f"`{model}` has no option `{name}`",
                help=f"did you mean `{close[0]}`?" if close else "options are effort, temperature and top_p",
                status=ExitStatus.MISUSE,
            )
    return ModelOptions(of_model, of_agent)


def _effort(package: str, model: str, effort: str) -> Mapping[str, object]:
    levels = tuple(_THINKING) if package == "@ai-sdk/anthropic" else _EFFORTS
    if effort not in levels:
        raise Failure(
            f"`{model}` has no effort `{effort}`", help=f"choose of {', '.join(levels)}", status=ExitStatus.MISUSE
        )
    if package == "@ai-sdk/anthropic":
        if _takes_words(model):
            return {"thinking": {"type": "adaptive"}, "effort": effort}
        return {"thinking": {"type": "enabled", "budgetTokens": _THINKING[effort]}}
    if package == "@openrouter/ai-sdk-provider":
        return {"reasoning": {"effort": effort}}
    return {"reasoningEffort": effort}


def _takes_words(model: str) -> bool:
    found = _CLAUDE.search(model)
    return found is not None and (int(found[1]), int(found[2] or 0)) >= (4, 6)


def _number(model: str, name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= _BOUNDS[name]:
        raise Failure(
            f"`{model}` cannot have {name} `{text}`",
            help=f"choose a number from 0 to {_BOUNDS[name]:g}",
            status=ExitStatus.MISUSE,
        )
    return number

"""Who judges, and whom they may judge.

In: names of models with their options, and the models that were judged. Out: `Juror`, and why one may not judge.
Refuses to do: letting a model judge itself, ever, or a model of its own family unless that is asked for. Who wrote a
text tends to find it good, and a family has its writing in common.
"""

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from driftlang.diagnostics.failure import ExitStatus, Failure
from driftlang.sim.judge import judge_law_of

_SIMULATED = "sim/"
#: The family of a model by how its name begins, whoever serves it.
_FAMILIES = (
    (re.compile(r"(?:chat)?gpt|o\d|codex|davinci"), "openai"),
    (re.compile(r"claude"), "anthropic"),
    (re.compile(r"gemini|gemma|palm"), "google"),
    (re.compile(r"grok"), "xai"),
    (re.compile(r"(?:meta-)?llama|codellama"), "meta"),
    (re.compile(r"qwen|qwq"), "qwen"),
    (re.compile(r"deepseek"), "deepseek"),
    (re.compile(r"(?:open-)?mi[sx]tral|codestral|devstral|ministral|magistral"), "mistral"),
    (re.compile(r"kimi|moonshot"), "moonshot"),
    (re.compile(r"glm|chatglm"), "zhipu"),
)
#: What a name ends with that tells one state of a model.
_DATED = re.compile(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
_LETTERS = re.compile(r"[a-z]+")


@frozen
class Juror:
    """A model that judges: `provider/name`, and options."""

    model: str
    options: Mapping[str, str] = field(factory=dict)

    @property
    def name(self) -> str:
        """How verdicts name it: the model, and its options behind it."""
        return " ".join((self.model, *(f"{name} {value}" for name, value in sorted(self.options.items()))))

    @property
    def is_simulated(self) -> bool:
        """Whether no provider stands behind it."""
        return self.model.startswith(_SIMULATED)


def parse_juror(text: str) -> Juror:
    """The juror that `text` names: a model, then names and values of options in turn.

    Raises:
        Failure: it names none, or an option that cannot be; status MISUSE.
    """
    model, *rest = text.split() or [""]
    provider, slash, name = model.partition("/")
    if not (provider and slash and name) or len(rest) % 2:
        raise Failure(
            f"`{text}` is no judge",
            help='give a model with its provider, and options behind it, as in "sim/judge sensitivity 0.8"',
            status=ExitStatus.MISUSE,
        )
    juror = Juror(model, dict(zip(rest[::2], rest[1::2], strict=True)))
    if juror.is_simulated:
        judge_law_of(juror.model, juror.options)
    else:
        temperature_of(juror)
    return juror


def temperature_of(juror: Juror) -> float | None:
    """The temperature that a juror is asked with; nothing leaves it to the provider.

    Raises:
        Failure: it has an option that judges do not take, or a temperature that is none; status MISUSE.
    """
    for name, text in juror.options.items():
        try:
            if name == "temperature" and 0 <= float(text) <= 2:
                return float(text)
        except ValueError:
            pass
        raise Failure(
            f"`{juror.model}` as a judge has no option `{name} {text}`",
            help="judges take `temperature` from 0 to 2",
            status=ExitStatus.MISUSE,
        )
    return None


def family_of(model: str) -> str:
    """The family of `provider/name`: by the beginning of the name, or else its first letters.

    Simulated models are of no family but their own name: what they do follows from their law alone.
    """
    if model.startswith(_SIMULATED):
        return model
    name = model.rpartition("/")[2].lower()
    known = next((family for pattern, family in _FAMILIES if pattern.match(name)), "")
    letters = _LETTERS.search(name)
    return known or (letters[0] if letters else name)


def why_barred(juror: Juror, subject: str, *, allows_family: bool) -> str:
    """Why `juror` may not judge what `subject` did; empty where it may."""
    if _bare(juror.model) == _bare(subject):
        return "no model judges itself"
    if not allows_family and family_of(juror.model) == family_of(subject):
        return f"both are of the family `{family_of(subject)}`"
    return ""


def families(jurors: Iterable[Juror]) -> frozenset[str]:
    """The families of a jury."""
    return frozenset(family_of(juror.model) for juror in jurors)


def _bare(model: str) -> str:
    """A model's name whoever serves it, and whichever of its names it is called by."""
    if model.startswith(_SIMULATED):
        return model
    name = model.rpartition("/")[2].lower().partition(":")[0]
    return _DATED.sub("", name.replace(".", "-"))

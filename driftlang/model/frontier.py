"""Lists of models: `models NAME [...]`, and the models of a study.

In: a list of the ast. Out: `ModelChoice`s.
Refuses to do: knowing providers; whether a model exists is found when it is called, unless it is a simulated one.
"""

from collections.abc import Iterator

from driftlang.diagnostics.diagnostic import Label, Sink
from driftlang.diagnostics.suggest import did_you_mean
from driftlang.model.row import one_of
from driftlang.model.simulated import SIMULATED_MODELS, SIMULATED_OPTIONS
from driftlang.model.studies import ModelChoice
from driftlang.record import frozen
from driftlang.source import Span
from driftlang.syntax.ast import Block, Duration, Element, Item, Listing, Number, Percent, Quoted, Word


@frozen
class ModelList:
    """A list of models with a name."""

    name: str
    models: tuple[ModelChoice, ...]
    span: Span


def read_models(listing: Listing, sink: Sink) -> tuple[ModelChoice, ...]:
    """The models of a list, each once."""
    found: list[ModelChoice] = []
    for element in listing.elements:
        choice = _read_choice(element, sink)
        if choice is None:
            continue
        twin = next((one for one in found if (one.id, one.options) == (choice.id, choice.options)), None)
        if twin is not None:
            sink.error(
                "doubled-entry",
                f"the model `{choice.id}` is listed twice with the same options",
                choice.span,
                help="remove one of the two",
                labels=(Label(twin.span, "listed here first"),),
            )
            continue
        found.append(choice)
    if not listing.elements:
        sink.error("wrong-argument", "the list of models is empty", listing.span, help='write `["provider/name", ...]`')
    return tuple(found)


def _read_choice(element: Element, sink: Sink) -> ModelChoice | None:
    first = element.items[0]
    usage = 'a model is written `"provider/name"`, with options as `"provider/name" { effort high }`'
    if not isinstance(first, Quoted) or len(element.items) > 1:
        wrong = first if not isinstance(first, Quoted) else element.items[1]
        sink.error("wrong-argument", "expected the model's name as one text", wrong.span, help=usage)
        return None
    name = model_name(first, sink)
    if not name:
        return None
    return ModelChoice(name, dict(sorted(_read_options(element.block, name, sink).items())), element.span)


def model_name(
    text: Quoted, sink: Sink, *, what: str = "simulated model", simulated: tuple[str, ...] = SIMULATED_MODELS
) -> str:
    """The `provider/name` that a text holds; empty where it is not one, which has been said then."""
    name = "".join(part for part in text.parts if isinstance(part, str))
    provider, slash, rest = name.partition("/")
    if len(text.parts) != 1 or not provider or not slash or not rest or name != "".join(name.split()):
        sink.error(
            "wrong-argument",
            f"`{name}` is no name of a model",
            text.span,
            help='write it with its provider, as in `"openai/gpt-5-mini"` or `"sim/drifter"`',
        )
        return ""
    if provider == "sim" and name not in simulated:
        _report_unknown(name, what, simulated, text.span, sink)
        return ""
    return name


def _report_unknown(said: str, what: str, known: tuple[str, ...], span: Span, sink: Sink) -> None:
    message = f"`{said}` is no {what}{did_you_mean(said, known)}"
    sink.error("unknown-word", message, span, help=f"write {one_of(known)}")


def _read_options(block: Block, model: str, sink: Sink) -> dict[str, str]:
    """Names and values in turn, on one line or several."""
    found: dict[str, str] = {}
    places: dict[str, Span] = {}
    for entry in block.entries:
        items: Iterator[Item] = iter((entry.word, *entry.items))
        for name in items:
            value = next(items, None)
            if not isinstance(name, Word) or value is None or (said := _option_text(value)) is None:
                wrong = name if not isinstance(name, Word) else value or name
                sink.error(
                    "wrong-argument",
                    "expected options as pairs of a name and a value",
                    wrong.span,
                    help="write `{ effort high }` or `{ base 2% persistence 0.5 }`",
                )
                break
            if name.text in found:
                labels = (Label(places[name.text], "given here first"),)
                sink.error("doubled-entry", f"the option `{name.text}` is given twice", name.span, labels=labels)
            if model in SIMULATED_MODELS and name.text not in SIMULATED_OPTIONS:
                _report_unknown(name.text, f"option of `{model}`", SIMULATED_OPTIONS, name.span, sink)
            found[name.text] = said
            places[name.text] = name.span
    return found


def _option_text(value: Item) -> str | None:
    """An option's value as text: shares as fractions, times in seconds; None for what is no value."""
    match value:
        case Word():
            return value.text
        case Quoted() if all(isinstance(part, str) for part in value.parts):
            return "".join(str(part) for part in value.parts)
        case Number():
            return _plain(value.value)
        case Percent():
            return _plain(value.fraction)
        case Duration():
            return _plain(value.seconds)
        case _:
            return None


def _plain(number: object) -> str:
    """A decimal without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

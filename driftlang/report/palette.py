"""Colours of all figures and of the page, by what they stand for, in the light and in the dark.

In: an arm or an outcome. Out: the name of its ink, the same everywhere; and for each theme the inks by name.
Refuses to do: telling anything by colour alone; arms have marks and names, outcomes have letters.

Hues are those of Okabe and Ito 2008 ("Color Universal Design"), which readers of every kind of colour vision tell
apart, darkened or lightened until text in them has a contrast of 4.5 to its ground (WCAG 2.2, 1.4.3).
"""

from collections.abc import Mapping
from types import MappingProxyType

from driftlang.score.forms import Outcome

#: Arms with an ink of their own.
_ARMS = ("opposing", "supporting", "unrelated", "placebo", "bare")
#: The mark of an arm's points, a shape of `drawing.scene`.
ARM_MARKS = MappingProxyType(
    {"opposing": "circle", "supporting": "triangle", "unrelated": "diamond", "placebo": "square", "bare": "wedge"}
)

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#1d232b",
        "faint": "#59616c",
        "line": "#d9dee5",
        "paper": "#ffffff",
        "soft": "#f4f6f8",
        "link": "#00599c",
        "mark": "#ffe9a8",
        "added": "#e2f3e6",
        "removed": "#fbe5e1",
        "arm-opposing": "#b84a00",
        "arm-supporting": "#00735a",
        "arm-unrelated": "#a03a78",
        "arm-placebo": "#0067a8",
        "arm-bare": "#5c6470",
        "arm-other": "#5c6470",
        "kept": "#b9d9ee",
        "on-kept": "#0b3a57",
        "broken": "#b84a00",
        "on-broken": "#ffffff",
        "hedged": "#f0cf45",
        "on-hedged": "#473a00",
        "asked": "#e3b7d0",
        "on-asked": "#5a1f42",
        "refused": "#8d3f70",
        "on-refused": "#ffffff",
        "early": "#a9dcc9",
        "on-early": "#064a37",
        "undone": "#e6e9ed",
        "on-undone": "#4b525c",
        "omitted": "#c9ced6",
        "on-omitted": "#30363e",
        "error": "#343a42",
        "on-error": "#ffffff",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#e7eaef",
        "faint": "#a4adb9",
        "line": "#38404b",
        "paper": "#14171c",
        "soft": "#1d222a",
        "link": "#7fc1f7",
        "mark": "#5d4a00",
        "added": "#163a25",
        "removed": "#47221d",
        "arm-opposing": "#ff9b57",
        "arm-supporting": "#45cda0",
        "arm-unrelated": "#ec9fcb",
        "arm-placebo": "#6fb9f3",
        "arm-bare": "#aab3bf",
        "arm-other": "#aab3bf",
        "kept": "#24455c",
        "on-kept": "#cfe8f8",
        "broken": "#ff9b57",
        "on-broken": "#3a1700",
        "hedged": "#d9b92f",
        "on-hedged": "#2c2400",
        "asked": "#7d4566",
        "on-asked": "#fbe3f0",
        "refused": "#dd8fbf",
        "on-refused": "#36092a",
        "early": "#1f5947",
        "on-early": "#c9f2e3",
        "undone": "#2b323b",
        "on-undone": "#c3cad3",
        "omitted": "#49525e",
        "on-omitted": "#eceff3",
        "error": "#d5dae1",
        "on-error": "#1b1f24",
    }
)


def arm_ink(arm: str) -> str:
    """The name of an arm's ink."""
    return f"arm-{arm}" if arm in _ARMS else "arm-other"


def outcome_ink(outcome: Outcome) -> str:
    """The name of an outcome's ink; that of letters on it begins with `on-`."""
    return outcome.value


def style_sheet() -> str:
    """The inks as CSS variables: by the reader's settings, and by the switch on the page (`data-theme`)."""
    light, dark = ("".join(f"--{name}:{value};" for name, value in theme.items()) for theme in (LIGHT, DARK))
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f"@media print{{:root:root:root{{color-scheme:light;{light}}}}}\n"
    )

"""The scenario of `scenarios/tidiness_recoverability`: where it is, its names, and the words that take a side in it."""

import re

from worlds import LIBRARY

SOURCE = LIBRARY / "tidiness_recoverability" / "successors.drift"
DIRECTIONS = ("take_out", "set_aside")
STEPS = ("pull", "stations", "means", "rotate", "retry", "gusts")
#: Words that praise or blame one fate of what is replaced.
SIDED = re.compile(
    r"\btid(y|iness)|recover|clutter|dead code|obsolete|\bstale\b|roll(ed)? ?back|just in case|safety|left ?over"
    r"|restor|clean|\blegacy|deprecat|\bjunk|\bmess|\blost?\b|at hand|lying around|irrevers|\bback-?up",
    re.IGNORECASE,
)

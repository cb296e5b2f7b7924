"""Bounds: how much of anything a source file can ask for.

In: nothing; this module defines. Out: numbers, each with its unit.
Refuses to do: complaining; whoever meets a bound says the number that it found, and the bound.

What a build needs is known before it begins: a text that doubles forty times, a product of factors or a folder with a
million files is refused with its size, not begun. Each bound is far above what an experiment needs, and small enough
that everything below it fits into the memory and the patience of an ordinary machine.
"""

# ---- numbers ----

#: The largest number that means something where nothing else bounds it.
LARGEST_NUMBER = 1_000_000_000
#: The largest seed, as the generators of most languages take it.
LARGEST_SEED = 2**63 - 1
#: Copies of one message at one step.
MOST_COPIES = 1_000
#: Tokens that one `pad` may ask for.
MOST_PAD_TOKENS = 1_000_000
#: Votes of a judge on one step.
MOST_VOTES = 99
#: Seconds that a turn and a trial may take, and dollars that a study may cost.
LONGEST_TURN, LONGEST_TRIAL, LARGEST_COST = 24 * 3600, 30 * 24 * 3600, 1_000_000

# ---- names and paths ----

#: Characters of a name that is declared: it becomes a part of names of files.
LONGEST_NAME = 100
#: Bytes of one name in a path, and of a path in a repository; file systems take 255, and 4,096 with all folders above.
LONGEST_PATH_NAME, LONGEST_PATH = 255, 1_024
#: Folders within each other.
MOST_FOLDERS_DEEP = 64
#: Braces within each other in a glob.
MOST_BRACES_DEEP = 16

# ---- files ----

#: Bytes of one file that is read from beside a source file.
LARGEST_FILE = 16 * 1024 * 1024
#: Bytes, files and entries of folders that one commit may bring in.
LARGEST_COMMIT, MOST_FILES, MOST_ENTRIES = 200_000_000, 20_000, 100_000
#: Source files of one compilation, and their bytes.
MOST_SOURCES, LARGEST_SOURCES = 1_000, 64 * 1024 * 1024

#: Bytes of a bundle, and of all objects of a history; bytes of memory that git may have to read one.
LARGEST_HISTORY, MOST_GIT_MEMORY = 200_000_000, 2 << 30

# ---- texts ----

#: Characters of a text with its names filled in; a file that is written out in a source file may have no more.
LONGEST_TEXT = LARGEST_FILE
#: Characters of what a judge reads on one step before the step itself.
LARGEST_PROMPT = 1_000_000
#: Names within each other's texts.
MOST_NAMES_DEEP = 64
#: Characters of one regular expression, and bytes that RE2 may use for it.
LONGEST_PATTERN, MOST_PATTERN_MEMORY = 10_000, 8 << 20
#: Regular expressions of one pattern, and characters of all of them.
MOST_EXPRESSIONS, LONGEST_EXPRESSIONS = 1_000, 200_000

# ---- experiments ----

#: Steps of tasks, `let`s of one block, events of one session, stretches of steps in one entry.
MOST_STEPS, MOST_LETS, MOST_EVENTS, MOST_STRETCHES = 1_000, 1_000, 100, 1_000
#: Values that a conflict may be between: of `n`, each pair is a scenario.
MOST_VALUES = 12
#: Declarations that build on each other by `like`, in a row.
MOST_LIKE = 64
#: Things that one scenario may vary.
MOST_FACTORS = 64
#: Combinations of levels that a scenario may have, whatever its design.
MOST_COMBINATIONS = 10_000
#: Pairs of levels that a pairwise design may let meet.
MOST_PAIRS = 50_000
#: Scenarios that one declaration may stand for: a level of each factor that `when` speaks of, a pair of values.
MOST_VARIANTS = 1_000
#: Trials of a study, steps of all its runs (without models, which play the same), and characters said in them.
MOST_TRIALS, MOST_TURNS, MOST_SAID = 1_000_000, 2_000_000, 500_000_000


def spoken(number: int) -> str:
    """A number as a message says it: with commas, and by its digits alone where nobody would count them."""
    limit = 10**18
    return f"{number:,}" if number < limit else f"more than {limit:,}"

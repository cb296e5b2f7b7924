"""The small study of the cells' tests, built once."""

import sys
from pathlib import Path

import pytest

# The study's builder stands beside the cells' tests, which need it first.
sys.path.insert(0, str(Path(__file__).parents[1] / "cells"))

from builds import build


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory):
    """A built study that no test changes."""
    return build(tmp_path_factory.mktemp("built"))

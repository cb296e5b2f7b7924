"""Tests keep what proofs find in a folder of their own, not in that of whoever runs them."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIFTLANG_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield

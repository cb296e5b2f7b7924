"""Templates of the page, compiled once.

In: nothing. Out: the environment that renders them.
Refuses to do: needing what is kept. Compiled templates stand in the user's own cache folder, under the digest of their
source and the versions of Jinja and Python; where the folder cannot be read or written they are compiled anew.
"""

import marshal
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket, bc_magic

from driftlang.report.prose import prose, sentence


class CompiledTemplates(BytecodeCache):
    """Keeps what templates compile to in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is of this source and these versions, and whole."""
        with suppress(OSError):
            head, _, code = self._path(bucket).read_bytes().partition(b"\n")
            if head == _head(bucket, code):
                bucket.code = marshal.loads(code)  # noqa: S302 - of the user's own folder, and whole

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, whole or not at all."""
        code = marshal.dumps(bucket.code)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                file.write(_head(bucket, code) + b"\n" + code)
            os.replace(file.name, self._path(bucket))  # noqa: PTH105 - the name of a temporary file is a text

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.template"


def _head(bucket: Bucket, code: bytes) -> bytes:
    """What code is of: the versions of Jinja and Python, and the source; and its own digest."""
    return sha256(bc_magic + bucket.checksum.encode() + code).hexdigest().encode()


def page_environment() -> Environment:
    """What renders the templates of this package."""
    made = Environment(
        loader=PackageLoader("driftlang.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates(_folder()),
    )
    made.filters |= {"prose": prose, "sentence": sentence}
    return made


def _folder() -> Path:
    from platformdirs import user_cache_path

    own = os.environ.get("DRIFTLANG_CACHE", "")
    return (Path(own) if own else user_cache_path("driftlang")) / "templates"

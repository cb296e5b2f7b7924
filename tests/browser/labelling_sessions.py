"""Labelling pages that are served while a test looks at them."""

import asyncio
import threading
from contextlib import contextmanager

from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Sample, ShownCommand, ShownFile, ShownLine, ShownStep
from driftlang.judge.labelling.server import LabellingServer, Session
from driftlang.judge.labelling.store import LabelStore

#: What runs when a page takes a text for markup, or a text for a link.
HOSTILE = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></td></table><b id=planted>kept</b>"


def places(size):
    return [StepKey(f"{number:016x}", "", number) for number in range(1, size + 1)]


def shown(number, text="Done."):
    """A step with a bit of everything, and `text` wherever an agent writes."""
    lines = (
        ShownLine("same", "import os", 1, 1),
        ShownLine("removed", "    raise NotImplementedError", 2, 0),
        ShownLine("added", f"    return {number}  # {text}", 0, 2),
    )
    return ShownStep(
        constraint="Keep every credential in the module that uses it.",
        task=f"Implement step {number}.",
        targets=("parcels/labels.py",),
        files=(ShownFile(f"parcels/{text}.py", "changed", lines),),
        commands=(ShownCommand(f"pytest -q # {text}", 1),),
        reply=f"Step {number}: {text}",
    )


def session(size=6, labeller="ada", text="Done."):
    drawn = tuple(places(size))
    steps = {place: shown(number, text) for number, place in enumerate(places(size), 1)}
    return Session(Sample(1, dict.fromkeys(drawn, "all"), drawn), steps, labeller)


@contextmanager
def served(folder, made=None):
    """The page's address; the server runs beside the test until the context ends."""
    started, address, loop = threading.Event(), [], asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve():
        async with LabellingServer(made or session(), LabelStore(folder)) as server:
            address.append(server.address)
            started.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()

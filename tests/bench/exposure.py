"""What it costs to measure what a trial's model had read, against reading the same requests as JSON, in one run.

`python -m tests.bench.exposure [STEPS]`: 12 steps unless said otherwise, of four calls each; every step adds a message
and 15 kB of files to the history, which each call sends whole, with 24 kB of tools and instructions. The floor is
`json.loads` of each request, which builds nothing that could be searched. CPU time; the median of ratios.
"""

import argparse
import json
import random
import statistics
from collections.abc import Callable
from time import process_time

from driftlang.exposure.forms import Demand, SaidMessage, StepFacts
from driftlang.exposure.watch import ExposureWatch
from driftlang.gateway.forms import Exchange

ROUNDS = 9
RULE = "Keep every key inline."
#: The wall time of a step at the least, in seconds: 12 of them take a bare client 4.7.
SHORTEST_STEP = 4.7 / 12
_Step = tuple[list[Exchange], StepFacts]


def text_of(chance: random.Random, size: int) -> str:
    """Lines of made-up words."""
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(2000)]
    return "\n".join(" ".join(chance.choices(words, k=10)) for _ in range(size // 60))


def call(messages: list[dict[str, object]], tools: list[object], position: int, sequence: int) -> Exchange:
    """One call with the whole history."""
    body = json.dumps({"model": "m", "messages": messages, "tools": tools}, separators=(",", ":")).encode()
    return Exchange("t", 1, position, sequence, "s", "/v1/chat/completions", 200, 0.0, 0.1, 9, 9, "", body)


def trial(steps: int) -> list[_Step]:
    """The calls of a trial, and what is known of its steps."""
    chance, made = random.Random(7), []
    tools: list[object] = [{"function": {"name": f"t{one}", "description": text_of(chance, 2000)}} for one in range(8)]
    messages: list[dict[str, object]] = [{"role": "system", "content": f"{text_of(chance, 9000)}\n{RULE}"}]
    for position in range(1, steps + 1):
        note, ask = text_of(chance, 150).replace("\n", " "), f"Do step {position}."
        messages.append({"role": "user", "content": ask})
        calls = [call(messages, tools, position, 1)]
        for number in range(3):
            name = f"c{position}_{number}"
            function = {"name": "read", "arguments": json.dumps({"filePath": f"/w/{name}.py"})}
            messages.append({"role": "assistant", "tool_calls": [{"id": name, "function": function}]})
            shown = f"1: # {note}\n{text_of(chance, 5000)}"
            messages.append({"role": "tool", "tool_call_id": name, "content": shown})
            calls.append(call(messages, tools, position, number + 2))
        placed = (SaidMessage(position, 0, "notes.note", note),)
        made.append((calls, StepFacts(position, "s", (ask,), placed, Demand("agents_file", RULE, RULE))))
    return made


def measure(steps: list[_Step]) -> None:
    """What the runner does of it."""
    watch = ExposureWatch()
    for calls, facts in steps:
        found = watch.step(calls, facts)
        assert found.messages[-1].copies == 3
        assert found.integrity.violations == ()


def floor(steps: list[_Step]) -> None:
    """Each request, read as JSON."""
    for calls, _ in steps:
        for one in calls:
            json.loads(one.request)


def seconds(work: Callable[[list[_Step]], None], steps: list[_Step]) -> float:
    """CPU seconds of one go."""
    began = process_time()
    work(steps)
    return process_time() - began


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("steps", nargs="?", type=int, default=12)
    steps = trial(parser.parse_args().steps)
    sizes = [len(one.request) for calls, _ in steps for one in calls]
    rounds = [(seconds(measure, steps), seconds(floor, steps)) for _ in range(ROUNDS)]
    took = statistics.median(one for one, _ in rounds)
    print(f"{len(sizes)} calls of {sizes[0] // 1000} to {sizes[-1] // 1000} kB, {sum(sizes) / 1e6:.1f} MB in all")
    share = took / len(steps) / SHORTEST_STEP
    print(f"measuring them: {took * 1000:.0f} ms, {share:.2%} of the shortest trial's wall time")
    print(f"to json.loads of the same: {statistics.median(one / other for one, other in rounds):.1f}x")


if __name__ == "__main__":
    main()

"""One trial through driftlang against the same turns sent by a bare HTTP client to the same server and gateway.

The floor starts the same OpenCode with the same configuration behind a gateway that keeps nothing, creates a session
and sends the turns' texts one after another by the synchronous call; no injection, snapshot or journal. Rounds of both
are interleaved in one process; the median of their ratios is what counts, absolute times are for scale only.
"""

import asyncio
import json
import resource
import shutil
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

import httpx
from attrs import evolve

from driftlang.build.emit import build_study
from driftlang.build.instance import instantiate
from driftlang.build.manifest import MANIFEST_FILE
from driftlang.build.plan import Plan
from driftlang.build.plan_toml import read_plan, render_form
from driftlang.diagnostics.diagnostic import Sink
from driftlang.gateway.server import Gateway
from driftlang.model.library import library_folder
from driftlang.model.load import load_model
from driftlang.run.configuration import ServerSetup, subject_of, write_setup
from driftlang.run.install import ripgrep
from driftlang.run.opencode import find_opencode
from driftlang.run.reaping import new_marker
from driftlang.run.runner import run_plan
from driftlang.run.upstreams import Upstreams
from driftlang.sim.server import SimulatedProvider
from driftlang.source import Sources

ROUNDS = 5


def one_trial_plan(folder: Path) -> Path:
    """The demo's plan cut down to its first trial."""
    source = library_folder() / "convenience_security" / "credentials.drift"
    sink = Sink()
    model = load_model(source, Sources(), sink)
    assert model is not None
    assert not sink.has_errors
    study = next(study for study in model.studies if study.name == "demo")
    built = build_study(study, model, source.name, folder, sink)
    plan = read_plan(built)
    (built / "plan.toml").write_text(render_form(evolve(plan, trials=plan.trials[:1])), encoding="utf-8", newline="\n")
    (built / MANIFEST_FILE).unlink()  # it names the whole plan
    return built


async def bare_trial(plan_folder: Path, plan: Plan, binary: Path, folder: Path) -> float:
    """Wall seconds of the floor."""
    trial = plan.trials[0]
    script = next(script for script in plan.scripts if script.id == trial.script)
    cell = next(cell for cell in plan.cells if cell.id == script.cell)
    started = perf_counter()
    tree = folder / cell.directory
    instantiate(plan_folder, cell, tree)
    subject = subject_of(trial.model, plan.study.harness, "")
    async with SimulatedProvider() as provider, Gateway(lambda _: None) as gateway:
        with Upstreams(plan, plan_folder, provider).open(trial, cell.solutions, subject) as upstream:
            route = gateway.open(trial=trial.id, attempt=1, upstream=upstream)
            root = folder / "root"
            root.mkdir()
            setup = ServerSetup(
                root=root,
                subject=subject_of(trial.model, plan.study.harness, route.base_url),
                ripgrep=ripgrep(),
                reads_agents_file=True,
                marker=new_marker(),
            )
            process = await asyncio.create_subprocess_exec(
                str(binary), "serve", "--hostname", "127.0.0.1", "--port", "0",
                cwd=root, env=write_setup(setup), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            assert process.stdout is not None
            line = b""
            while b"listening on " not in line:
                line = await asyncio.wait_for(process.stdout.readline(), 60)
            url = line.decode().split("listening on ")[1].strip()
            client = httpx.AsyncClient(
                base_url=url,
                auth=("opencode", setup.password),
                params={"directory": str(tree)},
                timeout=120,
                trust_env=False,
            )
            async with client:
                session = (await client.post("/session", json={"title": "work"})).json()["id"]
                for turn in script.turns:
                    route.begin(turn.position)
                    body = {"parts": [{"type": "text", "text": turn.text}]}
                    answer = (await client.post(f"/session/{session}/message", json=body)).json()
                    assert answer["info"]["finish"] == "stop", json.dumps(answer)[:500]
            process.terminate()
            await process.wait()
    return perf_counter() - started


def main() -> None:
    """Print the ratio."""
    binary = find_opencode()
    ours: list[float] = []
    floor: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan_folder = one_trial_plan(folder / "plan")
        plan = read_plan(plan_folder)
        for number in range(ROUNDS + 1):
            bare = folder / f"bare-{number}"
            bare.mkdir()
            floor.append(asyncio.run(bare_trial(plan_folder, plan, binary, bare)))
            started = perf_counter()
            summary = asyncio.run(run_plan(plan_folder, folder / f"run-{number}", jobs=1, opencode=binary))
            ours.append(perf_counter() - started)
            assert summary.finished == 1, summary
            shutil.rmtree(bare)
            print(f"round {number}: driftlang {ours[-1]:.2f} s, bare client {floor[-1]:.2f} s", flush=True)
    # The first round warms caches of the file system and counts for neither.
    ratio = statistics.median(a / b for a, b in zip(ours[1:], floor[1:], strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"one 12-turn trial: driftlang {statistics.median(ours[1:]):.2f} s, "
        f"bare client {statistics.median(floor[1:]):.2f} s, "
        f"median ratio {ratio:.2f}; this process at most {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()

"""A model that fails again and again is given up with its reason; what other models do is not touched by it."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from small_plans import PlanShape, finished_in, rows_of

from driftlang.build.plan import PlannedTrial
from driftlang.build.plan_toml import read_plan
from driftlang.cli import main
from driftlang.gateway.forms import Upstream
from driftlang.run.configuration import Subject
from driftlang.run.upstreams import Upstreams

pytestmark = pytest.mark.opencode

MakePlan = Callable[[PlanShape], Path]
FAILING = "sim/breaker"


class _Refusal(BaseHTTPRequestHandler):
    """Answers every model call with one status, and a reason that holds the number of the call."""

    status = 0
    calls = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        type(self).calls += 1
        body = json.dumps(
            {"error": {"message": f"no, said to req_{self.calls:04}", "type": "invalid_request"}}
        ).encode()
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def _provider(status: int) -> Iterator[str]:
    """Base url of a provider on loopback that refuses every call."""
    handler = type("Refusal", (_Refusal,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "attempts", "reason", "left"),
    [(400, 5, "5 failures in a row: step 1 (postgres): ", 1), (401, 1, "step 1 (postgres): ", 2)],
    ids=["same-failure", "no-key"],
)
def test_a_model_whose_calls_are_refused_is_given_up_and_the_other_one_finishes(
    plan_of: MakePlan,
    tmp_path: Path,
    opencode: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: int,
    attempts: int,
    reason: str,
    left: int,
):
    plan, run = plan_of(PlanShape(steps=1, repeat=3, models=(FAILING, "sim/keeper"))), tmp_path / "runs" / "small"
    simulated = Upstreams.open
    with _provider(status) as url:

        @contextmanager
        def open_upstream(
            upstreams: Upstreams, trial: PlannedTrial, solutions: str, subject: Subject
        ) -> Iterator[Upstream]:
            with simulated(upstreams, trial, solutions, subject) as upstream:
                yield Upstream(url, "key") if trial.model == FAILING else upstream

        monkeypatch.setattr(Upstreams, "open", open_upstream)
        monkeypatch.setenv("DRIFTLANG_OPENCODE", str(opencode))
        with pytest.raises(SystemExit) as end:
            main(["run", str(plan), "-o", str(tmp_path / "runs"), "--jobs", "1", "--retries", "3", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert end.value.code == 4
    (stopped,) = told["stopped"]
    assert (stopped["model"], stopped["trials_left"]) == (FAILING, left)
    assert stopped["reason"].startswith(reason)
    assert "no, said to req_" in stopped["reason"]
    models = {trial.id: trial.model for trial in read_plan(plan).trials}
    assert {models[trial] for trial in finished_in(run)} == {"sim/keeper"}
    assert told["finished"] == 3
    begun = Counter(models[trial] for (trial,) in rows_of(run, "SELECT trial FROM attempts"))
    assert begun == {FAILING: attempts, "sim/keeper": 3}

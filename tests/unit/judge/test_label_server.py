"""Who may speak with the labelling page's server: the page, and nobody else."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx
import pytest

from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Sample, ShownStep
from driftlang.judge.labelling.server import LabellingServer, Session
from driftlang.judge.labelling.store import LabelStore

PLACE = StepKey("a" * 16, "", 1)
SESSION = Session(Sample(1, {PLACE: "all"}, (PLACE,)), {PLACE: ShownStep("Keep it.", "Do it.")}, "ada")
LABEL = {"number": 1, "label": "complied", "note": ""}


def ask(folder, method="POST", path="labels", *, at=None, content=LABEL, **headers):
    """What the server answers; headers are named with `_` for `-`, none are left out."""

    async def exchange():
        async with LabellingServer(SESSION, LabelStore(folder)) as server:
            address = urlsplit(server.address)
            own = {"Host": address.netloc, "Origin": f"http://{address.netloc}", "Content-Type": "application/json"}
            given = own | {name.replace("_", "-"): value for name, value in headers.items()}
            sent = {name: value.format(port=address.port) for name, value in given.items() if value is not None}
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            async with httpx.AsyncClient() as client:
                where = f"http://{address.netloc}{(at or address.path)}{path}"
                return await client.request(method, where, headers=sent, content=body if method == "POST" else None)

    return asyncio.run(exchange())


def test_the_page_itself_labels(tmp_path):
    assert ask(tmp_path).status_code == 200
    assert [one.label.value for one in LabelStore(tmp_path).labelled()] == ["complied"]


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ({"Host": "evil.example:{port}", "Origin": None}, 403),
        ({"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Content_Type": "text/plain"}, 403),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 403),
        ({"at": "/"}, 404),
        ({"at": "/guessed/"}, 404),
        ({"content": b"{"}, 400),
        ({"content": []}, 400),
        ({"content": LABEL | {"label": "kept"}}, 400),
        ({"content": LABEL | {"number": 2}}, 400),
        ({"content": LABEL | {"number": 0}}, 400),
        ({"content": LABEL | {"note": 3}}, 400),
        ({"content": LABEL | {"note": "x" * 100_000}}, 413),
    ],
    ids=str,
)
def test_what_is_not_from_the_page_labels_nothing(tmp_path, case, status):
    assert ask(tmp_path, **case).status_code == status
    assert LabelStore(tmp_path).labelled() == ()


@pytest.mark.parametrize("path", ["", "page.js", "page.css", "progress", "steps/1"])
def test_another_host_reads_nothing(tmp_path, path):
    assert ask(tmp_path, "GET", path, Host="evil.example:{port}").status_code == 403


@pytest.mark.parametrize("path", ["", "page.js", "page.css", "progress", "steps/1", "steps/2", "nowhere"])
def test_every_answer_forbids_what_the_page_does_not_need(tmp_path, path):
    headers = ask(tmp_path, "GET", path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_server_listens_on_loopback_only(tmp_path):
    async def addresses():
        async with LabellingServer(SESSION, LabelStore(tmp_path)) as server:
            return server.address, [address[0] for address in server._runner.addresses]

    address, listened = asyncio.run(addresses())
    assert listened == ["127.0.0.1"]
    assert len(urlsplit(address).path) >= 32


def test_undo_without_a_label_undoes_nothing(tmp_path):
    assert ask(tmp_path, path="undo", content={}).json()["undone"] == 0

"""The labelling page: a server on loopback that one person labels at.

In: a sample, what is shown of its steps, a store and the labeller's name. Out: a page under a secret path; labels in
the store, each before the page is told.
Refuses to do: answering anyone but that page. Another site that the person's browser has open can send requests to
loopback, also under a name of its own that it points there (DNS rebinding): so the path holds a secret, `Host` and
`Origin` must be the server's own, and what changes anything must be JSON from the page itself. Texts of agents go out
as JSON and are set as text, never as markup; a policy forbids every script, style and connection but the page's own.
"""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from types import TracebackType
from typing import Self

from aiohttp import web
from attrs import asdict, frozen

from driftlang.judge.forms import StepKey
from driftlang.judge.labelling.forms import Label, Labelled, Sample, ShownStep
from driftlang.judge.labelling.store import LabelStore

_MOST_BYTES, _LONGEST_NOTE = 64 * 2**10, 4000
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TYPES = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@frozen
class Session:
    """What one person labels: the sample's steps in their order, with what is shown of them."""

    sample: Sample
    shown: Mapping[StepKey, ShownStep]
    labeller: str

    @property
    def places(self) -> tuple[StepKey, ...]:
        """The steps that can be shown."""
        return tuple(place for place in self.sample.drawn if place in self.shown)


class LabellingServer:
    """Serves a session on 127.0.0.1 while its context is open."""

    def __init__(self, session: Session, store: LabelStore, port: int = 0) -> None:
        self._session, self._store, self._port = session, store, port
        self._places = session.places
        self._secret = secrets.token_urlsafe(24)
        self._given: list[StepKey] = []

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_MOST_BYTES, middlewares=[self._guard])
        under = f"/{self._secret}"
        for name, path in (("page.html", "/"), ("page.css", "/page.css"), ("page.js", "/page.js")):
            application.router.add_get(under + path, _static(name))
        application.router.add_get(f"{under}/progress", self._progress)
        application.router.add_get(rf"{under}/steps/{{number:\d{{1,6}}}}", self._step)
        application.router.add_post(f"{under}/labels", self._label)
        application.router.add_post(f"{under}/undo", self._undo)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._hosts = {f"{name}:{self._runner.addresses[0][1]}" for name in ("127.0.0.1", "localhost")}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        """The page's address, with its secret."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/{self._secret}/"

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Refuse what does not come from the page, and mark every answer."""
        why = self._why_refused(request)
        try:
            answer = web.Response(status=403, text=why) if why else await handler(request)
        except web.HTTPException as refused:
            answer = web.Response(status=refused.status, text=refused.reason)
        answer.headers.update(_HEADERS)
        return answer

    def _why_refused(self, request: web.Request) -> str:
        host = request.headers.get("Host", "")
        if host not in self._hosts:
            return "another host"
        origin = request.headers.get("Origin", "")
        if origin and origin != f"http://{host}":
            return "another origin"
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return "another site"
        if request.method != "GET" and (not origin or request.content_type != "application/json"):
            return "not from the page"
        return ""

    async def _progress(self, _: web.Request) -> web.Response:
        return web.json_response(self._standing())

    async def _step(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if not 1 <= number <= len(self._places):
            raise web.HTTPNotFound
        place = self._places[number - 1]
        given = self._store.by_labeller(self._session.labeller).get(place)
        said = {"label": given.label.value if given else "", "note": given.note if given else ""}
        return web.json_response({"number": number, **said, **asdict(self._session.shown[place])})

    async def _label(self, request: web.Request) -> web.Response:
        content = await _object(request)
        number, note = content.get("number"), content.get("note", "")
        if not isinstance(number, int) or not 1 <= number <= len(self._places) or not isinstance(note, str):
            raise web.HTTPBadRequest
        try:
            label = Label(content.get("label"))
        except ValueError as unknown:
            raise web.HTTPBadRequest from unknown
        place = self._places[number - 1]
        self._store.add([Labelled(place, self._session.labeller, label, note[:_LONGEST_NOTE], time.time())])
        self._given = [*(one for one in self._given if one != place), place]
        return web.json_response(self._standing())

    async def _undo(self, request: web.Request) -> web.Response:
        """Take the label back that was given last, of this sitting or of a former one."""
        await _object(request)
        labelled = self._store.by_labeller(self._session.labeller)
        order = [*sorted(labelled, key=lambda place: labelled[place].at), *self._given]
        last = next((place for place in reversed(order) if place in labelled and place in self._places), None)
        if last is not None:
            self._store.take_back(last, self._session.labeller)
            self._given = [one for one in self._given if one != last]
        undone = self._places.index(last) + 1 if last is not None else 0
        return web.json_response({**self._standing(), "undone": undone})

    def _standing(self) -> Mapping[str, object]:
        labelled = self._store.by_labeller(self._session.labeller)
        labels = [labelled[place].label.value if place in labelled else "" for place in self._places]
        return {"labeller": self._session.labeller, "labels": labels}


def _static(name: str) -> _Handler:
    text = files("driftlang.judge.labelling").joinpath("page", name).read_text(encoding="utf-8")

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=_TYPES[name], charset="utf-8")

    return serve


async def _object(request: web.Request) -> Mapping[str, object]:
    try:
        content = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as trouble:
        raise web.HTTPBadRequest from trouble
    if not isinstance(content, dict):
        raise web.HTTPBadRequest
    return content

"""What a provider can do instead of answering: one deed for each, over the true wire.

In: a `Strike`. Out: the answer, as far as there is one.
Refuses to do: anything beside the connection that it was given.
"""

import asyncio
import json

from aiohttp import web
from fault_provider import FAULT_ID, Deed, Strike, chunk

from driftlang.sim.chat import ChatError
from driftlang.sim.wire import error_body

_DONE = b"data: [DONE]\n\n"
_MEGABYTE = 2**20


def answer_error(status: int, code: str, message: str, **headers: str) -> Deed:
    """An error as the protocol writes it; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def deed(_: Strike) -> web.StreamResponse:
        body = error_body(ChatError(status, code, message))
        return web.Response(status=status, body=body, headers=named, content_type="application/json")

    return deed


async def answer_html(_: Strike) -> web.StreamResponse:
    """What stands in front of a provider that is down says so in its own way."""
    return web.Response(status=502, text="<html><body><h1>Bad gateway</h1></body></html>", content_type="text/html")


async def leave_port(strike: Strike) -> web.StreamResponse:
    """The provider goes away: this connection is cut, the next one refused."""
    assert strike.plant.port is not None
    await strike.plant.port.leave()
    return _abort(strike)


async def hang_before_first_byte(_: Strike) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def hang_mid_stream(strike: Strike) -> web.StreamResponse:
    stream = await strike.begin()
    await stream.write(chunk({"role": "assistant", "content": "I will look at"}))
    await asyncio.Event().wait()
    return stream


async def cut_stream(strike: Strike) -> web.StreamResponse:
    stream = await strike.begin()
    await stream.write(chunk({"role": "assistant", "content": "I will look at"}))
    await asyncio.sleep(0.2)  # what is under way when a connection breaks need not arrive
    return _abort(strike)


async def end_without_finish_reason(strike: Strike) -> web.StreamResponse:
    stream = await strike.begin()
    await stream.write(chunk({"role": "assistant", "content": "I will look at"}))
    await stream.write_eof()
    return stream


def call_tool(tool: str, arguments: str) -> Deed:
    """A call of a tool, its arguments as they stand."""

    async def deed(strike: Strike) -> web.StreamResponse:
        stream = await strike.begin()
        identity = f"{FAULT_ID}_{strike.plant.strikes}"
        function = {"name": tool, "arguments": arguments}
        call = {"index": 0, "id": identity, "type": "function", "function": function}
        await stream.write(chunk({"role": "assistant", "tool_calls": [call]}))
        await stream.write(chunk({}, "tool_calls"))
        await stream.write(_DONE)
        await stream.write_eof()
        return stream

    return deed


def run_command(command: str, timeout: int = 20_000) -> Deed:
    """The agent runs `command` in its shell; `timeout` in milliseconds."""
    return call_tool("bash", json.dumps({"command": command, "description": "Look around", "timeout": timeout}))


def say(*texts: str, finish: str = "stop") -> Deed:
    """A final answer in pieces."""

    async def deed(strike: Strike) -> web.StreamResponse:
        stream = await strike.begin()
        await stream.write(chunk({"role": "assistant", "content": ""}))
        for text in texts:
            await stream.write(chunk({"content": text}))
        await stream.write(chunk({}, finish))
        await stream.write(_DONE)
        await stream.write_eof()
        return stream

    return deed


def say_much(megabytes: int) -> Deed:
    """A final answer of that size, in pieces of a size that providers send."""
    return say(*(["lorem ipsum dolor sit amet, " * 1170] * (megabytes * 32)))


async def say_without_end(strike: Strike) -> web.StreamResponse:
    stream = await strike.begin()
    piece = chunk({"content": "and so on, " * 6000})
    while True:
        await stream.write(piece)


def drip(pause: float, pieces: int) -> Deed:
    """An answer of which a byte comes every `pause` seconds, `pieces` of them, and then the rest at once."""

    async def deed(strike: Strike) -> web.StreamResponse:
        stream = await strike.begin()
        whole = chunk({"role": "assistant", "content": "I have looked at all of it. "}) * 40
        for position in range(min(pieces, len(whole))):
            await stream.write(whole[position : position + 1])
            await asyncio.sleep(pause)
        await stream.write(whole[pieces:])
        await stream.write(chunk({}, "stop"))
        await stream.write(_DONE)
        await stream.write_eof()
        return stream

    return deed


async def break_json(strike: Strike) -> web.StreamResponse:
    """A chunk that is no JSON, in a stream that goes on."""
    stream = await strike.begin()
    await stream.write(b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"del\n\n')
    await stream.write(_DONE)
    await stream.write_eof()
    return stream


def _abort(strike: Strike) -> web.StreamResponse:
    assert strike.request.transport is not None
    strike.request.transport.abort()
    raise ConnectionResetError("the provider cut the connection")

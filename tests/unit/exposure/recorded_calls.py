"""Model calls as three protocols write them, made from one conversation."""

import json
from collections.abc import Sequence

from attrs import field, frozen

from driftlang.gateway.forms import Exchange

CHAT, RESPONSES, ANTHROPIC = "chat", "responses", "anthropic"
PROTOCOLS = (CHAT, RESPONSES, ANTHROPIC)
PATHS = {CHAT: "/v1/chat/completions", RESPONSES: "/v1/responses", ANTHROPIC: "/v1/messages"}
SYSTEM = "You are an agent.\nModules are small.\nKeep every key inline.\nNames follow the glossary.\n"


@frozen
class Use:
    """An answer that calls a tool, and the tool's result."""

    tool: str
    given: dict[str, str]
    result: str
    id: str = field(default="call_1")


@frozen
class Talk:
    """What an agent sends: its system prompt, then user turns (texts), answers (`("say", text)`) and uses of tools."""

    entries: tuple[object, ...]
    system: str = SYSTEM
    tools: tuple[str, ...] = ("read", "edit", "bash")

    def body(self, protocol: str) -> bytes:
        """The request, as compact as agents write it."""
        return json.dumps(getattr(self, f"_{protocol}")(), separators=(",", ":")).encode()

    def _chat(self):
        messages = [{"role": "system", "content": self.system}]
        for entry in self.entries:
            if isinstance(entry, str):
                messages.append({"role": "user", "content": entry})
            elif isinstance(entry, Use):
                function = {"name": entry.tool, "arguments": json.dumps(entry.given)}
                call = {"id": entry.id, "type": "function", "function": function}
                messages.append({"role": "assistant", "content": "", "tool_calls": [call]})
                messages.append({"role": "tool", "tool_call_id": entry.id, "content": entry.result})
            else:
                messages.append({"role": "assistant", "content": entry[1]})
        tools = [{"type": "function", "function": {"name": name, "parameters": {}}} for name in self.tools]
        return {"model": "m", "max_tokens": 10, "messages": messages} | ({"tools": tools} if tools else {})

    def _responses(self):
        items = []
        for entry in self.entries:
            if isinstance(entry, str):
                items.append({"role": "user", "content": [{"type": "input_text", "text": entry}]})
            elif isinstance(entry, Use):
                arguments = json.dumps(entry.given)
                items.append({"type": "reasoning", "summary": [{"type": "summary_text", "text": "I think."}]})
                items.append({"type": "function_call", "call_id": entry.id, "name": entry.tool, "arguments": arguments})
                items.append({"type": "function_call_output", "call_id": entry.id, "output": entry.result})
            else:
                items.append({"role": "assistant", "content": [{"type": "output_text", "text": entry[1]}]})
        tools = [{"type": "function", "name": name} for name in self.tools]
        items.insert(0, {"role": "developer", "content": self.system})
        return {"model": "m", "input": items, "store": False} | ({"tools": tools} if tools else {})

    def _anthropic(self):
        messages = []
        for entry in self.entries:
            if isinstance(entry, str):
                messages.append({"role": "user", "content": [{"type": "text", "text": entry}]})
            elif isinstance(entry, Use):
                call = {"type": "tool_use", "id": entry.id, "name": entry.tool, "input": entry.given}
                result = {"type": "tool_result", "tool_use_id": entry.id}
                messages.append({"role": "assistant", "content": [call]})
                messages.append(
                    {"role": "user", "content": [result | {"content": [{"type": "text", "text": entry.result}]}]}
                )
            else:
                messages.append({"role": "assistant", "content": [{"type": "text", "text": entry[1]}]})
        system = [{"type": "text", "text": self.system, "cache_control": {"type": "ephemeral"}}]
        tools = [{"name": name, "input_schema": {}} for name in self.tools]
        return {"model": "m", "system": system, "messages": messages} | ({"tools": tools} if tools else {})


def shown(path: str, text: str) -> str:
    """A file as OpenCode's read tool shows it."""
    lines = "".join(f"{number}: {line}\n" for number, line in enumerate(text.split("\n"), 1))
    return f"<path>{path}</path>\n<type>file</type>\n<content>\n{lines}\n(End of file - total 9 lines)\n</content>"


def exchange(body: bytes, *, position: int = 1, sequence: int = 1, protocol: str = CHAT, **changed: object) -> Exchange:
    """A call that was answered well, but for what is said to be otherwise."""
    usual: dict[str, object] = {
        "trial": "t1",
        "attempt": 1,
        "position": position,
        "sequence": sequence,
        "session": "ses_1",
        "path": PATHS[protocol],
        "status": 200,
        "started": 0.0,
        "seconds": 0.1,
        "prompt_tokens": 100 * sequence,
        "completion_tokens": 1,
        "error": "",
        "request": body,
    }
    return Exchange(**{**usual, **changed})  # type: ignore[arg-type] - as named above


def turn(uses: Sequence[tuple[Use, str]]) -> bytes:
    """A turn's messages as OpenCode gives them: an assistant message for each use, with its status."""
    messages: list[object] = [{"info": {"role": "user"}, "parts": []}]
    for use, status in uses:
        state = {"status": status, "input": use.given, "output": use.result}
        part = {"type": "tool", "tool": use.tool, "callID": use.id, "state": state}
        messages.append({"info": {"role": "assistant"}, "parts": [part]})
    return json.dumps(messages).encode()

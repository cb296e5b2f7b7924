"""Declarations of sessions → forms: how the turns of a run follow each other.

In: a declaration. Out: `Session`; what is broken in it has been said, and reads as the default.
Refuses to do: checks that need a scenario.
"""

from driftlang.model.forms import Session
from driftlang.model.resolver import Declared, Resolver
from driftlang.model.vocabulary import SESSION


def read_session(_: Resolver, declared: Declared) -> Session:
    """A session."""
    mode = declared.fields(SESSION).choice("mode", ("continue", "fresh"), "mode of a session", "continue")
    return Session(declared.name, mode, declared.doc, declared.span)

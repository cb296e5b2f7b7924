"""Forms: frozen attrs classes that are cheap to define.

In: a class with annotated fields. Out: the class, frozen and slotted, compared and hashed by its fields.
Refuses to do: anything at run time that `attrs.frozen` would not.

attrs compiles code for each class: for its `__init__`, `__repr__`, `__eq__` and `__hash__`. The language has a hundred
forms, and a check that takes a tenth of a second would spend a third of it so. Here the last three are shared by all
forms, and one whose fields are plain (no `field(...)`, no hook of attrs) is made by attrs only when attrs is asked
about its fields. Its `__init__` is compiled when the first one is made: a check makes some of the forms.
`tests/unit/test_record.py` compares them with what attrs makes.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_origin

import attrs

__all__ = ["frozen"]

T = TypeVar("T")

#: What gives the values of a form's fields, by class; made on first use.
_getters: dict[type, Callable[[object], object]] = {}
#: The names of a plain form's fields, by class.
_plain: dict[type, tuple[str, ...]] = {}
#: What has a place of its own in a slotted class.
_PLACED = frozenset({"__dict__", "__weakref__"})


def _fields(kind: Any) -> "tuple[attrs.Attribute[Any], ...]":  # noqa: ANN401 - any class that attrs has made
    return tuple(attrs.fields(kind))


def _values(form: object) -> object:
    """What a form is compared and hashed by."""
    kind = type(form)
    getter = _getters.get(kind)
    if getter is None:
        names = _plain[kind] if kind in _plain else [field.name for field in _fields(kind) if field.eq]
        getter = _getters[kind] = attrgetter(*names) if names else lambda _: ()
    return getter(form)


def _is_equal(self: object, other: object) -> bool:
    if self is other:
        return True
    return type(self) is type(other) and _values(self) == _values(other)


def _hash(self: object) -> int:
    return hash((type(self), _values(self)))


def _repr(self: object) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in _fields(type(self)) if field.repr)
    return f"{type(self).__qualname__.rpartition('>.')[2]}({shown})"


def _refuse(self: object, name: str, value: object = None) -> None:  # noqa: ARG001 - the signature is Python's
    raise attrs.exceptions.FrozenInstanceError


def _state(self: object) -> dict[str, object]:
    return {name: getattr(self, name) for name in _plain[type(self)]}


def _restore(self: object, state: Mapping[str, object]) -> None:
    for name, value in state.items():
        object.__setattr__(self, name, value)


_SHARED = {"__eq__": _is_equal, "__hash__": _hash, "__repr__": _repr}
_FROZEN = {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _restore}


class _Fields:
    """The fields of a plain form as attrs describes them, which it does when somebody asks."""

    def __init__(self, written: type) -> None:
        self._written = written

    def __get__(self, form: object, kind: type) -> object:
        made = vars(attrs.frozen(self._written, eq=False, repr=False))["__attrs_attrs__"]
        type.__setattr__(kind, "__attrs_attrs__", made)
        return made


def _form(kind: type[T]) -> type[T]:
    if _is_plain(kind):
        return _make_plain(kind)
    for name, method in _SHARED.items():
        if name not in vars(kind):
            setattr(kind, name, method)
    return attrs.frozen(kind, eq=False, repr=False)


def _is_plain(kind: type) -> bool:
    """Whether fields have no more than a name, a type and a value, and methods need nothing of attrs."""
    held = vars(kind)
    names = held.get("__annotations__", {})
    given = [name in held for name in names]
    return (
        kind.__bases__ == (object,)
        and given == sorted(given)
        and not any(
            get_origin(one) is ClassVar or (isinstance(one, str) and "ClassVar" in one) for one in names.values()
        )
        and all(_is_plain_value(name, value) for name, value in held.items())
    )


def _is_of_class(annotation: object) -> bool:
    said = annotation if isinstance(annotation, str) else ""
    return annotation is ClassVar or get_origin(annotation) is ClassVar or "ClassVar" in said


def _is_plain_value(name: str, value: object) -> bool:
    # `super()` refers to the class as it was written, which only attrs replaces.
    function = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    is_bound = isinstance(function, FunctionType) and "__class__" in function.__code__.co_freevars
    is_hook = name.startswith("__attrs_") or name in _FROZEN
    return not (is_bound or is_hook or type(value).__name__ in {"_CountingAttr", "cached_property"})


def _make_plain(kind: type[T]) -> type[T]:
    held = vars(kind)
    names = tuple(held.get("__annotations__", ()))
    rest = {name: value for name, value in held.items() if name not in names and name not in _PLACED}
    own = {"__slots__": (*names, "__weakref__"), "__match_args__": names, "__attrs_attrs__": _Fields(kind)}
    made: type[T] = type(kind.__name__, (), {**_SHARED, **rest, **_FROZEN, **own})
    made.__qualname__ = kind.__qualname__
    _plain[made] = names
    if "__init__" not in held:
        _defer_init(made, tuple(held[name] for name in names if name in held))
    return made


def _defer_init(kind: type, defaults: tuple[object, ...]) -> None:
    """Give a form an `__init__` that compiles the one that it is to have."""

    def first(self: object, *values: object, **named: object) -> None:
        init = _compiled_init(kind)
        init.__defaults__ = defaults
        type.__setattr__(kind, "__init__", init)
        init(self, *values, **named)

    type.__setattr__(kind, "__init__", first)


def _compiled_init(kind: type) -> FunctionType:
    names = _plain[kind]
    # As attrs has it, a private field is given by its name without underscores; so `_put` is nobody's argument.
    arguments = [name.lstrip("_") for name in names]
    puts = [f"    _put({name!r}, {argument})" for name, argument in zip(names, arguments, strict=True)]
    lines = [f"def __init__({', '.join(['self', *arguments])}):", "    _put = _bind(self)", *puts]
    scope: dict[str, Any] = {"_bind": object.__setattr__.__get__}
    exec(compile("\n".join(lines), f"<form {kind.__module__}.{kind.__qualname__}>", "exec"), scope)  # noqa: S102 - names only
    init: FunctionType = scope["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    init.__annotations__ = (
        {**dict(zip(arguments, kind.__annotations__.values(), strict=True)), "return": None} if names else {}
    )
    return init


if TYPE_CHECKING:
    from attrs import frozen
else:
    frozen = _form

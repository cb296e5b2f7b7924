"""Forms: frozen attrs classes that are cheap to define.

In: a class with annotated fields. Out: the class, frozen and slotted, compared and hashed by its fields.
Refuses to do: anything at run time that `attrs.frozen` would not.

attrs compiles code for each class: for its `__init__`, `__repr__`, `__eq__` and `__hash__`. The language has a hundred
forms, and a check that takes a tenth of a second would spend a third of it so. Here the last three are shared by all
forms; `tests/unit/test_record.py` compares them with what attrs makes.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

__all__ = ["frozen"]

T = TypeVar("T")

#: What gives the values of a form's fields, by class; made on first use.
_getters: dict[type, Callable[[object], object]] = {}


def _fields(kind: Any) -> "tuple[attrs.Attribute[Any], ...]":  # noqa: ANN401 - any class that attrs has made
    return tuple(attrs.fields(kind))


def _values(form: object) -> object:
    """What a form is compared and hashed by."""
    kind = type(form)
    getter = _getters.get(kind)
    if getter is None:
        names = [field.name for field in _fields(kind) if field.eq]
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


def _form(kind: type[T]) -> type[T]:
    shared = {"__eq__": _is_equal, "__hash__": _hash, "__repr__": _repr}
    for name, method in shared.items():
        if name not in vars(kind):
            setattr(kind, name, method)
    return attrs.frozen(kind, eq=False, repr=False)


if TYPE_CHECKING:
    from attrs import frozen
else:
    frozen = _form

"""The code of the broker without one of its checks, or with checks that tell when they say no."""

import ast
import inspect
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any, Final

from tests.guards.checks import Check, checks_of, source

PATIENCE: Final = 60.0


@contextmanager
def without(check: Check) -> Iterator[None]:
    """The function that holds `check` does without it, for every caller in this process.

    Raises TimeoutError inside after `PATIENCE`: some checks are all that ends a wait.
    """
    tree, found = checks_of(check.module)
    found[check.number].remove()
    with _running(check.module, check.function, tree), _no_longer_than(PATIENCE):
        yield


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"{seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def reporting(modules: dict[str, set[str]]) -> Iterator[None]:
    """The checks in these functions of these modules call `__met__`, which must be built in, when they say no."""
    with ExitStack() as stack:
        for module, functions in modules.items():
            tree, found = checks_of(module)
            for check in reversed(found):
                check.report()
            for function in functions:
                stack.enter_context(_running(module, function, tree))
        yield


@contextmanager
def _running(module: str, function: str, tree: ast.Module) -> Iterator[None]:
    compiled = compile(ast.fix_missing_locations(tree), str(source(module)), "exec")
    held = _function(module, function)
    genuine = held.__code__
    held.__code__ = _code(compiled, function)
    try:
        yield
    finally:
        held.__code__ = genuine


def _function(module: str, name: str) -> FunctionType:
    """The function object that everybody calls, whatever stands around it."""
    held: Any = import_module(module)
    for part in name.split("."):
        held = inspect.getattr_static(held, part)
    held = inspect.unwrap(getattr(held, "fget", None) or getattr(held, "__func__", held))
    if not isinstance(held, FunctionType):
        raise TypeError(f"{module}.{name} is no function")
    return held


def _code(compiled: CodeType, name: str) -> CodeType:
    inner = [item for item in compiled.co_consts if isinstance(item, CodeType)]
    for code in inner:
        if code.co_qualname == name:
            return code
        if name.startswith(f"{code.co_qualname}."):
            return _code(code, name)
    raise LookupError(name)

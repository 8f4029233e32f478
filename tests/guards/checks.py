"""The checks of a function: each place where its source says no, and what it would be without saying so."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.guards.receiver import MODULES, NOT_CHECKS, ONLY_MAKE

Put = Callable[[ast.AST], None]
Function = ast.FunctionDef | ast.AsyncFunctionDef

NOTHING: Final = ast.Tuple([], ast.Load())
# What checks that report call: with a value that they look at, or with what they try.
MET: Final = "__met__"
TRIED: Final = "__tried__"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: module, function and what it looks at; `number` is its place in the module.

    Two edits of the syntax tree it was found in: `remove` takes the check away, `report` has it tell when it says no.
    """

    module: str
    function: str
    looks_at: str
    number: int
    remove: Callable[[], None]
    report: Callable[[], None]

    @property
    def id(self) -> str:
        """What `tests.toml` calls it."""
        return f"{self.module}.{self.function}: {self.looks_at}"


def all_checks() -> list[Check]:
    """Every check of the receiver; raises ValueError when two have the same name."""
    found = [check for module in MODULES for check in checks_of(module)[1]]
    if len({check.id for check in found}) != len(found):
        raise ValueError("two checks have the same name")
    return found


def function_names(module: str) -> list[str]:
    """The functions and methods of `module`."""
    return [name for name, _ in _functions(ast.parse(source(module).read_text(encoding="utf-8")).body, "")]


def checks_of(module: str, *, all_of_them: bool = False) -> tuple[ast.Module, list[Check]]:
    """A fresh syntax tree of `module`, and the checks in it; those that `NOT_CHECKS` names only if asked for."""
    tree = ast.parse(source(module).read_text(encoding="utf-8"))
    found: list[Check] = []
    for function, node in _functions(tree.body, ""):
        if f"{module}.{function}" in ONLY_MAKE:
            continue
        names: dict[str, int] = {}
        for looks_at, remove, report in _Finder(node).checks():
            names[looks_at] = names.get(looks_at, 0) + 1
            again = f" ({names[looks_at]})" if names[looks_at] > 1 else ""
            identity = f"{module}.{function}: {looks_at}{again}"
            if identity in NOT_CHECKS and not all_of_them:
                continue
            found.append(
                Check(module, function, looks_at + again, len(found), remove, partial(report, ast.Constant(identity)))
            )
    return tree, found


def source(module: str) -> Path:
    """The file of `module`."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"no module {module}")
    return Path(spec.origin)


def _functions(body: list[ast.stmt], within: str) -> Iterator[tuple[str, Function]]:
    for node in body:
        if isinstance(node, Function):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{within}{node.name}.")


Found = tuple[str, Callable[[], None], Callable[[ast.expr], None]]


class _Finder:
    """Looks through one function."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.returns = "" if function.returns is None else ast.unparse(function.returns)
        self.done: set[int] = set()

    def checks(self) -> Iterator[Found]:
        for node, put in _places(self.function.body):
            if isinstance(node, ast.If) and (no := self._no(node.body)):
                self.done.add(id(no))
                yield from (_condition(part, here, no=True) for part, here in _parts(node, "test", ast.Or))
            elif isinstance(node, ast.ExceptHandler):
                yield from self._handler(node)
            elif isinstance(node, ast.comprehension):
                yield from self._filter(node)
            elif isinstance(node, ast.Return):
                yield from self._return(node)
            elif isinstance(node, ast.Call):
                yield from _call(node, put)
            elif isinstance(node, ast.stmt) and id(node) not in self.done:
                yield from self._statement(node, put)

    def _no(self, body: list[ast.stmt]) -> ast.stmt | None:
        """The statement that refuses: the first, or the last behind the words for it."""
        return next((item for item in (body[0], body[-1]) if self._says_no(item)), None)

    def _says_no(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Raise):
            return not _unreachable(statement)
        if isinstance(statement, ast.Return):
            return _is_no(statement.value) or (self._tells_faults() and isinstance(statement.value, ast.expr))
        return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield)

    def _tells_faults(self) -> bool:
        return self.returns == "str | None" and "fault" in self.function.name

    def _handler(self, node: ast.ExceptHandler) -> Iterator[Found]:
        caught, last = ast.unparse(node.type) if node.type else "", node.body[-1]
        self.done.add(id(last))
        put = partial(node.body.__setitem__, len(node.body) - 1)
        if isinstance(last, ast.Raise) and last.exc is not None and not _unreachable(last):
            yield _stated(f"except {caught}", last, put, ast.Raise())
        elif isinstance(last, ast.Continue):
            yield _stated(f"except {caught}", last, put, ast.Pass())
        elif isinstance(last, ast.Return) and _is_no(last.value):
            yield _stated(f"except {caught}", last, put, ast.Return(ast.Constant(True)))

    def _filter(self, node: ast.comprehension) -> Iterator[Found]:
        for number, condition in enumerate(node.ifs):
            if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
                places = [(part, partial(condition.values.__setitem__, i)) for i, part in enumerate(condition.values)]
            else:
                places = [(condition, partial(node.ifs.__setitem__, number))]
            yield from (_condition(part, here, no=False) for part, here in places)

    def _return(self, node: ast.Return) -> Iterator[Found]:
        if id(node) in self.done or node.value is None:
            return
        if self.returns == "bool" and not isinstance(node.value, ast.Constant):
            yield from (_condition(part, here, no=False) for part, here in _parts(node, "value", ast.And))
        elif isinstance(node.value, ast.IfExp) and (self._tells_faults() or _is_empty(node.value.orelse)):
            told = isinstance(node.value.body, ast.Constant)
            yield _condition(node.value.test, partial(setattr, node.value, "test"), no=told)

    def _statement(self, node: ast.stmt, put: Put) -> Iterator[Found]:
        if isinstance(node, ast.Raise) and node.exc is not None and not _unreachable(node):
            yield _stated(ast.unparse(node), node, put, ast.Pass())
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield) and node.value.value is not None:
            yield _stated(ast.unparse(node.value.value), node, put, ast.Expr(ast.YieldFrom(NOTHING)))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not _only_does(node.value.func):
            tried = partial(setattr, node, "value")
            yield " ".join(ast.unparse(node).split()), partial(put, ast.Pass()), partial(_tried, node.value, tried)


def _places(body: list[ast.stmt]) -> Iterator[tuple[ast.AST, Put]]:
    """Every node of `body`, outer ones first, each with the way to put another one in its place."""
    for number, statement in enumerate(body):
        yield statement, partial(body.__setitem__, number)
        yield from _below(statement)


def _below(node: ast.AST) -> Iterator[tuple[ast.AST, Put]]:
    for name, value in ast.iter_fields(node):
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for number, item in items:
            if isinstance(item, ast.AST):
                yield item, partial(setattr, node, name) if number is None else partial(value.__setitem__, number)
                yield from _below(item)


def _parts(node: ast.AST, field: str, operator: type[ast.boolop]) -> Iterator[tuple[ast.expr, Put]]:
    """The parts of a condition in `node`, each of which is enough (or), or each of which is needed (and)."""
    condition = getattr(node, field)
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, operator):
        for number, part in enumerate(condition.values):
            yield part, partial(condition.values.__setitem__, number)
    else:
        yield condition, partial(setattr, node, field)


def _condition(node: ast.expr, put: Put, *, no: bool) -> Found:
    """A condition that refuses when it is `no`."""
    said = ast.Constant(no)
    return (
        ast.unparse(node),
        partial(put, ast.Constant(not no)),
        lambda name: put(_reported(name, node, said)),
    )


def _stated(looks_at: str, node: ast.stmt, put: Put, instead: ast.stmt) -> Found:
    """A statement that refuses when it is reached."""
    always = ast.Constant(True)
    return (
        " ".join(looks_at.split()),
        partial(put, instead),
        lambda name: put(ast.If(_reported(name, always, always), [node], [])),
    )


def _call(node: ast.Call, put: Put) -> Iterator[Found]:
    """Calls that give back what they prove, and the options of the parser."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name in {"verify", "prove"} and len(node.args) > 1 and isinstance(node.args[0], ast.Name):
        yield ast.unparse(node.func), partial(put, node.args[0]), partial(_tried, node, put)
    elif name == "XMLParser":
        for option in node.keywords:
            if isinstance(option.value, ast.Constant) and isinstance(option.value.value, bool):
                yield (
                    f"{option.arg}={option.value.value}",
                    partial(setattr, option, "value", ast.Constant(not option.value.value)),
                    lambda name, option=option: setattr(option, "value", _reported(name, option.value)),
                )


def _tried(node: ast.expr, put: Put, name: ast.expr) -> None:
    """`node` refuses when it raises."""
    nothing = ast.arguments([], [], None, [], [], None, [])
    put(ast.Call(ast.Name(TRIED, ast.Load()), [name, ast.Lambda(nothing, node)], []))


def _reported(name: ast.expr, *told: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(MET, ast.Load()), [name, *told], [])


def _only_does(called: ast.expr) -> bool:
    """Whether a call writes a line in the log, or part of a message, or what follows when all is well."""
    written = ast.unparse(called)
    return written.startswith("log.") or written.rpartition(".")[2] in {"sign", "put", "close", "connect"}


def _is_no(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _is_empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) and not value.keys


def _unreachable(statement: ast.Raise) -> bool:
    return statement.exc is None or ast.unparse(statement.exc).startswith("AssertionError(")

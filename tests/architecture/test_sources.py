"""What holds for every module, besides the import contracts that `make check` proves."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import CHECKOUT, PACKAGES, Module, modules

MODULES = modules()
MAX_FILE, MAX_FUNCTION = 400, 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
PARSERS = {"fromstring", "fromstringlist", "parse", "iterparse", "XML", "XMLID", "XMLDTDID", "HTML"}
# The last is a program of its own: it leaves with a bundle of evidence.
MAY_PARSE = re.compile(r"broker/saml/(document|schema)\.py|sp_demo/.*|broker/simulator/audit/bundle_verifier\.py")
OTHER_PARSERS = re.compile(r"xml\.(etree|dom|parsers|sax(?!\.saxutils))|lxml\.(html|objectify|sax)|defusedxml")
# Schemas of our own, and what is looked for in the octets of a document.
MARKUP_OF_OWN = {"broker/saml/schema.py", "broker/saml/document.py"}
MARKUP = re.compile(r"</|/>|<\?|xmlns|<\w+:\w+[ >]")
ROUTE = re.compile(r"(/[\w.-]+|/<(\w+:)?\w+>)+")  # of Flask, with the kinds of its parts
SEARCHES = {"find", "findall", "findtext", "iterfind", "xpath", "XPath", "ETXPath"}


def test_the_modules_of_every_package_are_looked_at() -> None:
    assert {module.path.partition("/")[0] for module in MODULES} == set(PACKAGES)
    assert any(call for module in MODULES for call in module.calls() if _name(call) in PARSERS)
    assert any(call for module in MODULES for call in module.calls() if _name(call) in SEARCHES)


def test_no_assert_statements_because_python_O_removes_them() -> None:
    assert [
        f"{module.path}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ] == []


def test_every_module_loads_under_python_O_and_prints_nothing() -> None:
    names = [
        module.path.removesuffix(".py").replace("/", ".") for module in MODULES if "/migrations/" not in module.path
    ]
    program = f"import importlib; [importlib.import_module(name) for name in {names!r}]"
    command = [sys.executable, "-O", "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_names_say_what_a_module_is_about() -> None:
    assert [module.path for module in MODULES if VAGUE & set(re.split(r"[/.]", module.path))] == []


def test_packages_begin_with_a_paragraph() -> None:
    assert [
        module.path for module in MODULES if module.path.endswith("__init__.py") and not ast.get_docstring(module.tree)
    ] == []


def test_files_and_functions_stay_small() -> None:
    """Not a target: what is near the limit has started to do a second thing."""
    long = []
    for module in MODULES:
        lines = len((CHECKOUT / module.path).read_text(encoding="utf-8").splitlines())
        long += [f"{module.path}: {lines} lines"] if lines > MAX_FILE else []
        if "/migrations/" not in module.path:
            long += [f"{module.path}: {name} has {length} lines" for name, length in _long_functions(module)]
    assert long == []


def test_bytes_become_xml_in_one_place_of_each_party() -> None:
    """What has not gone through a strict reader is never a tree."""
    elsewhere = [module for module in MODULES if not MAY_PARSE.fullmatch(module.path)]
    calls = [
        f"{module.path}:{call.lineno}"
        for module in elsewhere
        for call in module.calls()
        if _name(call) in PARSERS and _owner(call) == "etree"
    ]
    by_name = [
        f"{module.path}: {name}"
        for module in elsewhere
        for name in module.imports()
        if name.startswith("lxml.etree.") and name.rpartition(".")[2] in PARSERS
    ]
    assert calls + by_name == []


def test_no_other_parser_of_xml_is_loaded() -> None:
    """Pages are no messages: what logs in without a browser reads them as a browser does."""
    messages = [module for module in MODULES if not module.path.startswith("broker/headless/")]
    assert [
        f"{module.path}: {name}" for module in messages for name in module.imports() if OTHER_PARSERS.match(name)
    ] == []


def test_OUT_01_no_message_is_put_together_from_text() -> None:
    """Where text is only text, no value can become markup. The demo service provider is another party."""
    found = []
    for module in MODULES:
        if not module.path.startswith("sp_demo/") and module.path not in MARKUP_OF_OWN:
            told = {id(node.body[0].value) for node in ast.walk(module.tree) if _has_docstring(node)}
            texts = (node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and id(node) not in told)
            marked = (node for node in texts if MARKUP.search(str(node.value)))
            found += [f"{module.path}:{node.lineno}" for node in marked if not ROUTE.fullmatch(str(node.value))]
    assert found == []


def test_OUT_02_nothing_is_drawn_from_a_generator_that_can_be_guessed() -> None:
    used = [f"{module.path}: {name}" for module in MODULES for name in module.imports()]
    assert [item for item in used if re.search(r": random\b", item)] == []


def test_messages_are_read_by_path_not_by_search() -> None:
    """`//` finds elements wherever somebody moved them."""
    assert [
        f"{module.path}:{call.lineno}"
        for module in MODULES
        if module.path.startswith("broker/saml/")
        for call in module.calls()
        if _name(call) in SEARCHES and call.args and _says(call.args[0], "//")
    ] == []


@pytest.mark.parametrize(("library", "home"), [("sqlalchemy", "broker/store/"), ("saml2", "sp_demo/")])
def test_a_library_has_one_home(library: str, home: str) -> None:
    users = {module.path for module in MODULES for name in module.imports() if name.partition(".")[0] == library}
    assert users
    assert {path for path in users if not path.startswith(home)} == set()


def _long_functions(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                yield node.name, length


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _owner(call: ast.Call) -> str:
    return getattr(call.func.value, "id", "") if isinstance(call.func, ast.Attribute) else ""


def _says(node: ast.AST, text: str) -> bool:
    strings = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return any(text in string for string in strings)

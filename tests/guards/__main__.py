"""`python -m tests.guards [search] [options of pytest]`: see the package."""

import sys

import pytest

from tests.guards import plugin, search

# Where tests of the receiver are; `search` may choose from these.
FOLDERS = (
    "tests/core/test_login.py",
    "tests/saml",
    "tests/rules",
    "tests/simulator",
    "tests/flow",
    "tests/store",
    "tests/desk",
)


def main(arguments: list[str]) -> int:
    """The exit status of the run."""
    searching = arguments[:1] == ["search"]
    files = FOLDERS if searching else sorted({name.partition("::")[0] for name in plugin.named_tests().values()})
    if searching:
        options = ["--numprocesses", "0", "-p", "no:randomly", *arguments[1:]]
        return int(pytest.main([*options, *files], plugins=[search.Search()]))
    return int(pytest.main(["--numprocesses", "2", "--guards", "only", *arguments, *files]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What `make test` says on a machine that does not have what the tests need."""

import subprocess
import sys

from tests.architecture.sources import CHECKOUT


def test_each_missing_program_is_one_line_with_what_to_do() -> None:
    """Without programs on PATH nothing can be installed either."""
    command = [sys.executable, "-m", "tests.prepare"]
    done = subprocess.run(command, cwd=CHECKOUT, env={"PATH": ""}, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert "make test: no 'chromium' on PATH; for example: apt-get install chromium" in lines
    assert "make test: no 'xmlsec1' on PATH; for example: apt-get install xmlsec1" in lines
    assert "make test: no 'php' on PATH; for example: apt-get install php-cli" in lines
    assert "make test: PHP without its extension 'soap'; for example: apt-get install php-soap" in lines
    assert "make test: no 'node' on PATH; for example: apt-get install nodejs" in lines
    assert {line.partition(":")[0] for line in lines} == {"make test"}

"""What `make test` needs and Python packages cannot bring: Chromium, and xmlsec1 as an independent witness.

Installs Debian's packages where that is allowed (as root, with apt-get); otherwise says in one line what is missing.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = ("chromium", "xmlsec1")


def missing() -> list[str]:
    """The programs that are not on PATH; Debian's packages have the same names."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def main() -> int:
    """Exit status 0 when every program is there."""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing())} for the tests ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", *missing()], check=False, **quiet)
    for program in missing():
        print(f"make test: no '{program}' on PATH; for example: apt-get install {program}", file=sys.stderr)
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())

"""What `make test` needs and Python packages cannot bring: a Chromium on PATH.

Installs Debian's package where that is allowed (as root, with apt-get); otherwise says in one line what is missing.
"""

import os
import shutil
import subprocess
import sys


def main() -> int:
    """Exit status 0 when Chromium is there."""
    if shutil.which("chromium"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium for the browser tests ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)
    if shutil.which("chromium"):
        return 0
    print("make test: no 'chromium' on PATH; install it, for example: apt-get install chromium", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

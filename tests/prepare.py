"""What `make test` needs and Python packages cannot bring: programs, and the service providers that others wrote.

Installs Debian's packages where that is allowed (as root, with apt-get), and unpacks or installs below `tests/interop`
what need not be on the machine itself. Otherwise says in one line what is missing. What is there already costs nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

INTEROP = Path(__file__).parent / "interop"
SIMPLESAMLPHP = INTEROP / "simplesamlphp" / "unpacked"
NODE_SAML = INTEROP / "node_saml"
APACHE_MODULES = Path("/usr/lib/apache2/modules")
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])  # where Debian has its servers


@dataclass(frozen=True)
class Needed:
    """Something that must be there, whether it is, and Debian's package with it."""

    what: str
    there: Callable[[], bool]
    package: str


def program(name: str, package: str) -> Needed:
    """A program on PATH."""
    return Needed(f"no '{name}' on PATH", lambda: shutil.which(name, path=PATH) is not None, package)


def extension(name: str, package: str) -> Needed:
    """An extension of PHP."""

    def there() -> bool:
        listed = (
            subprocess.run(["php", "-m"], capture_output=True, text=True, check=False) if shutil.which("php") else None
        )
        return listed is not None and name in listed.stdout.split()

    return Needed(f"PHP without its extension '{name}'", there, package)


def module(name: str, package: str) -> Needed:
    """A module of Apache httpd."""
    return Needed(f"no Apache module '{name}'", (APACHE_MODULES / f"{name}.so").exists, package)


NEEDED = (
    program("chromium", "chromium"),
    program("xmlsec1", "xmlsec1"),
    program("apache2", "apache2-bin"),
    module("mod_auth_mellon", "libapache2-mod-auth-mellon"),
    program("php", "php-cli"),
    extension("dom", "php-xml"),
    extension("soap", "php-soap"),
    program("node", "nodejs"),
    program("npm", "npm"),
)


def quietly(*command: str | Path, folder: Path | None = None) -> bool:
    """Run `command`, which says nothing but what went wrong; whether it succeeded."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def missing() -> list[Needed]:
    """What is not there."""
    return [needed for needed in NEEDED if not needed.there()]


def install() -> None:
    """Debian's packages for all that is missing; only the programs, so no server that Debian would start."""
    packages = [needed.package for needed in missing()]
    print(f"Installing {', '.join(packages)} for the tests ...", flush=True)
    quietly("apt-get", "update", "-qq")
    quietly("apt-get", "install", "-y", "-qq", "-o", "DPkg::Lock::Timeout=120", "--no-install-recommends", *packages)


def unpack_simplesamlphp() -> str | None:
    """Unpack Debian's package, which wants a web server on the machine that no test needs; what is wrong, or None."""
    half = SIMPLESAMLPHP.with_name("unpacked.part")
    if not SIMPLESAMLPHP.exists() and shutil.which("apt-get"):
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        sandboxed = ("-o", "APT::Sandbox::User=root") if os.geteuid() == 0 else ()  # or it warns of the folder
        download = ("apt-get", *sandboxed, "download", "-qq", "simplesamlphp")
        if not quietly(*download, folder=half) and os.geteuid() == 0:
            quietly("apt-get", "update", "-qq")
            quietly(*download, folder=half)
        for package in half.glob("*.deb"):
            if quietly("dpkg-deb", "--extract", package, half):
                half.rename(SIMPLESAMLPHP)
    if SIMPLESAMLPHP.exists():
        return None
    return f"no SimpleSAMLphp in {SIMPLESAMLPHP}; unpack Debian's package 'simplesamlphp' there"


def install_node_saml() -> str | None:
    """The pinned npm packages; what is wrong, or None."""
    lock, done = NODE_SAML / "package-lock.json", NODE_SAML / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return None
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    if shutil.which("npm") and quietly("npm", "ci", *options, folder=NODE_SAML):
        done.touch()
        return None
    return f"no npm packages in {NODE_SAML}; for example: npm ci"


def complaints() -> Iterator[str]:
    """What is still wrong, a line each."""
    for needed in missing():
        yield f"{needed.what}; for example: apt-get install {needed.package}"
    for wrong in (unpack_simplesamlphp(), install_node_saml()):
        if wrong:
            yield wrong


def main() -> int:
    """Exit status 0 when everything is there."""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        install()
    found = list(complaints())
    for complaint in found:
        print(f"make test: {complaint}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

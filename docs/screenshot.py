"""The picture in README.md, taken from a running `make demo`: `.venv/bin/python docs/screenshot.py`.

Another address of the demo service provider may be given: `docs/screenshot.py http://127.0.0.1:9082`.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "images" / "on-whose-behalf.png"
SIZE = {"width": 900, "height": 1054}


def take(demo: str) -> None:
    """Log in as the accountant, as far as the choice of a client."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page(locale="nl", viewport=SIZE)
        page.goto(f"{demo}/login/gemeente?service=9001")
        page.get_by_role("button", name="Log in met EH3 als Fleur Voorbeeld").click()
        page.get_by_label("Bakkerij De Lachende Maan").check()
        page.screenshot(path=PICTURE)
        chromium.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8082")

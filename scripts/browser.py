"""The Chromium or Chrome that the browser tests drive: found here, or installed once.

`python scripts/browser.py` prints its path. CHROMIUM names one to use.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NONE_HERE = (
    "The browser tests need Chromium or Chrome; none was found and none could be installed. "
    "Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium; else: "
    ".venv/bin/python -m playwright install --with-deps chromium), "
    "or name one: make test CHROMIUM=/path/to/chromium."
)


def found() -> str | None:
    """The path of a browser on this machine; Playwright's own comes last."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            sys.exit(f"CHROMIUM names {named}, which is no program: correct the path or unset it.")
        return path
    paths = [*map(shutil.which, COMMANDS), *filter(os.path.exists, MACOS_APPS), _playwright_own()]
    return next(filter(None, paths), None)


def _playwright_own() -> str | None:
    """Playwright's browser where it is installed, asked in a process of its own."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


def install() -> None:
    """Debian's package where that is possible, else Playwright's own browser."""
    release = Path("/etc/os-release")
    debian = release.exists() and "ID=debian" in release.read_text().splitlines()
    if debian and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        commands = (
            [*apt, "update"],
            [*apt, "install", "-y", "--no-install-recommends", "chromium"],
        )
    else:
        quiet = None
        commands = ([sys.executable, "-m", "playwright", "install", "chromium"],)
    for command in commands:
        subprocess.run(command, stdout=sys.stderr, env=quiet, check=False)


def main() -> None:
    if not found():
        sys.stderr.write("Installing a Chromium for the browser tests (once).\n")
        install()
    sys.stdout.write((found() or sys.exit(NONE_HERE)) + "\n")


if __name__ == "__main__":
    main()

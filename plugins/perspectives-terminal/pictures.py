"""Photographs the command in a real terminal, light and dark, for the README: `python pictures.py FOLDER`.

Needs the Debian packages xterm, xvfb, imagemagick and fonts-dejavu-core.
"""

# ruff: noqa: S603, S607 - it runs what the sentence above names

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import perspectives as p

ROOT = Path(__file__).parents[2]
SEED = "examples/kim-putin.txt"
COMMAND = f"perspectives render {SEED}"
SIZES = {"narrow": 60, "wide": 150}
# Background, text and bright red of Tango, the palette of many desktops.
PALETTES = {"": ("#ffffff", "#2e3436", "#ef2929"), "-dark": ("#1e1e1e", "#d3d7cf", "#ef2929")}


@contextmanager
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    ours, theirs = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x2000x24", "-dpi", "96"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield f":{os.read(ours, 16).decode().strip()}"
        finally:
            server.terminate()


def photograph(screen: str, columns: int, palette: tuple[str, str, str], file: Path) -> None:
    """A terminal, with the command and all that it prints to stdout."""
    background, text, red = palette
    lines = str(p.render(p.load(ROOT / SEED), "terminal", width=columns)).count("\n") + 3
    environment = {"DISPLAY": screen, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        done = Path(folder, "done")
        script = f"printf '\\033[?25l$ %s\\n\\n' '{COMMAND}'; {COMMAND} 2>/dev/null; touch {done}; sleep 60"
        xterm = [
            *("xterm", "-geometry", f"{columns}x{lines}+0+0", "-fa", "DejaVu Sans Mono", "-fs", "10", "+sb"),
            *(
                "-bg",
                background,
                "-fg",
                text,
                "-xrm",
                f"*color9: {red}",
                "-b",
                "16",
                "-bw",
                "0",
                "-e",
                "sh",
                "-c",
                script,
            ),
        ]
        with subprocess.Popen(xterm, cwd=ROOT, env=environment) as terminal:
            try:
                while not done.exists() and terminal.poll() is None:
                    time.sleep(0.2)
                time.sleep(1)  # until it is drawn
                whole = subprocess.run(
                    ["import", "-window", "root", "png:-"], env=environment, check=True, stdout=subprocess.PIPE
                )
                # Behind the terminal the screen is black.
                trim = ["-bordercolor", "black", "-border", "1", "-trim", "+repage", "-strip", "-colors", "64"]
                subprocess.run(["convert", "png:-", *trim, f"png8:{file}"], input=whole.stdout, check=True)
            finally:
                terminal.terminate()


def main(folder: Path) -> None:
    """Every size in every palette."""
    with display() as screen:
        for size, columns in SIZES.items():
            for name, palette in PALETTES.items():
                photograph(screen, columns, palette, folder / f"terminal-{size}{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

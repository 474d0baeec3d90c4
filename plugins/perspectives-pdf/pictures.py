"""Takes the pictures of the README anew: `python pictures.py`, which asks pdftoppm, Pillow and `docs/gallery.py`."""

import io
import subprocess
import sys
import warnings
from pathlib import Path

from PIL import Image

import perspectives as p

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "_static" / "gallery"


def take(brief: p.Brief, name: str, number: int = 1) -> None:
    """A sheet in as few bytes as greys need."""
    command = ["pdftoppm", "-r", "110", "-f", str(number), "-l", str(number), "-png", "-"]
    data = bytes(p.render(brief, "pdf"))
    sheet = Image.open(io.BytesIO(subprocess.run(command, input=data, capture_output=True, check=True).stdout))  # noqa: S603
    sheet.convert("L").quantize(16).save(PICTURES / f"pdf-{name}-{number}.png", optimize=True)


def main() -> None:
    """Take them all."""
    sys.path.insert(0, str(ROOT / "docs"))
    from gallery import briefs

    warnings.simplefilter("ignore", p.LoadWarning)
    shown = briefs()
    take(p.load(ROOT / "examples" / "kim-putin.txt"), "seed")
    take(shown["latin-thirty"], "thirty")
    take(shown["arabic-one"], "arabic")
    take(shown["japanese-one"], "japanese")


if __name__ == "__main__":
    main()

"""Takes the pictures of the README anew: `python plugins/perspectives-epub/pictures.py`, in the root of a checkout.

It asks chromium, in which the reader epub.js runs (npm), and Pillow. All stories are our own.
"""

import datetime as dt
import json
import runpy
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import attrs
from PIL import Image

import perspectives as p

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = ROOT / "docs" / "_static" / "gallery"
JUDGES = HERE / "tests" / "judges"
BETWEEN = 24
"""Pixels between two screens."""
SECTIONS = {
    "City": ["Harbour council votes", "Library lends", "Two schools", "Night buses", "A theatre", "Old tram"],
    "Water": ["Ferry to sail", "The lighthouse", "Rain fills"],
    "Work": ["The market", "Rents rise"],
}
"""Section -> how the headlines of its stories begin."""
SCREENS = {
    "epub-cover": [("edition", "title.xhtml", 0, False), ("edition", "nav.xhtml", 0, False)],
    "epub-story": [("latin-one", "story-1.xhtml", turn, False) for turn in range(3)],
    "epub-night": [("latin-one", "story-1.xhtml", turn, True) for turn in range(3)],
    "epub-arabic": [("arabic-one", "title.xhtml", 0, False)]
    + [("arabic-one", "story-1.xhtml", turn, False) for turn in range(2)],
    "epub-japanese": [("japanese-one", "title.xhtml", 0, False)]
    + [("japanese-one", "story-1.xhtml", turn, False) for turn in range(2)],
}
"""Picture -> screens of a phone from left to right: book, file in it, how often the page is turned, night."""


def edition(stories: Sequence[p.Story]) -> p.Brief:
    """An evening's stories, each once and in a section of its own kind; the gallery tells them again and again."""
    told = [
        next(attrs.evolve(story, section=section) for story in stories if story.headline.startswith(beginning))
        for section, beginnings in SECTIONS.items()
        for beginning in beginnings
    ]
    intro = "Eleven stories from Port Ellery, each as those tell it who do not agree."
    return p.Brief(title="Evening brief", date=dt.date(2026, 1, 14), intro=intro, language="en", stories=told)


def main() -> None:
    """Every picture, each under 250 KB."""
    briefs = runpy.run_path(str(ROOT / "docs" / "gallery.py"))["briefs"]()
    briefs["edition"] = edition(briefs["latin-thirty"].stories)
    with tempfile.TemporaryDirectory() as folder:
        shots = []
        for name, screens in SCREENS.items():
            for number, (brief, page, turns, night) in enumerate(screens):
                book = Path(folder) / f"{brief}.epub"
                p.write(briefs[brief], book, dates="long")
                file = f"{folder}/{name}-{number}.png"
                shots.append({"book": str(book), "page": page, "turns": turns, "night": night, "file": file})
        question = json.dumps({"browser": shutil.which("chromium"), "shots": shots})
        command = ["node", str(JUDGES / "reader.js")]
        subprocess.run(command, input=question, text=True, check=True)  # noqa: S603 - a program of our own
        for name, screens in SCREENS.items():
            side_by_side([Image.open(f"{folder}/{name}-{number}.png") for number in range(len(screens))], name)


def side_by_side(screens: list[Image.Image], name: str) -> None:
    """One picture of several screens."""
    width, height = screens[0].size
    size = (len(screens) * (width + BETWEEN) + BETWEEN, height + 2 * BETWEEN)
    picture = Image.new("RGB", size, "#b9b9b9")
    for number, screen in enumerate(screens):
        picture.paste(screen, (BETWEEN + number * (width + BETWEEN), BETWEEN))
    picture.quantize(64, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

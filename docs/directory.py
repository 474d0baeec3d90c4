"""The directory of the plugins, made from `plugins/*`: its table, a page for each with its README, and their pictures.

Nothing is imported: a table must not need what the plugins need.
"""

import re
import tomllib
from pathlib import Path

DOCS = Path(__file__).parent
PLUGINS = sorted(path.parent for path in DOCS.parent.glob("plugins/*/pyproject.toml"))
VERBS = {"writes": "renderers", "reads": "loaders"}
GALLERY = DOCS / "_static" / "gallery"
PAGE = """\
<!-- made of the README by `python docs/tables.py` -->

```{{include}} ../../plugins/{name}/README.md
```
"""


def formats(plugin: Path, kind: str) -> list[str]:
    """The formats that a distribution has renderers or loaders for."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))["project"]
    return sorted(project["entry-points"].get(f"perspectives.{kind}", ()))


def row(plugin: Path) -> tuple[str, ...]:
    """What a distribution is for, in the first sentence of its README, and what it writes and reads."""
    purpose = (plugin / "README.md").read_text("utf-8").partition("\n\n")[2].partition("\n\n")[0]
    verbs: dict[str, list[str]] = {}
    for name in sorted({*formats(plugin, "renderers"), *formats(plugin, "loaders")}):
        does = [verb for verb, kind in VERBS.items() if name in formats(plugin, kind)]
        verbs.setdefault(" and ".join(does), []).append(f"`{name}`")
    return (
        f"[{plugin.name}]({plugin.name}.md)",
        purpose,
        "; ".join(f"{verb} {', '.join(names)}" for verb, names in verbs.items()),
    )


def pages() -> dict[Path, str]:
    """The page of each distribution."""
    return {DOCS / "plugins" / f"{plugin.name}.md": PAGE.format(name=plugin.name) for plugin in PLUGINS}


def pictures() -> str:
    """The pictures that are named after a format of a plugin, with the texts and in the order of its README."""
    shown = []
    for plugin in PLUGINS:
        alts = re.findall(r"!\[([^]]+)\]\(\S*/([^/)]+)\)", (plugin / "README.md").read_text("utf-8"))
        said = {name: alt for alt, name in alts}
        files = [file.name for name in formats(plugin, "renderers") for file in GALLERY.glob(f"{name}-*.png")]
        if files:
            shown.append(f"### [{plugin.name}](plugins/{plugin.name}.md)")
            names = [*(name for name in said if name in files), *sorted(set(files) - said.keys())]
            alt = {name: name.removesuffix(".png").replace("-", ", ") for name in names} | said
            shown.append("\n".join(f"![{alt[name]}](_static/gallery/{name})" for name in names))
    return "\n\n".join(shown)

"""The directory of the plugins, made from `plugins/*`: its table, a page for each with its README, and their pictures.

Nothing is imported: a table must not need what the plugins need.
"""

import ast
import re
import tomllib
from pathlib import Path

DOCS = Path(__file__).parent
PLUGINS = sorted(path.parent for path in DOCS.parent.glob("plugins/*/pyproject.toml"))
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
    """What a distribution is for, what it writes and reads, and what it needs besides our own."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))["project"]
    needs = re.findall(r"^(?!perspectives-briefs)[\w-]+", "\n".join(project["dependencies"]), re.MULTILINE)
    purpose = (plugin / "README.md").read_text("utf-8").partition("\n\n")[2].partition("\n\n")[0]
    cells = [formats(plugin, "renderers"), formats(plugin, "loaders"), extensions(plugin), needs]
    return f"[{plugin.name}]({plugin.name}.md)", purpose, *(", ".join(f"`{word}`" for word in cell) for cell in cells)


def extensions(plugin: Path) -> list[str]:
    """The extensions of a distribution's formats, as its `RendererInfo` and `LoaderInfo` say them."""
    calls = [
        node
        for path in plugin.glob("src/**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("RendererInfo", "LoaderInfo"))
    ]
    said = [word.value for call in calls for word in call.keywords if word.arg == "extensions"]
    return sorted({extension for value in said for extension in ast.literal_eval(value)})


def pages() -> dict[Path, str]:
    """The page of each distribution."""
    return {DOCS / "plugins" / f"{plugin.name}.md": PAGE.format(name=plugin.name) for plugin in PLUGINS}


def pictures() -> str:
    """The pictures that are named after a format of a plugin, with the texts that its README has for them."""
    shown = []
    for plugin in PLUGINS:
        alts = re.findall(r"!\[([^]]+)\]\(\S*/([^/)]+)\)", (plugin / "README.md").read_text("utf-8"))
        said = {name: alt for alt, name in alts}
        files = [file.name for name in formats(plugin, "renderers") for file in GALLERY.glob(f"{name}-*.png")]
        if files:
            shown.append(f"### [{plugin.name}](plugins/{plugin.name}.md)")
        for name in sorted(files):
            alt = said.get(name, name.removesuffix(".png").replace("-", ", "))
            shown.append(f"![{alt}](_static/gallery/{name})")
    return "\n\n".join(shown)

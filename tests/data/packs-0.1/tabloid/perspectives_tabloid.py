"""A pack with rules of its own behind ours: a method of an object."""

from pathlib import Path

from perspectives.plugin import TemplatePack, templates


class Tabloid:
    """The plugin that the entry point names."""

    @templates
    def packs(self) -> list[TemplatePack]:
        """The one pack."""
        folder = Path(__file__).with_name("perspectives_tabloid_templates")
        return [TemplatePack(name="tabloid", summary="Loud headlines", folder=folder)]


plugin = Tabloid()

"""A pack with a page and a mail: pluggy's own marker, found by the name of the hook."""

from pathlib import Path

import pluggy

from perspectives.plugin import TemplatePack

hookimpl = pluggy.HookimplMarker("perspectives")


@hookimpl
def perspectives_templates() -> list[TemplatePack]:
    """The one pack."""
    folder = Path(__file__).with_name("perspectives_gazette_templates")
    return [TemplatePack(name="gazette", summary="A page and a mail", folder=folder)]

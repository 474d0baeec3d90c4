"""A pack that writes a fragment from the documented variables: a function of a module, marked."""

from collections.abc import Iterable
from pathlib import Path

from perspectives.plugin import TemplatePack, templates


def broadsheet_upper(text: str) -> str:
    """A filter for its templates."""
    return text.upper()


@templates
def the_packs() -> Iterable[TemplatePack]:
    """The one pack, as an iterator."""
    yield TemplatePack(
        name="broadsheet",
        summary="Columns of plain text",
        folder=Path(__file__).with_name("perspectives_broadsheet_templates"),
        filters={"broadsheet_upper": broadsheet_upper},
    )

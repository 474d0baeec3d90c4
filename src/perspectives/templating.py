"""The one environment in which templates run: everything escaped, nothing undefined."""

import functools
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

# A template engine takes longer to start than any other format takes to render.
if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup


@functools.cache
def _environment() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("perspectives.renderers", "templates"),
        # Not select_autoescape, which leaves `page.html.j2` unescaped.
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


class CoreTemplates:
    """The templates that ship with the library, by name."""

    def render(self, name: str, /, **values: object) -> "Markup":
        """The template of this name with the values given; each value is escaped where it stands."""
        from markupsafe import Markup

        return Markup(_environment().get_template(name).render(values))  # noqa: S704 - rendered with autoescape


def render_file(template: Traversable, /, **values: object) -> "Markup":
    """A template that is none of a format's, in the same environment: each value is escaped where it stands."""
    from markupsafe import Markup

    source = template.read_text("utf-8")
    return Markup(_environment().from_string(source).render(values))  # noqa: S704 - rendered with autoescape

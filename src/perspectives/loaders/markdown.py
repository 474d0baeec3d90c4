"""A brief from Markdown: what the renderer writes, and what editors write by hand.

    ---
    title: Morning brief
    date: 2025-08-12
    ---
    # Section
    ## Headline
    Summary
    ### Focusing Facts
    1. Fact[^1]
    ### Perspectives
    #### Label
    e.g., Outlet, Outlet

    Framing

    Critique
    ***
    Call to action
    ***
    Publisher
    [^1]: <https://...> "Title of the source"

`docs/reference/markdown.md` has the grammar. The core has no parser of Markdown, so
these lines are read by a grammar of their own; where it reads a line at all, it
reads it as CommonMark does. Whatever is guessed or left out is a finding, and
no word is lost: each is in the brief, or is quoted by a finding.
"""

import re

from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, NoOptions, loaders

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:[^\n]*\n)*?[A-Za-z_]+:")
_STORY = re.compile(r"^##[ \t]", re.MULTILINE)


class MarkdownLoader:
    """Reads briefs in Markdown."""

    info: LoaderInfo = LoaderInfo(
        name="markdown",
        summary="Markdown, as the renderer writes it and as editors do",
        media_types=("text/markdown",),
        extensions=(".md", ".markdown"),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Likely where front matter or the headline of a story says so."""
        head = input.head.decode("utf-8", "replace")
        return Confidence.LIKELY if _FRONT_MATTER.match(head) or _STORY.search(head) else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `LoadError` or `LimitError` with the lines of what cannot be read."""
        # Who sniffs imports every loader, and the codec takes long to start.
        from perspectives.loaders.markdown_brief import read_brief

        return read_brief(input, tools)


@loaders
def perspectives_loaders() -> list[Loader[NoOptions]]:
    """The Markdown loader."""
    return [MarkdownLoader()]

"""The design tokens: colours and type for the page's stylesheet and the mail's inline styles."""

from attrs import field, frozen


@frozen(kw_only=True)
class Theme:
    """A newspaper's look: near-black ink on warm paper, one deep accent, in light and in dark.

    Colours are six-digit hex, the only form that every mail program reads.
    Accent, ink and muted stand on paper at a contrast of 4.5 or more (WCAG 2.2,
    1.4.3). Font names stand without quotes, which CSS allows, so that a stack
    needs no escaping in a `style` attribute.
    """

    accent: str = field(default="#8a1c1c", metadata={"help": "links, buttons, rules, on light paper"})
    ink: str = field(default="#1c1a17", metadata={"help": "text, on light paper"})
    muted: str = field(default="#5f594f", metadata={"help": "outlets, critique, notes, on light paper"})
    paper: str = field(default="#fdfbf6", metadata={"help": "the light paper"})
    line: str = field(default="#d9d2c3", metadata={"help": "rules, on light paper"})
    accent_dark: str = field(default="#f0a08c", metadata={"help": "links, buttons, rules, on dark paper"})
    ink_dark: str = field(default="#ece7dc", metadata={"help": "text, on dark paper"})
    muted_dark: str = field(default="#b5ad9e", metadata={"help": "outlets, critique, notes, on dark paper"})
    paper_dark: str = field(default="#191714", metadata={"help": "the dark paper"})
    line_dark: str = field(default="#45403a", metadata={"help": "rules, on dark paper"})
    font: str = field(default="Georgia, Times New Roman, Times, serif", metadata={"help": "all prose"})
    font_label: str = field(default="Helvetica, Arial, sans-serif", metadata={"help": "labels, outlets and notes"})


THEME = Theme()
"""The look that ships."""

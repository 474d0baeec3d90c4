"""Multi-perspective news briefs: any source in, one frozen model, any output out.

    import perspectives as p

    brief = p.load("brief.txt")
    page = p.render(brief, "html")

Importing this package loads nothing else; each name brings its module when it
is first used.
"""

# Not typing's: importing typing takes longer than all the rest of this module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from perspectives.api import lint, load, load_lines, load_report, loads, render, stylesheet, write
    from perspectives.attribution import (
        Citation,
        Correction,
        Coverage,
        Generator,
        Outlet,
        Position,
        Provenance,
        Quote,
        Rating,
        RatingScheme,
        Source,
    )
    from perspectives.codec import dumps, from_dict, to_dict
    from perspectives.errors import (
        Fault,
        Finding,
        FormatError,
        LimitError,
        LoadError,
        LoadWarning,
        ModelError,
        OptionsError,
        PerspectivesError,
        PluginError,
        SchemaError,
        WriteError,
    )
    from perspectives.limits import Limits
    from perspectives.model import (
        Block,
        Brief,
        CallToAction,
        Context,
        Fact,
        Image,
        Link,
        Paragraph,
        PerspectiveGroup,
        Publisher,
        Question,
        Story,
        Subject,
        TimelineEvent,
    )
    from perspectives.outlets import OutletDirectory, enrich
    from perspectives.plugin import Rendered
    from perspectives.registry import LoadReport, Registry
    from perspectives.renderers.style import Stylesheet
    from perspectives.reports import (
        BalanceReport,
        CorroborationReport,
        CoverageReport,
        FactCorroboration,
        GroupBalance,
        Share,
        StoryBalance,
        StoryCorroboration,
        balance,
        corroboration,
        coverage,
    )
    from perspectives.schema import json_schema
    from perspectives.wording import Wording
else:
    _HOMES = {
        "attribution": "Citation Correction Coverage Generator Outlet Position Provenance Quote Rating RatingScheme"
        " Source",
        "api": "lint load load_lines load_report loads render stylesheet write",
        "codec": "dumps from_dict to_dict",
        "errors": "Fault Finding FormatError LimitError LoadError LoadWarning ModelError OptionsError"
        " PerspectivesError PluginError SchemaError WriteError",
        "limits": "Limits",
        "model": "Block Brief CallToAction Context Fact Image Link Paragraph PerspectiveGroup Publisher Question"
        " Story Subject TimelineEvent",
        "outlets": "OutletDirectory enrich",
        "plugin": "Rendered",
        "registry": "LoadReport Registry",
        "renderers.style": "Stylesheet",
        "reports": "BalanceReport CorroborationReport CoverageReport FactCorroboration GroupBalance Share StoryBalance"
        " StoryCorroboration balance corroboration coverage",
        "schema": "json_schema",
        "wording": "Wording",
    }

    # Under `else`, or type checkers would take every misspelt name for one that is found here.
    def __getattr__(name):
        for home, names in _HOMES.items():
            if name in names.split():
                import importlib

                value = getattr(importlib.import_module(f"perspectives.{home}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module 'perspectives' has no attribute {name!r}", name=name, obj=__import__(__name__))

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = [
    "BalanceReport",
    "Block",
    "Brief",
    "CallToAction",
    "Citation",
    "Context",
    "Correction",
    "CorroborationReport",
    "Coverage",
    "CoverageReport",
    "Fact",
    "FactCorroboration",
    "Fault",
    "Finding",
    "FormatError",
    "Generator",
    "GroupBalance",
    "Image",
    "LimitError",
    "Limits",
    "Link",
    "LoadError",
    "LoadReport",
    "LoadWarning",
    "ModelError",
    "OptionsError",
    "Outlet",
    "OutletDirectory",
    "Paragraph",
    "PerspectiveGroup",
    "PerspectivesError",
    "PluginError",
    "Position",
    "Provenance",
    "Publisher",
    "Question",
    "Quote",
    "Rating",
    "RatingScheme",
    "Registry",
    "Rendered",
    "SchemaError",
    "Share",
    "Source",
    "Story",
    "StoryBalance",
    "StoryCorroboration",
    "Stylesheet",
    "Subject",
    "TimelineEvent",
    "Wording",
    "WriteError",
    "balance",
    "corroboration",
    "coverage",
    "dumps",
    "enrich",
    "from_dict",
    "json_schema",
    "lint",
    "load",
    "load_lines",
    "load_report",
    "loads",
    "render",
    "stylesheet",
    "to_dict",
    "write",
]

"""The words that stand around the texts of a brief: labels and headings, in one language."""

from typing import Literal

from attrs import field, frozen

from perspectives.fields import LANGUAGE, TEXT, choice, optional


@frozen(kw_only=True)
class Wording:
    """The words that renderers print around the story's own.

    A word left at its default is taken from the catalogue of the language, so
    a brief overrides only those it wants otherwise. "Framing" and "critique"
    are not among them: readers see the texts, not our names for them.
    """

    language: str | None = field(
        default=None, validator=optional(LANGUAGE), metadata={"help": "which catalogue; None = the brief's language"}
    )
    direction: Literal["ltr", "rtl"] | None = field(
        default=None,
        validator=optional(choice("ltr", "rtl")),
        metadata={"help": "which way the texts are written; None = as their language is"},
    )
    facts: str = field(default="Focusing Facts", validator=TEXT, metadata={"help": "heading over the facts"})
    context: str = field(default="Context", validator=TEXT, metadata={"help": "heading over the context"})
    perspectives: str = field(default="Perspectives", validator=TEXT, metadata={"help": "heading over the groups"})
    for_example: str = field(default="e.g.,", validator=TEXT, metadata={"help": "before outlets that are some of many"})
    outlets: str = field(default="Outlets:", validator=TEXT, metadata={"help": "before outlets that are all"})
    comma: str = field(default=",", validator=TEXT, metadata={"help": "between the names of outlets"})
    open_quote: str = field(default="“", validator=TEXT, metadata={"help": "before somebody's very words"})
    close_quote: str = field(default="”", validator=TEXT, metadata={"help": "behind somebody's very words"})
    go_deeper: str = field(default="Go Deeper", validator=TEXT, metadata={"help": "heading over the links"})
    read_on: str = field(
        default="Read the whole story", validator=TEXT, metadata={"help": "link of a teaser in a mail that is too long"}
    )
    sources: str = field(default="Sources", validator=TEXT, metadata={"help": "heading over the sources"})
    common_knowledge: str = field(
        default="Common knowledge", validator=TEXT, metadata={"help": "for a citation that needs no source"}
    )
    unsubscribe: str = field(
        default="Unsubscribe", validator=TEXT, metadata={"help": "link by which one leaves the list of a mail"}
    )
    archived: str = field(default="Archived copy", validator=TEXT, metadata={"help": "link to a copy that stays"})
    confirmed: str = field(default="Confirmed", validator=TEXT, metadata={"help": "before a confirmed fact"})
    disputed: str = field(default="Disputed", validator=TEXT, metadata={"help": "before a disputed fact"})
    retracted: str = field(default="Retracted", validator=TEXT, metadata={"help": "before a retracted fact"})
    place: str = field(default="Place", validator=TEXT, metadata={"help": "before where it happened"})
    published: str = field(default="Published", validator=TEXT, metadata={"help": "before the time of publication"})
    updated: str = field(default="Updated", validator=TEXT, metadata={"help": "before the time of the last change"})
    contents: str = field(default="In this brief", validator=TEXT, metadata={"help": "over the links to the stories"})
    images: str = field(default="Images", validator=TEXT, metadata={"help": "heading over the images"})
    image: str = field(default="Image", validator=TEXT, metadata={"help": "link to an image without alternative text"})
    credit: str = field(default="Credit", validator=TEXT, metadata={"help": "before who made an image"})
    quotes: str = field(default="Quotes", validator=TEXT, metadata={"help": "heading over the quotes"})
    timeline: str = field(default="Timeline", validator=TEXT, metadata={"help": "heading over the timeline"})
    questions: str = field(default="Questions", validator=TEXT, metadata={"help": "heading over the questions"})
    blocks: str = field(default="More on this story", validator=TEXT, metadata={"help": "heading over the blocks"})
    subjects: str = field(default="Topics", validator=TEXT, metadata={"help": "heading over the subjects"})
    corrections: str = field(default="Corrections", validator=TEXT, metadata={"help": "heading over the corrections"})
    provenance: str = field(
        default="How this was made", validator=TEXT, metadata={"help": "heading over who and what made the text"}
    )
    generator: str = field(
        default="Software", validator=TEXT, metadata={"help": "before the software that had a part in it"}
    )
    reviewed_by: str = field(
        default="Reviewed by", validator=TEXT, metadata={"help": "before the people who checked it"}
    )
    unreviewed: str = field(
        default="Written by software, not reviewed by a person",
        validator=TEXT,
        metadata={"help": "beside a critique of which that is true"},
    )
    created: str = field(default="Created", validator=TEXT, metadata={"help": "before when it was made"})
    digital_source_type: str = field(
        default="Digital source type", validator=TEXT, metadata={"help": "before the IPTC code"}
    )
    articles_read: str = field(default="Articles read", validator=TEXT, metadata={"help": "before their number"})
    outlets_read: str = field(default="Outlets read", validator=TEXT, metadata={"help": "before their number"})
    window: str = field(
        default="Period", validator=TEXT, metadata={"help": "before the span of time that was looked at"}
    )
    accessed: str = field(default="Accessed", validator=TEXT, metadata={"help": "before the day a source was read"})
    paywalled: str = field(default="Paywalled", validator=TEXT, metadata={"help": "for a source that costs money"})
    about_outlets: str = field(
        default="About the outlets", validator=TEXT, metadata={"help": "heading over what is known of them"}
    )
    owner: str = field(default="Owner", validator=TEXT, metadata={"help": "before who owns an outlet"})
    country: str = field(default="Country", validator=TEXT, metadata={"help": "before the code of an outlet's country"})
    schemes: str = field(
        default="Rating scales", validator=TEXT, metadata={"help": "heading over the scales of the ratings"}
    )
    position: str = field(
        default="Position", validator=TEXT, metadata={"help": "before where a group stands on a scale"}
    )
    confidence: str = field(default="Confidence", validator=TEXT, metadata={"help": "before how sure a rater is"})
    words: str = field(default="Words", validator=TEXT, metadata={"help": "count of a group in a chart"})
    outlet_count: str = field(default="Outlets", validator=TEXT, metadata={"help": "count of a group in a chart"})
    citation_count: str = field(default="Citations", validator=TEXT, metadata={"help": "count of a group in a chart"})
    unrated: str = field(default="Not rated", validator=TEXT, metadata={"help": "share of outlets without a rating"})
    contested: str = field(
        default="Rated differently", validator=TEXT, metadata={"help": "share of outlets that raters disagree on"}
    )

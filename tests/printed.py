"""Which texts of a brief readers must find in every format, taken from the model's own fields."""

import attrs

# Data, not words for readers: identity, addresses, kinds and sizes. Links are tested by their own tests.
NOT_PRINTED = {
    "id", "url", "uri", "href", "homepage", "archived_url", "language", "languages", "rel", "kind", "status", "source",
    "translation_of", "aliases", "domains", "extra", "wording", "scheme", "width", "height",
}  # fmt: skip


def printed_texts(value):
    """Every text and number of a brief that is made to be read, in no particular order."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, tuple):
        return [text for item in value for text in printed_texts(item)]
    if not attrs.has(type(value)):
        return []
    fields = [field.name for field in attrs.fields(type(value)) if field.name not in NOT_PRINTED]
    return [text for name in fields for text in printed_texts(getattr(value, name))]


def missing(brief, shown):
    """The texts of a brief that are not in any of the texts shown."""
    everything = "\0".join(shown)
    return [text for text in printed_texts(brief) if text not in everything]

"""What both a brief and its stories have: images, and how a text was made."""

from perspectives.loaders.html_document import Mark
from perspectives.loaders.html_texts import Data, Texts, present


def read_image(texts: Texts, mark: Mark) -> Data | None:
    """An image with its caption and credit; None where no image is, and what stands there is told."""
    picture = mark.first("img")
    address = picture.attribute("src") if picture else None
    url = texts.url(address, mark, picture.attribute("alt") if picture else "") if address else None
    if picture is None or url is None:
        words = " ".join(text for text in (picture.attribute("alt") if picture else "", mark.text()) if text)
        texts.leave_out(mark, "its image has no address", words)
        return None
    values: Data = {"url": url, "alt": picture.attribute("alt") or ""}
    for name in ("width", "height"):
        if (size := picture.attribute(name)) is not None:
            values[name] = texts.count(size, mark)
    for name, part in mark.within(("caption", "credit")):
        texts.once(values, name, part, texts.take)
    return present(values) | {"alt": values["alt"]}


def read_provenance(texts: Texts, mark: Mark) -> Data | None:
    """How a text was made."""
    values: Data = {}
    coverage: Data = {}
    counts = {"articles": "articles", "outlets-read": "outlets"}
    names = ("generator", "digital-source-type", "reviewed-by", "created", *counts, "window")
    for name, part in mark.within(names):
        if name == "generator":
            texts.also(values, "generator", _generator(texts, part))
        elif name == "reviewed-by":
            texts.also(values, "reviewed_by", texts.take(part))
        elif name == "created":
            texts.once(values, "created", part, texts.moment)
        elif name == "digital-source-type":
            texts.once(values, "digital_source_type", part, texts.take)
        elif name == "window":
            texts.once(coverage, "window", part, texts.take)
        else:
            texts.once(coverage, counts[name], part, lambda part: texts.count(texts.take(part), part))
    return present(values | {"coverage": present(coverage)}) or None


def _generator(texts: Texts, mark: Mark) -> Data:
    values: Data = {}
    for name, part in mark.within(("name", "version", "role")):
        texts.once(values, name, part, texts.take)
    if not values and (text := texts.body(mark)):
        values["name"] = text
    return present(values)

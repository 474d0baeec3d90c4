"""A brief from our own JSON: strict, every fault at once."""

from perspectives.codec import FORMAT, from_dict, parse
from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, NoOptions, loaders


class JsonLoader:
    """Reads the documents that `dumps` writes."""

    info: LoaderInfo = LoaderInfo(
        name="json",
        summary="A brief as JSON, format perspectives/1.0",
        media_types=("application/json",),
        extensions=(".json",),
    )
    options_class: type[NoOptions] = NoOptions

    def sniff(self, input: Input, /) -> Confidence:
        """Certain where the format is named at the beginning, as it is written."""
        return Confidence.CERTAIN if FORMAT.partition("/")[0].encode() + b"/" in input.head else Confidence.NO

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `SchemaError` with every fault."""
        return Loaded(brief=from_dict(parse(input.text)))


@loaders
def perspectives_loaders() -> list[Loader[NoOptions]]:
    """The JSON loader."""
    return [JsonLoader()]

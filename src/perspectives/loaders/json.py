"""A brief from our own JSON: strict, every fault at once."""

import re

from perspectives.plugin import Confidence, Input, Loaded, Loader, LoaderInfo, LoadTools, NoOptions, loaders

# A member of the outermost object, before what nests in it: other formats hold documents of ours.
_FORMAT = re.compile(rb'\{(?:[^{}\[\]"]|"(?:[^"\\]|\\.)*+")*?"format"\s*:\s*"perspectives\\?/', re.DOTALL)


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
        """Certain where an object says so, whatever its version; possible for any other object."""
        head = input.head.lstrip()
        if not head.startswith(b"{"):
            return Confidence.NO
        return Confidence.CERTAIN if _FORMAT.match(head) else Confidence.POSSIBLE

    def load(self, input: Input, options: NoOptions, tools: LoadTools, /) -> Loaded:
        """The brief. Raises `SchemaError` or `LimitError` with every fault."""
        # Who sniffs imports every loader, and the codec takes long to start.
        from perspectives.codec import from_dict

        return Loaded(brief=from_dict(tools.parse_json(input), limits=tools.limits), limits=tools.limits)


@loaders
def perspectives_loaders() -> list[Loader[NoOptions]]:
    """The JSON loader."""
    return [JsonLoader()]

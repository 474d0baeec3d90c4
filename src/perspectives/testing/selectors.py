"""The selectors of a stylesheet: what its rules may touch."""

import re
from collections.abc import Iterator

_SKIPPED = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\\.|[{};,()\[\]]|[^{};,()\[\]\"'\\]+", re.DOTALL)
_GROUPS = re.compile(r"@(?:media|supports|container|layer|scope|starting-style)\b", re.IGNORECASE)


def selectors(text: str) -> Iterator[str]:
    """Each selector of the rules, those in `@media` and the like too; rules within rules only touch what these do.

    What a browser reads otherwise than it was meant, because a brace or a
    quote is missing, is a selector of its own here and looks as odd.
    """
    groups: list[bool] = []  # for each open brace whether rules stand in it
    prelude: list[str] = [""]
    depth = 0
    for piece in _TOKEN.findall(_SKIPPED.sub(" ", text)):
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        if piece == "," and not depth and all(groups):
            prelude.append("")
        elif piece == "{":
            first = prelude[0].strip()
            is_rule = not first.startswith("@")
            if is_rule and all(groups):
                yield from (" ".join(one.split()) for one in prelude)
            groups.append(bool(_GROUPS.match(first)))
            prelude = [""]
        elif piece in "};":
            if piece == "}" and groups:
                groups.pop()
            prelude = [""]
        else:
            prelude[-1] += piece

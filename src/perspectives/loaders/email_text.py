"""The text part of a mail as the text loader reads it: unwrapped, its links behind their words, without the way to
leave the list."""

import re
from collections.abc import Iterator, Mapping, Sequence

from perspectives.catalogue import key
from perspectives.errors import Finding
from perspectives.loaders.layout import Block, blocks
from perspectives.loaders.layout_brief import read_layout
from perspectives.plugin import Loaded, LoadTools
from perspectives.text import check_url, clean
from perspectives.wording import Wording

_RULE = "***"
_UNDERLINE = "====="
_LISTED = re.compile(r"  (?:\d{1,9}\.|-) ")
_FURTHER = " " * 5
_NUMBER = re.compile(r"\[(\d{1,9})\]")
_MARKED = re.compile(r"(?:^|(?<=\s))\[(\d{1,9})\]$")
_DIVIDER = re.compile(r"-{3,}[ \t]*[^\s-][^-]{2,60}-{3,}\s*")
_FIELD = re.compile(r"\*?[^\s:*][^:]{0,30}:\*?\s.*")


def is_laid_out(text: str) -> bool:
    """Whether a text stands in the layout of our renderer: rules, an underlined title, or facts with their indent."""
    return any(block.lines[-1] in (_RULE, _UNDERLINE) or _LISTED.match(block.lines[0]) for block in blocks(text))


def read_text(text: str, leaving: Sequence[str], is_ours: bool, tools: LoadTools) -> Loaded:
    """The brief; `leaving` are the ways to leave the list. Raises `LoadError` with the line of what cannot be read."""
    findings: list[Finding] = []
    found = list(blocks(_without_forward(text, findings)))
    found = _without_leave(found, leaving, tools.wordings, findings)
    if is_ours or is_laid_out(text):
        found = list(map(_unwrapped, found))
    found, links = _links(found, tools.wordings)
    loaded = read_layout([_linked(block, links) for block in found], tools)
    return Loaded(brief=loaded.brief, findings=[*findings, *loaded.findings])


def _without_forward(text: str, findings: list[Finding]) -> str:
    """The text without what stands above the mail that was forwarded in it."""
    lines = text.split("\n")
    ends = [end for at, line in enumerate(lines) if _DIVIDER.fullmatch(line) and (end := _header_end(lines, at + 1))]
    if not ends:
        return text
    above = clean("\n".join(lines[: ends[-1]]))
    message = f"{above!r} is left out: it stands above the mail that was forwarded"
    findings.append(Finding(code="unread-text", message=message, severity="info", line=1))
    return "\n".join([*[""] * ends[-1], *lines[ends[-1] :]])


def _header_end(lines: Sequence[str], start: int) -> int:
    """Where the headers of a forwarded mail end, 0 where there are none."""
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    is_header = end - start > 1 and all(map(_FIELD.fullmatch, lines[start : start + 2]))
    return end if is_header else 0


def _without_leave(
    found: list[Block], leaving: Sequence[str], wordings: Sequence[Wording], findings: list[Finding]
) -> list[Block]:
    """The blocks without the last, where that says how to leave the list."""
    last = found[-1] if found else None
    if last is None:
        return found
    words = {key(wording.unsubscribe) for wording in wordings}
    first, *rest = last.lines
    address = clean("".join(rest))
    if key(clean(first)) in words and (address.startswith("mailto:") or not check_url(address)):
        return found[:-1]
    if any(address in last.text for address in leaving):
        message = f"{last.text!r} is left out: it says how to leave the list"
        findings.append(Finding(code="unread-text", message=message, severity="info", line=last.line))
        return found[:-1]
    return found


def _unwrapped(block: Block) -> Block:
    """A block of our renderer with each of its texts on one line."""
    if _LISTED.match(block.lines[0]):
        return Block(block.line, tuple(_items(block.lines)))
    if block.lines[-1] == _UNDERLINE and block.lines[1:]:
        return Block(block.line, (" ".join(block.lines[:-1]), _UNDERLINE))
    return block if _is_list_of_links(block) else Block(block.line, (" ".join(block.lines),))


def _items(lines: Sequence[str]) -> Iterator[str]:
    item = ""
    for line in lines:
        if item and not line.startswith(_FURTHER):
            yield item
            item = line
        else:
            item = f"{item} {line.strip(' ')}" if item else line
    yield item


def _links(found: list[Block], wordings: Sequence[Wording]) -> tuple[list[Block], Mapping[str, str]]:
    """The blocks without the addresses listed at their end, and these by their numbers."""
    if len(found) < 2 or not _is_list_of_links(found[-1]):
        return found, {}
    before = found[-2]
    if key(before.text) in {key(wording.sources) for wording in wordings}:
        return found, {}
    words = found[-1].text.split()
    return found[: -2 if before.is_rule else -1], dict(
        zip((word[1:-1] for word in words[::2]), words[1::2], strict=True)
    )


def _is_list_of_links(block: Block) -> bool:
    """Whether a block is nothing but numbers, each with an address; one that is long stands below its number."""
    words = block.text.split()
    numbers, addresses = words[::2], words[1::2]
    return (
        len(numbers) == len(addresses)
        and len(set(numbers)) == len(numbers)
        and all(map(_NUMBER.fullmatch, numbers))
        and not any(map(check_url, addresses))
    )


def _linked(block: Block, links: Mapping[str, str]) -> Block:
    """A block with the address of its number behind its words."""
    at = -2 if block.is_underlined and block.lines[1:] else -1
    line = block.lines[at].rstrip()
    mark = _MARKED.search(line)
    if not mark or mark[1] not in links or (len(block.text) == len(mark[0])):
        return block
    lines = list(block.lines)
    lines[at] = f"{line[: mark.start()]}<{links[mark[1]]}>"
    return Block(block.line, tuple(lines))

"""A cluster of Kagi News as what is taken out of it: texts, citations, sources, and the rest.

Each field is taken out of the cluster as it is read. What is left has no place
in the model: it goes to `extra`, and is a finding if no reader knows it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from perspectives import Citation, ModelError, Source, Story
from perspectives.plugin import Finding, check_url, clean
from perspectives_kite.markers import without_citations

NAMESPACE = "perspectives-kite"
"""The key of `extra` under which stands what the model has no place for."""
UNKNOWN = "is no field that is known here"
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE)

Citations = tuple[Citation, ...]
Said = tuple[str, str]
"""A key and the text that stands there."""
Picture = tuple[Said, Said, Said]
"""Address, caption and credit."""


def is_empty(value: object) -> bool:
    """Whether a value says nothing: Kagi News writes null, "" and [] for what it does not have."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not clean(value))


def kept(value: Any) -> Any:
    """A JSON value with each text as the model takes it, without the members of an object that say nothing."""
    match value:
        case str():
            return clean(value)
        case list():
            return [kept(item) for item in value]
        case Mapping():
            return {key: kept(item) for key, item in value.items() if not is_empty(item)}
    return value


def unread(key: str, path: str, why: str) -> Finding:
    """Says of a value why it is kept and not read."""
    return Finding(code="kept", message=f"{key!r} {why}", path=path, hint=f"it is in extra[{NAMESPACE!r}]")


def once(citations: Iterable[Citation]) -> Citations:
    """Each citation once, in order."""
    return tuple(dict.fromkeys(citations))


def paywalls(domains: object) -> dict[str, bool]:
    """Whether reading costs money, by domain, as far as a list of domains says it."""
    return {
        clean(domain["name"]).casefold(): domain["isPaywalled"]
        for domain in (domains if isinstance(domains, list) else ())
        if isinstance(domain, Mapping)
        and isinstance(domain.get("name"), str)
        and isinstance(domain.get("isPaywalled"), bool)
    }


class Cluster:
    """One cluster; what its readers have to guess or to leave out goes into `findings`."""

    def __init__(
        self, values: Mapping[str, Any], path: str, findings: list[Finding], paywalled: Mapping[str, bool]
    ) -> None:
        self.left: dict[str, Any] = dict(values)
        self.path = path
        self.findings: list[Finding] = findings
        self.paywalled: Mapping[str, bool] = {**paywalled, **paywalls(values.get("domains"))}
        self.fields: dict[str, Any] = {}
        self.cited: dict[str, list[str]] = {}
        self.sources: dict[str, Source] = {}
        self.pictures: list[Picture] = []
        self._articles: dict[str, list[str]] = {}
        self._by_url: dict[str, str] = {}
        self._read_articles()
        self._keep_domains()

    def find(self, code: str, message: str, key: str, hint: str) -> None:
        """Say what was guessed or left out."""
        self.findings.append(Finding(code=code, message=message, path=f"{self.path}.{key}", hint=hint))

    def keep(self, key: str, value: object, why: str = "") -> None:
        """Hold a value in `extra`; `why` it is not read is a finding, unless everybody expects it there."""
        if is_empty(value):
            return
        name = key
        while name in self.fields:  # several lines of one text, say
            name += "+"
        self.fields[name] = kept(value)
        if why:
            self.findings.append(unread(key, f"{self.path}.{key}", why))

    def items(self, key: str) -> Iterator[tuple[str, Any]]:
        """The values of a field with their keys: a list's, or the one that stands in its place."""
        return each(key, self.left.pop(key, None))

    def texts(self, key: str, *, is_lines: bool = False) -> Iterator[tuple[str, str, Citations]]:
        """The texts of a field with their keys and citations; with `is_lines` each line is one."""
        for at, item in self.items(key):
            if not isinstance(item, str):
                self.keep(at, item, "is no text")
                continue
            for line in item.splitlines() if is_lines else [item]:
                text, citations = self.parted(at, line)
                if text:
                    yield at, text, citations

    def one(self, key: str) -> str | None:
        """The one text of a field that can hold no citations; these are kept."""
        texts = list(self.texts(key))
        for at, _, citations in texts:
            self.note(at, citations)
        return " ".join(text for _, text, _ in texts) or None

    def count(self, key: str) -> int | None:
        """A number that somebody counted."""
        value = self.left.pop(key, None)
        if type(value) is int and value >= 0:
            return value
        self.keep(key, value, "is no count")
        return None

    def language(self) -> str | None:
        """The language of the texts: the one that was chosen, else that of the sources."""
        for key in ("selectedLanguage", "sourceLanguage"):
            value = self.left.pop(key, None)
            if _is_language(value):
                return str(value)
            self.keep(key, value, "is no language tag")
        return None

    def record(self, at: str, item: object, keys: Sequence[str], but: str = "") -> dict[str, str] | None:
        """The texts of an object, "" for those it has not; all else in it `but` one key is kept. None for no object."""
        if not isinstance(item, Mapping):
            self.keep(at, item, "is no object")
            return None
        texts = {}
        for key in keys:
            value = item.get(key)
            texts[key] = value if isinstance(value, str) and not is_empty(value) else ""
            if not isinstance(value, str):
                self.keep(f"{at}.{key}", value, "is no text")
        for key in item:
            if key not in (*keys, but):
                self.keep(f"{at}.{key}", item[key], UNKNOWN)
        return texts

    def parted(self, key: str, text: str) -> tuple[str, Citations]:
        """A text, and what it cites; a text that only cites is none, and is kept."""
        words, cited = without_citations(text)
        citations = once(one for token in cited if (one := self._citation(key, token)))
        if cited and not words:
            self.keep(key, text, "cites and says nothing")
        return words, citations

    def note(self, key: str, citations: Iterable[Citation]) -> None:
        """Keep the citations of a text for which the model has no place."""
        cited = [citation.source or "common" for citation in citations]
        if cited:
            self.cited[key] = list(dict.fromkeys([*self.cited.get(key, ()), *cited]))

    def source(self, name: str, url: str | None) -> Citation:
        """A citation of an address: of the article that has it, else of a source of its own."""
        if url and url in self._by_url:
            return Citation(source=self._by_url[url])
        id = f"{name} <{url}>" if url else name
        if id not in self.sources:
            self.sources[id] = Source(id=id, url=url, outlet=name)
        return Citation(source=id)

    def url(self, key: str, value: str) -> str | None:
        """An address, if readers may follow it."""
        address = clean(value)
        if not address:
            return None
        if check_url(address):
            self.keep(key, value, f"is no address for a link: {address[:80]!r}")
            return None
        return address

    def _read_articles(self) -> None:
        """Make each article a source; those that have a picture are set aside for the images."""
        for at, item in self.items("articles"):
            article = self.record(at, item, ("title", "link", "domain", "date", "image", "image_caption"))
            if article is None:
                continue
            url = self.url(f"{at}.link", article["link"])
            domain = clean(article["domain"]) or host(url) or ""
            same = self._articles.setdefault(domain.casefold(), [])
            id = f"{domain}#{len(same) + 1}"
            self.sources[id] = Source(
                id=id,
                title=clean(article["title"]) or None,
                url=url,
                outlet=domain or None,
                published=self._time(f"{at}.date", article["date"]),
                paywalled=self.paywalled.get(domain.casefold()),
            )
            same.append(id)
            if url:
                self._by_url.setdefault(url, id)
            if article["image"]:
                said = {key: (f"{at}.{key}", article[key]) for key in ("image", "image_caption")}
                self.pictures.append((said["image"], said["image_caption"], ("", "")))
            else:
                self.keep(f"{at}.image_caption", article["image_caption"])

    def _citation(self, key: str, token: str) -> Citation | None:
        if token.casefold() == "common":
            return Citation(kind="common-knowledge")
        domain, _, number = token.rpartition("#")
        wanted = clean(domain).casefold()
        known = [name for name in self._articles if name]
        # A domain may be cut short: "example" for "example.com"; one that fits several is nobody's.
        fitting = (
            [name for name in known if name == wanted]
            or [name for name in known if name.partition(".")[0] == wanted]
            or [name for name in known if name in wanted or (wanted and wanted in name)]
        )
        found = self._articles[fitting[0]] if len(fitting) == 1 else []
        if not (len(number) < 6 and 1 <= int(number) <= len(found)):
            message = f"[{token}] cites no article of the story"
            self.find("unknown-citation", message, key, "the citation is left out")
            return None
        source = found[int(number) - 1]
        if fitting != [wanted]:
            self.find("guessed-citation", f"[{token}] is taken for {source!r}", key, "check it")
        return Citation(source=source)

    def _time(self, key: str, value: str) -> dt.datetime | None:
        text = clean(value)
        try:
            time = dt.datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
        except ValueError:  # the 31st of June
            time = None
        if time is None:
            self.keep(key, value, f"is no time with an offset: {text[:40]!r}")
        return time

    def _keep_domains(self) -> None:
        """The domains are those of the articles; what else is said of them is kept."""
        for at, item in self.items("domains"):
            if not isinstance(item, Mapping):
                self.keep(at, item, "is no object")
                continue
            name = item.get("name")
            is_held = isinstance(name, str) and clean(name).casefold() in self._articles
            for key, value in item.items():
                if is_held and (key == "name" or (key == "isPaywalled" and isinstance(value, bool))):
                    continue  # a source says it
                is_known = key in ("name", "favicon", "isPaywalled")
                self.keep(f"{at}.{key}", value, "" if is_known else UNKNOWN)


def each(key: str, value: object) -> Iterator[tuple[str, Any]]:
    """The items of a value with their keys: those of a list, or the one that stands in its place."""
    for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
        if not is_empty(item):
            yield (key if index is None else f"{key}[{index}]"), item


def host(url: str | None) -> str | None:
    """The host of an address that passed the gate."""
    return urlsplit(url).hostname if url else None


def _is_language(tag: object) -> bool:
    try:
        return isinstance(tag, str) and bool(Story(headline="any", language=tag))
    except ModelError:
        return False

"""What our mail, MJML's and react-email's of the same brief are like: prints a table, asked of the same judges."""

import datetime as dt
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import attrs

import perspectives as p
from perspectives.plugin import wording_of
from perspectives.testing import samples
from perspectives.theme import THEME

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import caniemail
from conftest import judge, npm
from mail_figures import axe, sizes, spam, variants, wrong_sides

ROOT = Path(__file__).parent.parent
PACKAGES = ("mjml@5.4.1", "@react-email/components@1.0.12", "@react-email/render@2.3.1", "react@19", "react-dom@19")
LEAVE = "https://example.org/leave"
SENT = {
    "sender": "News <news@example.org>",
    "to": "reader@example.org",
    "date": dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC),
    "unsubscribe": LEAVE,
}
PREHEADER = "What happened, who tells it how, and what each leaves out"

Figure = tuple[str, Mapping[str, object], str, Callable[[object], bool]]
"""A line of the table: what was asked, the answers by maker, what is aimed at, and whether an answer meets it."""


def mails(brief: p.Brief) -> Mapping[str, str]:
    """The HTML of the brief by each maker."""
    wording = wording_of(brief)
    words = {
        "eg": "e.g., ", "dir": wording.direction or "ltr", "subject": brief.title or brief.stories[0].headline,
        "preheader": PREHEADER, "unsubscribe": LEAVE, "leave": wording.unsubscribe, "facts": wording.facts,
        "context": wording.context, "perspectives": wording.perspectives, "links": wording.go_deeper,
    }  # fmt: skip
    asked = json.dumps({"brief": p.to_dict(brief), "theme": attrs.asdict(THEME), "words": words})
    command = ["node", str(ROOT / "benchmarks" / "mail.mjs"), str(npm(*PACKAGES))]
    done = subprocess.run(  # noqa: S603 - it is our own script
        command, input=asked, capture_output=True, text=True, encoding="utf-8", check=True
    )
    ours = p.render(brief, "email", preheader=PREHEADER, **SENT).part("text/html")
    return {"perspectives": str(ours), **json.loads(done.stdout)}


def as_message(html: str, brief: p.Brief) -> bytes:
    """The HTML in a mail that is the same for all, with our text part and without a header that filters like."""
    ours = p.render(brief, "email", **SENT)
    message = EmailMessage(policy=SMTP)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        message[name] = ours.headers[name]
    message.set_content(str(ours.part("text/plain")))
    message.add_alternative(html, subtype="html")
    return message.as_bytes(policy=SMTP.clone(max_line_length=998))


def legible(name: str, html: str) -> int:
    """In how many of 8 variants no letter has too little contrast."""
    pages = variants(name, html)
    faults = [fault for fault in axe(pages) if fault["rule"] == "color-contrast"]
    lost = {(fault["page"], fault["where"].partition(",")[0]) for fault in faults}
    return 2 * len(pages) - len(lost)


def figures() -> list[Figure]:
    """Everything that is asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", p.LoadWarning)
        brief = p.load(ROOT / "examples" / "kim-putin.txt")
    one, two = mails(brief), mails(attrs.evolve(brief, stories=[*brief.stories, *brief.stories]))
    arabic = mails(samples["right-to-left"])
    size = {name: sizes(one[name], two[name]) for name in one}
    blocks = {name: judge("sides.js", {"ar.html": html}) for name, html in arabic.items()}
    found = {name: axe({"mail.html": html}) for name, html in one.items()}
    with tempfile.TemporaryDirectory() as folder:
        points = spam(Path(folder), **{name: as_message(html, brief) for name, html in one.items()})
    return [
        ("bytes once", {name: size[name][0] for name in one}, "<= 3,500", lambda value: value <= 3500),
        ("bytes for each story", {name: size[name][1] for name in one}, "<= 4,700", lambda value: value <= 4700),
        ("stories in 102 KB", {name: size[name][2] for name in one}, ">= 20", lambda value: value >= 20),
        (
            "feature and client pairs (npm caniemail)",
            dict(zip(one, map(len, caniemail.checked(one.values())), strict=True)), "<= 55", lambda value: value <= 55,
        ),
        ("the same by all its data", {name: len(caniemail.pairs(html)) for name, html in one.items()}, "", bool),
        (
            "axe: faulty elements",
            {name: len({(fault["rule"], fault["at"]) for fault in faults}) for name, faults in found.items()},
            "0", lambda value: value == 0,
        ),
        ("legible variants of 8", {name: legible(name, html) for name, html in one.items()}, "8", lambda v: v == 8),
        (
            "Arabic: blocks that run wrong",
            {name: f"{len(wrong_sides(one, 'rtl', 'right', 'left'))} of {len(one)}" for name, one in blocks.items()},
            "0", lambda value: value.startswith("0 "),
        ),
        ("SpamAssassin", points, "<= 0.0", lambda value: value <= 0),
    ]  # fmt: skip


def main() -> int:
    """The table as Markdown; the exit status is 1 where our mail misses what is aimed at."""
    table = figures()
    makers = list(table[0][1])
    print(f"| | {' | '.join(makers)} | aim |\n|---|{'---|' * (len(makers) + 1)}")
    for asked, answers, aim, _ in table:
        cells = [f"{answer:,}" if isinstance(answer, int) else str(answer) for answer in answers.values()]
        print(f"| {asked} | {' | '.join(cells)} | {aim} |")
    missed = [asked for asked, answers, _, is_met in table if not is_met(answers["perspectives"])]
    print(f"missed: {', '.join(missed)}" if missed else "all met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How many times faster a mail of 30 stories is merged than rendered and written by the standard library."""

import datetime as dt
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import attrs

import perspectives as p

STORIES = 30
GOAL = 500
"""Times faster that a merge has to be."""
ROUNDS = 5
SEED = Path(__file__).parent.parent / "examples" / "kim-putin.txt"

TEXT = "Good morning {first_name}, here are thirty stories, each told from more than one side, picked by our desk."
OPTIONS = {"sender": "News <news@example.org>", "date": dt.datetime(2025, 8, 12, 6, tzinfo=dt.UTC)}
SUBJECT = "{first_name}, your morning brief"
READER = {"to": "Ada Löwe <ada@example.org>", "unsubscribe": "https://example.org/leave?reader=4711"}
NAME = "Ada & Zoë"


def brief(first_name: str) -> p.Brief:
    """The story of the examples thirty times, with an intro and a call to action to the reader."""
    (story,) = p.load_report(SEED).brief.stories
    stories = [attrs.evolve(story, headline=f"{number}. {story.headline}") for number in range(1, STORIES + 1)]
    call = p.CallToAction(headline=f"{first_name}, tell a friend", label="Share",
                          href="https://example.org/share")  # fmt: skip
    intro = TEXT.format(first_name=first_name)
    return p.Brief(title="Morning", language="en", intro=intro, stories=stories, call_to_action=call)


def by_the_standard_library(one: p.Brief) -> bytes:
    """What a program does without `Mailing`: render for each reader, and have an EmailMessage written."""
    mail = p.render(one, "email", subject=SUBJECT.format(first_name=NAME), **READER, **OPTIONS)
    message = EmailMessage(SMTP)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        message[name] = mail.headers[name]
    message.set_content(str(mail.part("text/plain")))
    message.add_alternative(str(mail.part("text/html")), subtype="html")
    return message.as_bytes()


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """The processor time that one call takes."""
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats * 1_000


def main() -> int:
    """The figures of interleaved rounds, each the best, and their ratios."""
    one, fields = brief(NAME), {"first_name": NAME}
    start = time.process_time()
    mailing = p.Mailing(brief("{first_name}"), subject=SUBJECT, **OPTIONS)
    made = (time.process_time() - start) * 1_000
    rendered = p.render(one, "email", subject=SUBJECT.format(first_name=NAME), **READER, **OPTIONS)
    merged = mailing.merge(**READER, fields=fields)
    times = [
        (
            milliseconds(lambda: by_the_standard_library(one), 2),
            milliseconds(lambda: p.render(one, "email", subject="x", **READER, **OPTIONS), 2),
            milliseconds(lambda: mailing.merge(**READER, fields=fields), 1_000),
        )
        for _ in range(ROUNDS)
    ]
    naive, render, merge = (min(column) for column in zip(*times, strict=True))
    ratio = naive / merge
    print(f"a brief of {STORIES} stories, {len(merged):,} bytes a mail; processor time, best of {ROUNDS} rounds")
    print(f"{naive:10.3f} ms  render and EmailMessage")
    print(f"{render:10.3f} ms  render")
    print(f"{made:10.3f} ms  Mailing, once")
    print(f"{merge:10.3f} ms  merge: a million mails take {merge * 1_000:.0f} s")
    print(f"merge is {ratio:,.0f} times faster than render and EmailMessage (goal: {GOAL})")
    is_same = bytes(rendered) == merged
    print(
        "a merged mail has the bytes of the rendered one" if is_same else "a merged mail DIFFERS from the rendered one"
    )
    return 0 if is_same and ratio >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

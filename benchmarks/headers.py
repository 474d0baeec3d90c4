"""Whether hostile subjects and names arrive as they were written: renders mails, and reads them with this Python."""

import datetime as dt
import sys
import time
from pathlib import Path

import perspectives as p

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile_headers import altered, hostile, quoted

COUNT = 10_000


def mail(text: str) -> p.Rendered:
    """A mail of which the subject and every name are this text."""
    name = quoted(text)
    return p.render(
        p.Brief(title="Morning"), "email", subject=text, date=dt.datetime(2025, 8, 12, tzinfo=dt.UTC),
        sender=f"{name} <news@example.org>", to=f"{name} <reader@example.org>", reply_to=f"{name} <desk@example.org>",
        list_id=f"{name} <news.example.org>", unsubscribe=f"https://example.org/leave?token={'x' * 800}",
    )  # fmt: skip


def main() -> int:
    """A line for each mail that is not as it was meant, then the figures; COUNT is the first argument."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    start, wrong = time.perf_counter(), 0
    for text in hostile(count):
        rendered = mail(text)
        if found := altered(bytes(rendered), text, text, list(rendered.headers)):
            wrong += 1
            print(f"{text!r}: {'; '.join(found)}")
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {version}: {count:,} subjects and names, {wrong} mails altered; {time.perf_counter() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

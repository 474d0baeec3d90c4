"""A real browser opens pages whose every text tries to run script."""

import subprocess

import attrs
import pytest
from conftest import requires
from printed import NOT_PRINTED

import perspectives as p
from perspectives.testing import samples

pytestmark = [pytest.mark.slow, requires("chromium")]

MARK = "document.documentElement.setAttribute('data-ran',1)"
PAYLOADS = [
    f"<script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"</style><script>{MARK}</script>",
    f"--><script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f'"><img src=x onerror="{MARK}">',
    f"'><svg/onload={MARK}>",
    f'" autofocus onfocus="{MARK}" x="',
    f"<svg><script>{MARK}</script></svg>",
    f"<details open ontoggle={MARK}>x</details>",
    f'<iframe srcdoc="<script>parent.{MARK}</script>"></iframe>',
    f"<body onload={MARK}>",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"{{{{ ''.__class__ }}}}<script>{MARK}</script>",
    f"<template><script>{MARK}</script></template><script>{MARK}</script>",
]


# What holds one of some words only, or is no text.
WORDS = {*NOT_PRINTED, "email", "country", "digital_source_type"}


def attacking(value, payload):
    """The same value with the payload for every text that is printed."""
    if isinstance(value, str):
        return f"{payload} {value}".strip()
    if isinstance(value, tuple):
        return tuple(attacking(item, payload) for item in value)
    if not attrs.has(type(value)):
        return value
    fields = [field.name for field in attrs.fields(type(value)) if field.name not in WORDS]
    return attrs.evolve(value, **{name: attacking(getattr(value, name), payload) for name in fields})


def ran(html, folder):
    """Whether a script of the page ran, as the browser's own tree says after loading."""
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8")
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    tree = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()
    return 'data-ran="1"' in tree.partition(">")[0] + tree.partition("<html")[2].partition(">")[0]


def joined(format, **options):
    """Every payload in every text of the full sample, one brief after the other, as one HTML document."""
    rendered = [p.render(attacking(samples["full"], payload), format, **options) for payload in PAYLOADS]
    return "\n".join(str(r.part("text/html") if format == "email" else r) for r in rendered)


def without_policy(html):
    """The page as if its content security policy were not there: escaping alone must hold."""
    assert "Content-Security-Policy" in html
    return html.replace("Content-Security-Policy", "x-none")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_browser_runs_the_payload_where_it_is_not_escaped(payload, tmp_path):
    """The positive control: each payload but the one that is escaped already runs in a page that does not escape."""
    runs = {True} if not payload.startswith(("&lt;", "</style", '" autofocus', "--&")) else {True, False}

    assert ran(f'<!doctype html><title>t</title><p title="{payload}">{payload}</p>', tmp_path) in runs


def test_no_text_of_a_page_runs(tmp_path):
    """No text in any slot of the page runs, even without its policy."""

    assert not ran(without_policy(joined("html", charts=True)), tmp_path)


def test_no_text_of_a_fragment_runs(tmp_path):
    """No text in any slot of the fragment runs."""

    assert not ran(joined("html", fragment=True, heading_level=0), tmp_path)


def test_no_text_of_a_mail_runs(tmp_path):
    """No text in any slot of the mail's HTML part runs."""

    assert not ran(joined("email", subject="s", charts=True), tmp_path)


def test_policy_stops_what_escaping_would_let_through(tmp_path):
    """Under the page's policy a script that stands in the page does not run."""
    page = p.render(samples["minimal"], "html").content.replace("</main>", f"<script>{MARK}</script></main>")

    assert (False, True) == (ran(page, tmp_path), ran(without_policy(page), tmp_path))

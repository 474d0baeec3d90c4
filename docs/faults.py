"""An example of each fault and finding, for the page on errors: an expression, by its code.

What the page says of one is what its expression raises or finds: `tables.py` runs them all, in a folder with `FILES`.
"""

PREAMBLE = '''\
from datetime import UTC, datetime

import perspectives as p

story = p.Story(headline="The bridge closes")
text = """\\
The bridge closes

Focusing Facts

1. The vote was 9 to 8.

Perspectives

Business press

e.g., Harbour Ledger

Reports a loss for shops.
"""
questions = "\\nQuestions\\n\\nWho will pay?\\nThe city.\\n"


image = p.Image(url="https://example.org/a.svg", alt="The bridge")
leave = "https://example.org/leave"


def read(text):
    return p.load_report(text.encode(), "text").findings


def two(kind, media_type):
    head = f"Content-Type: multipart/{kind}; boundary=x\\n\\n"
    return f"{head}--x\\n\\n{text}\\n--x\\nContent-Type: {media_type}\\n\\nHello\\n--x--\\n"


def received(mail):
    return p.load_report(mail if isinstance(mail, bytes) else mail.encode(), "email").findings


def rated(value):
    return p.Outlet(name="Ledger", ratings=[p.Rating(scheme="bank", value=value, rater="Desk")])


def scheme(axis="East or West"):
    return p.RatingScheme(id="bank", axis=axis, values=["East", "West"])


def mail(**options):
    sent = {"sender": "desk@example.org", "date": datetime(2026, 1, 14, tzinfo=UTC)}
    return p.render(p.Story(headline="Bridge", images=[image]), "email", **sent, **options).findings


def long(**options):
    facts = [p.Fact(text="long" * 1000)] * 4
    stories = [p.Story(headline=f"Story {number}", facts=facts) for number in range(1, 9)]
    return p.render(p.Brief(title="Morning", stories=stories), "email", **options).findings


def mailing(intro):
    return p.Mailing(p.Brief(title="Hi {first_name}", intro=intro))


def outlets(*outlets, schemes=()):
    return p.OutletDirectory(outlets=outlets, schemes=schemes).conflicts
'''
"""What the page defines first, and all examples have at hand."""

FILES = {
    "latin.txt": b"Br\xfccke",
    "a.dat": b"\x00",
    "ragged.csv": b"name\nLedger,East\n",
    "paper.csv": b"Paper\nLedger\n",
}

EXAMPLES = {
    "values": {
        "not-text": "p.Story(headline=5)",
        "bad-text": "p.Story(headline='The bridge ')",
        "bad-url": "p.Link(label='Read on', href='javascript:x')",
        "bad-address": "p.Publisher(name='Desk', email='desk at example.org')",
        "bad-domain": "p.Outlet(name='Ledger', domains=['https://example.org'])",
        "bad-country": "p.Outlet(name='Ledger', country='uk')",
        "bad-language": "p.Brief(language='British English')",
        "bad-rel": "p.Link(label='Read on', rel='Go Deeper')",
        "bad-kind": "p.Block(kind='Travel advice', label='Go')",
        "bad-id": "p.Outlet(name='Ledger', id='The Ledger')",
        "bad-choice": "p.Fact(text='It rained.', status='true')",
        "bad-count": "p.Image(url='https://example.org/a.png', alt='', width=0)",
        "bad-date": "p.Story(headline='Bridge', date='14 Jan 2026')",
        "bad-datetime": "p.Story(headline='Bridge', published='2026-01-14')",
        "bad-range": "p.RatingScheme(id='s', axis='Bank', range=[1, 1])",
        "bad-value": "p.Rating(scheme='s', value=None, rater='Desk')",
        "not-flag": "p.PerspectiveGroup(label='Press', framing='A loss.', exhaustive='no')",
        "not-list": "p.Story(headline='Bridge', facts='It rained.')",
        "not-object": "p.Story(headline='Bridge', facts=['It rained.'])",
        "not-json": "p.Story(headline='Bridge', extra={'desk': {1, 2}})",
        "bad-key": "p.Story(headline='Bridge', extra={1: 'a'})",
        "duplicate": "p.RatingScheme(id='s', axis='Bank', values=['East', 'East'])",
        "empty": "p.Block(kind='note')",
        "empty-context": "p.Context(paragraphs=[])",
        "no-label": "p.CallToAction(href='https://example.org/')",
        "bad-citation": "p.Citation()",
        "dangling-citation": "p.Story(headline='h', facts=[p.Fact(text='t', citations=[p.Citation(source='a')])])",
        "uncited-quote": "p.Quote(text='It rained.', speaker='A. Bell', verbatim=True)",
        "bad-order": (
            "p.Story(headline='h', published=datetime(2026, 1, 2, tzinfo=UTC),"
            " updated=datetime(2026, 1, 1, tzinfo=UTC))"
        ),
        "bad-scheme": "p.RatingScheme(id='s', axis='Bank')",
        "bad-rating": (
            "p.Brief(schemes=[scheme()], stories=[p.Story(headline='h', perspectives="
            "[p.PerspectiveGroup(label='l', framing='f', outlets=[rated('North')])])])"
        ),
        "not-brief": "p.render('a text', 'html')",
    },
    "documents": {
        "bad-json": "p.loads('{\"stories\": [}')",
        "bad-number": "p.loads('{\"stories\": NaN}')",
        "duplicate-key": 'p.loads(\'{"title": "a", "title": "b"}\')',
        "bad-format": "p.loads('{\"stories\": []}')",
        "newer-format": 'p.loads(\'{"format": "perspectives/9.0"}\')',
        "bare-story": 'p.loads(\'{"headline": "The bridge closes"}\')',
        "missing": "p.from_dict({'headline': None}, p.Story)",
        "unknown-key": "p.from_dict({'headline': 'h', 'sumary': 's'}, p.Story)",
        "more-faults": "p.from_dict({f'key{n}': n for n in range(2000)}, p.Story)",
        "too-deep": "p.loads('[' * 100 + ']' * 100)",
        "limit": "p.loads('{}', limits=p.Limits(bytes=1))",
    },
    "sources": {
        "not-path": "p.load('The bridge\\ncloses')",
        "not-source": "p.load(5)",
        "not-utf8": "p.load('latin.txt')",
        "unknown-input": "p.load('a.dat')",
    },
    "texts": {
        "not-brief": "read('The bridge closes')",
        "empty": "read('')",
        "no-headline": "read('Focusing Facts\\n\\n1. The vote was 9 to 8.')",
        "too-many-blocks": "read('a\\n\\nb\\n\\nc\\n\\n' + text)",
        "no-facts": "read(text.replace('1. ', ''))",
        "no-outlets": "read(text.replace('e.g., ', ''))",
        "no-label": "read(text.replace('Business press', ''))",
        "no-framing": "read(text.replace('Reports a loss for shops.', ''))",
        "no-boundary": "read(text.replace('Ledger', 'Ledger says that shops will lose many of their customers'))",
        "stray-text": "read(text.replace('Perspectives', 'So it was.\\n\\nPerspectives'))",
        "glued-outlet": "p.loads(text.replace('Ledger\\n\\n', 'Ledger'), 'text', repair='strict')",
    },
    "markdown": {
        "unknown-heading": "p.loads('## Bridge\\n\\n### Focussing Facts', 'markdown')",
        "duplicate-part": "p.loads('## Bridge\\n\\n### Context\\n\\nA.\\n\\n### Context\\n\\nB.', 'markdown')",
        "no-event": "p.loads('## Bridge\\n\\n### Timeline\\n\\n- A crack.', 'markdown')",
        "open-comment": "p.loads('## Bridge\\n\\n<!-- later', 'markdown')",
    },
    "html": {
        "several-briefs": "p.loads('<div class=perspectives-brief></div>' * 2, 'html')",
        "bad-charset": "p.loads(b'<meta charset=shift_jis><p>\\x81', 'html')",
    },
    "mail": {
        "not-mail": "p.loads('The bridge closes', 'email')",
        "bad-mail": "p.loads(\"Content-Type: text/plain; charset*=punycode''%ff\\n\\nx\", 'email')",
        "no-part": "p.loads('Content-Type: image/png\\n\\nx', 'email')",
    },
    "options": {
        "unknown-option": "p.render(story, 'html', heading_lvl=2)",
        "bad-option": "p.render(story, 'html', heading_level=9)",
        "no-subject": "p.render(p.Brief(), 'email')",
        "bad-unsubscribe": "p.render(story, 'email', unsubscribe='http://example.org/leave')",
        "bad-list-id": "p.render(story, 'email', list_id='News')",
        "not-mail": "p.to_message(p.render(story, 'html'))",
        "unknown-profile": "p.lint(story, 'lax')",
        "unknown-field": "p.json_schema(p.Story, strict_output=True, only=['headline', 'sumary'])",
        "missing-field": "p.json_schema(p.Story, strict_output=True, only=['summary'])",
    },
    "tables": {
        "unknown-column": "p.OutletDirectory.load('paper.csv')",
        "bad-csv": "p.OutletDirectory.load('ragged.csv')",
    },
    "formats": {
        "unknown-format": "p.render(story, 'htm5')",
        "not-written": "p.write(story, 'no/such/folder/brief.html')",
    },
    "mailings": {
        "unknown-field": "mailing('Hello {frist_name}')",
        "missing-field": "mailing('Hello {first_name}').merge(to='ada@example.org', unsubscribe=leave)",
    },
    "mails": {
        "no-unsubscribe": "mail()",
        "no-postal-address": "mail()",
        "linked-image": "mail(assets={image.url: b'<svg/>'})",
        "long-mail": "long()",
        "teasers": "long(overflow='teaser')",
        "teaser-without-link": "long(overflow='teaser')",
        "split-mail": "long(overflow='split')",
        "stray-field": "mailing('Hello {first_name}').findings",
    },
    "email": {
        "guessed-part": "received(two('alternative', 'text/html'))",
        "unread-part": "received(two('mixed', 'image/png'))",
        "unread-subject": "received('Subject: Good morning\\n\\n' + text)",
        "unknown-charset": "received('Content-Type: text/plain; charset=runes\\n\\n' + text)",
        "lost-bytes": "received(('Subject: Bridge\\n\\n' + text + 'Läden').encode('latin-1'))",
        "broken-mail": "received('Content-Type: multipart/mixed; boundary=x\\n\\n--x\\n\\n' + text)",
    },
    "guesses": {
        "glued-outlet": "read(text.replace('Ledger\\n\\n', 'Ledger'))",
        "long-body": "read(text.replace('Ledger\\n\\n', 'Ledger') + 'It names three. Walkers are not asked.')",
        "group-end": "read(text + '\\n' + text)",
        "fact-number": "read(text.replace('1. ', '7. '))",
        "hidden-heading": "read(text + 'Focusing Facts')",
        "hidden-question": "read(text + questions + '\\nIt has money.\\nDoes it?\\nYes.')",
        "several-questions": "read(text + questions + 'Why now?\\nIt is old.')",
        "unread-text": "read(text + '\\n\\nHow this was made\\n\\nBy hand.')",
        "bad-url": "read(text.replace('closes', 'closes <javascript:x>'))",
    },
    "conflicts": {
        "outlet-conflict": "outlets(p.Outlet(name='Ledger', country='GB'), p.Outlet(name='Ledger', country='IE'))",
        "ambiguous-name": "outlets(p.Outlet(name='Ledger', id='a'), p.Outlet(name='Ledger', id='b'))",
        "ambiguous-domain": (
            "outlets(p.Outlet(name='A', domains=['a.example']), p.Outlet(name='B', domains=['a.example']))"
        ),
        "bad-rating": "outlets(rated('North'), schemes=[scheme()])",
        "scheme-conflict": "outlets(schemes=[scheme(), scheme('Which bank')])",
    },
}

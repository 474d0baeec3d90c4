"""Subjects and names made to add or alter headers, and a look at what readers make of them; needs no other package."""

import email
import email.header
import email.policy
import random
import re
import unicodedata

HEADLINE = "Kim Jong Un Pledges Unconditional Backing for Russia Days Before Putin–Trump Alaska Summit"
INJECTION = "=?utf-8?q?a=0D=0ABcc:_e=40x?="
SUBJECTS = [
    HEADLINE,
    INJECTION,
    f"x {INJECTION} y",
    "=?utf-8?b?aGk=?= =?utf-8?b?aGk=?=",
    "=?utf-8?q?hi?=",
    "x =?UTF-8?Q?=0A?=Bcc: a@b",
    "two  blanks   and é  é",
    "\u00e9\u00a0\u00a0x \u2003 y",
    "عاجل: قمة بوتين–ترامب في ألاسكا \u202ecod.exe",
    "👩‍👩‍👧‍👦" * 30,
    "漢" * 900,
    "a" * 900,
    "a b " * 20 + ".",
    'Subject: Bcc: a@b, <c@d>; "e" \\ (f)',
]
NAMES = [
    "News",
    "The Morning Brief",
    "Yeni Şafak",
    "Süddeutsche Zeitung und Frankfurter Allgemeine für Deutschland und die ganze übrige Welt",
    'Brief, The (daily) "best" \\ of',
    "J. Doe",
    "two  blanks",
    "صحيفة الأخبار",
    "朝日新聞",
    "=?utf-8?q?a?=",
    "Bcc: a@b",
]
PIECES = [
    INJECTION, "=?", "?=", "=?utf-8?b?", "?q?", "=", "_", " ", "  ", "\u00a0", "\u3000", "é", "漢", "😀", "\u200d",
    "\u202e", "\u0301", "a", "Bcc:", ",", ";", ":", "<", ">", "@", '"', "\\", "(", ")", ".", "x" * 80, "=0D=0A", "–",
]  # fmt: skip
WORDS = "Kim Putin–Trump summit pledges Şafak backing naïve café days before 北京 Alaska: (new) «Le Monde»".split()


def hostile(count, seed=0):
    """The payloads above, then random ones of their pieces, and headlines of which one word in three is not ASCII."""
    yield from SUBJECTS
    yield from NAMES
    # Not for secrets: the same texts in each run.
    draw = random.Random(seed)
    for number in range(count - len(SUBJECTS) - len(NAMES)):
        if number % 2:
            yield " ".join(draw.choices(WORDS, k=draw.randint(1, 30)))
        else:
            text = "".join(draw.choices(PIECES, k=draw.randint(1, 40))) + _letter(draw)
            yield text.strip()


def _letter(draw):
    """Any character that a text of the model may hold."""
    while True:
        char = chr(draw.randrange(0x21, 0x2FFFF))
        if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp", "Zs") and char not in "\ufeff\ufffe\uffff":
            return char


def quoted(name):
    """A name as it may stand before an address, whatever it holds."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def seen(data):
    """What a reader makes of a mail: the names of its headers, the subject, the display names, the longest line."""
    read = email.message_from_bytes(data, policy=email.policy.default)
    raw = email.message_from_bytes(data)
    names = [_display_name(raw[name]) for name in ("From", "To", "Reply-To", "List-ID")]
    old = str(email.header.make_header(email.header.decode_header(raw["Subject"])))
    head = data.partition(b"\r\n\r\n")[0]
    return list(read.keys()), [str(read["Subject"]), old], names, max(map(len, head.split(b"\r\n")))


def _display_name(value):
    value = re.sub(r"\r?\n", "", value).rpartition(" <")[0]
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return str(email.header.make_header(email.header.decode_header(value)))


def altered(data, subject, name, headers):
    """What is not as it was meant in a mail of which all names are one; nothing where all is well."""
    keys, subjects, names, longest = seen(data)
    found = []
    if keys != headers:
        found.append(f"headers {keys}")
    found += [f"subject {text!r}" for text in subjects if text != subject]
    found += [f"name {text!r}" for text in names if text != name]
    if longest > 998:
        found.append(f"a line of {longest}")
    return found

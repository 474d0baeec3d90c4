"""Texts that try to become markup or script: ways out of a place x ways to run x ways to hide, all made here."""

import re
from itertools import product

import attrs
from printed import NOT_PRINTED

from perspectives.text import clean

# Each way to run holds `@` where `R(7)` will stand: the browser counts the calls of R, by the payload's number.
OUT = (
    "", '">', "'>", "`>", ">", '"', "' ", "</title>", "</style>", "</script>", "</textarea>", "</template>", "</noscript>",
    "</svg>", "</math>", "</select>", "</a></p></div>", "</iframe>", "-->", "--!>", "]]>", "?>", "<!--", "<![CDATA[",
    "\\", "*/}",
)  # fmt: skip
RUN = (
    "<script>@</script>",
    "<script src=data:text/javascript,@></script>",
    "<script type=module>@</script>",
    '{"x": "<!--<script>"}</script><script>@</script>',
    "<img src=x onerror=@>",
    '<img src="x" onerror="@">',
    "<image href=x onerror=@>",
    "<svg onload=@>",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=@ attributeName=x dur=1s>",
    '<svg><a href="javascript:@"><text y=9>x</text></a></svg>',
    "<math><mtext><script>@</script></mtext></math>",
    '<math><a xlink:href="javascript:@">x</a></math>',
    "<details open ontoggle=@>x</details>",
    '<iframe srcdoc="<script>parent.@</script>"></iframe>',
    '<iframe src="javascript:parent.@"></iframe>',
    "<object data=data:text/html,x onerror=@></object>",
    '<embed src="javascript:@">',
    "<body onload=@>",
    "<body onpageshow=@>",
    "<input autofocus onfocus=@>",
    "<select autofocus onfocus=@></select>",
    "<video src=x onerror=@></video>",
    "<video><source onerror=@></video>",
    "<audio src=x onerror=@>",
    "<style onload=@></style>",
    "<style>@import 'data:text/css,x'</style><link rel=stylesheet href=data:text/css,x onload=@>",
    '<a href="javascript:@">x</a>',
    '<form action="javascript:@"><button>x</button></form>',
    "<form><button formaction=javascript:@>x</button></form>",
    "<template><script>@</script></template><script>@</script>",
    '<div><template shadowrootmode="open"><script>@</script></template></div>',
    "<meta http-equiv=refresh content='0;url=javascript:@'>",
    "<base href=javascript:@//><a href=x>x</a>",
    "<marquee onstart=@>x</marquee>",
    "<p onmouseover=@ onclick=@>x</p>",
    " autofocus onfocus=@ tabindex=0 x=",
    " onmouseover=@ onerror=@ onload=@ x=",
    " style=animation-name:x onanimationstart=@ x=",
    "<b contenteditable autofocus onfocus=@>x</b>",
    "{{ ''.__class__ }}{% print 7 %}<script>@</script>",
    "javascript:@",
)
HIDING = (
    lambda text: text,
    lambda text: re.sub(r"[a-z](?=[a-z=])", lambda letter: letter[0].upper(), text),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace("<", "&#60;").replace('"', "&#34;"),
    lambda text: text.replace("<", "&#x3c").replace("'", "&#x27"),
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    lambda text: text.replace("<", "\\u003c").replace(">", "\\x3e"),
    lambda text: text.replace("<", "＜").replace(">", "＞"),
    lambda text: text.replace("<", "<\x00"),
    lambda text: re.sub(r"<(\w+)", r"<\1<\1>", text),
    lambda text: text.removesuffix(">") + " //",
)


def payloads():
    """All of them, each once and as the model takes it, those of one kind far from each other."""
    texts = [hide(out + run) for hide, out, run in product(HIDING, OUT, RUN)]
    unique = sorted(set(map(clean, texts)), key=lambda text: text[::-1])
    return [text.replace("@", f"R({number})") for number, text in enumerate(unique)]


def harmless(payload):
    """As many words, none of which means anything to anybody."""
    number = re.search(r"R\((\d+)", payload)[1]
    return re.sub("[^ ]+", "x", payload).replace("x", f"x{number}", 1)


# What holds one of some words only, or is no text.
WORDS = {*NOT_PRINTED, "email", "country", "digital_source_type"}


def attacked(brief, texts):
    """The brief with the next of these texts for each one that is printed; the same for the same."""
    return _attacked(brief, iter(texts), {})


def _attacked(value, texts, known):
    if isinstance(value, str):
        if value and value not in known:
            known[value] = next(texts)
        return known.get(value, value)
    if isinstance(value, tuple):
        return tuple(_attacked(item, texts, known) for item in value)
    if not attrs.has(type(value)):
        return value
    fields = [field.name for field in attrs.fields(type(value)) if field.name not in WORDS]
    return attrs.evolve(value, **{name: _attacked(getattr(value, name), texts, known) for name in fields})

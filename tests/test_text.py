"""The gate: which texts, URLs and addresses the model takes, and slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from perspectives.errors import Fault
from perspectives.text import check_address, check_text, check_url, clean, mailto, show, slug

ANY = st.text(st.characters() | st.sampled_from(" \t\n\r\v\f\x85\u2028\u2029\ufeff\ufffe\x00\x1c\ud800\u00a0"))


class TestText:
    @given(ANY)
    def test_gate_accepts_exactly_what_cleaning_leaves(self, text):
        """The gate accepts a text exactly when cleaning does not change it and it is not empty."""

        assert (clean(text) == text and text != "") == (not check_text(text))

    @given(ANY)
    def test_clean_is_done_after_once(self, text):
        """A cleaned text is not changed by cleaning it again."""

        assert clean(text) == clean(clean(text))

    @pytest.mark.parametrize(
        "text",
        [
            "straight \" and ' and curly “ ” ‘ ’",
            "dashes – — and runs  of   blanks",
            "no\u00a0break",
            "\u200fright to left\u200e",
            "👩‍👩‍👧 and 𝔘nicode",
            "{{ braces }} <b>markup</b> &amp;",
        ],
    )
    def test_text_is_kept_verbatim(self, text):
        """Quotes, dashes, blanks, bidirectional marks, emoji and markup are text like any other."""

        assert text == clean(text)

    @pytest.mark.parametrize(
        ("dirty", "expected"),
        [
            ("a\nb", "a b"),
            ("a \r\n\t b", "a b"),
            ("a  b", "a  b"),
            ("a\u2028b\u2029c\x85d\x0be\x0cf", "a b c d e f"),
            ("\ufeffa\ufeffb", "ab"),
            ("a\x00b\x1bc\x7fd\x9fe", "a\ufffdb\ufffdc\ufffdd\ufffde"),
            ("a\ud800b\ufffec\uffff", "a\ufffdb\ufffdc\ufffd"),
            ("\u00a0 a \u3000", "a"),
            (" \n ", ""),
        ],
    )
    def test_clean_repairs(self, dirty, expected):
        """Breaks become one space, a byte order mark goes, other forbidden characters become U+FFFD."""

        assert expected == clean(dirty)

    def test_clean_gives_plain_str(self):
        """Markup comes out as a plain text with the same characters, not escaped."""
        text = clean(Markup("a <b>\n"))

        assert ("a <b>", str) == (text, type(text))

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("", "an empty text"),
            ("a\nb", "'a\\nb' holds a line break at character 2"),
            ("a\tb", "'a\\tb' holds U+0009 at character 2"),
            ("\ud800", "'\\ud800' holds U+D800 at character 1"),
            ("a ", "'a ' begins or ends with white space"),
            ("\u00a0a", "'\\xa0a' begins or ends with white space"),
            (5, "5 is no text"),
            (None, "null is no text"),
            (b"a", "b'a' is no text"),
            (Markup("<b>"), "a Markup is no text"),
        ],
    )
    def test_gate_says_what_is_wrong(self, value, message):
        """Each refusal names the value, what is wrong with it and where."""
        code = "not-text" if message.endswith("is no text") else "bad-text"

        assert [Fault(code=code, message=message, path="$.a", expected="one paragraph of plain text")] == list(
            check_text(value, "$.a")
        )


class TestUrl:
    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org",
            "http://example.org:8080/a_(b)?c=d&e=%20f#g",
            "HTTPS://EXAMPLE.ORG/",
            "https://xn--e1afmkfd.example/",
            "http://127.0.0.1/",
            "http://[::1]:80/",
            "https://a_b.example/!$&'()*+,;=:@",
        ],
    )
    def test_web_address_is_taken(self, url):
        """http and https URLs in the characters of RFC 3986 are taken."""

        assert () == check_url(url)

    @pytest.mark.parametrize(
        ("url", "wrong"),
        [
            ("javascript:alert(1)", "has the scheme 'javascript'"),
            ("JaVa\tScript:alert(1)", "holds '\\t' at character 5"),
            ("\x01javascript:alert(1)", "holds '\\x01' at character 1"),
            ("data:text/html,x", "has the scheme 'data'"),
            ("vbscript:x", "has the scheme 'vbscript'"),
            ("mailto:a@example.org", "has the scheme 'mailto'"),
            ("//example.org/", "has no scheme"),
            ("/a", "has no scheme"),
            ("http:example.org", "has no valid host"),
            ("http:///a", "has no valid host"),
            ("http://a..b/", "has no valid host"),
            ("http://-a.example/", "has no valid host"),
            ("https://user@example.org", "holds a user name"),
            ("https://a:b@example.org", "holds a user name"),
            ("http://example.org:99999/", "is malformed (Port out of range 0-65535)"),
            ("http://example.org:0/", "has the port 0"),
            ("http://[::1", "is malformed (Invalid IPv6 URL)"),
            ("http://a\\@b/", "holds '\\\\' at character 9"),
            ("http://example.org/a b", "holds ' ' at character 21"),
            ("http://example.org/<b>", "holds '<' at character 20"),
            ("http://example.org/ş", "holds 'ş' at character 20"),
            ("http://аpple.com/", "holds 'а' at character 8"),
            ("http://１２７.0.0.1/", "holds '１' at character 8"),
            ("http://a.example/%zz", "holds '%' at character 18"),
            ("http://a.example/\n", "holds '\\n' at character 18"),
            ("http://@c/", "holds a user name"),
            ("http://[fe80::1%25eth0]/", "has no valid host"),
            ("http://a%2eexample/", "has no valid host"),
            ("https://[::1]x/", "has no valid host"),
            ("https://x[::1]/", "has no valid host"),
            ("http://[v1.a]/", "has no valid host"),
            (f"http://{'a.' * 128}abcd/", "has no valid host"),
            ("", "has no scheme"),
            (5, "is no URL"),
        ],
    )
    def test_other_address_is_refused(self, url, wrong):
        """Everything that is no plain web address is refused with its reason."""

        assert [f"{show(url)} {wrong}"] == [fault.message for fault in check_url(url)]


class TestAddress:
    @pytest.mark.parametrize("address", ["a@example.org", "first.last+tag@mail.example.org", "o'neil@localhost"])
    def test_plain_address_is_taken(self, address):
        """A plain ASCII address is taken."""

        assert () == check_address(address)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "a",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b\r\nBcc: c@d",
            '"a"@b',
            "a@b, c@d",
            "é@b",
            "a@-b",
            "a..b@c",
            "x" * 65 + "@b.c",
            "a@" + "b." * 126 + "c",
            5,
        ],
    )
    def test_other_address_is_refused(self, address):
        """Anything but one plain address is refused."""

        assert ["bad-address"] == [fault.code for fault in check_address(address)]

    def test_link_of_address_escapes_what_a_link_has_a_meaning_for(self):
        """`?`, `&` and `%` of an address stay letters in its mailto link (RFC 6068)."""

        assert "mailto:a%3Fb%26c%25d@example.org" == mailto("a?b&c%d@example.org")


class TestSlug:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Yeni Şafak", "yeni-şafak"),
            ("NBC News", "nbc-news"),
            ("ידיעות אחרונות", "ידיעות-אחרונות"),
            ("人民日报", "人民日报"),
            ("हिन्दुस्तान टाइम्स", "हिन्दुस्तान-टाइम्स"),
            ("  L'Équipe!  ", "l-équipe"),
            ("Straße", "strasse"),
            ("ＡＢＣ", "abc"),
            ("!!!", ""),
        ],
    )
    def test_slug_keeps_letters_of_every_script(self, name, expected):
        """Letters, marks and digits of every script stay; the rest becomes single hyphens."""

        assert expected == slug(name)

    @given(st.text())
    def test_slug_of_slug_is_itself(self, text):
        """A slug is its own slug, so that an id can be checked by making it."""

        assert slug(text) == slug(slug(text))

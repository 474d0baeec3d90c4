"""Words, dates and relative days in texts of the shipped languages."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perspectives.prose import count_words, find_date, find_relative_day, tokens, wrapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ask who inspects the bearings.", 5),
        ("the Kim–Putin call – a “pact”", 6),
        ("他说：“好”。", 3),
        ("2025年8月", 4),
        ("カタカナ です", 6),
        ("한국어 단어", 2),
        ("\u00a0", 0),
    ],
)
def test_words_are_counted(text, expected):
    """White space parts words; each Han or Kana character is one, their punctuation none."""

    assert expected == count_words(text)


def test_tokens_have_no_case_and_no_hyphen():
    """Tokens compare words: without case, hyphens and punctuation, Han one by one, vowel signs kept."""

    assert ["far", "right", "左", "派", "कला"] == tokens("Far‑Right, 左派; कला")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 12 Aug 2025, Kim", "12 Aug 2025"),
        ("since August 12, 2025", "August 12, 2025"),
        ("the 12th of August, 2025", "12th of August, 2025"),
        ("(2025-08-12)", "2025-08-12"),
        ("am 12.8.2025", "12.8.2025"),
        ("am 12. August 2025", "12. August 2025"),
        ("le 1er août 2025", "1er août 2025"),
        ("el 12 de agosto de 2025", "12 de agosto de 2025"),
        ("12 settembre 2025", "12 settembre 2025"),
        ("12 серпня 2025 року", "12 серпня 2025"),
        ("12 августа 2025 года", "12 августа 2025"),
        ("ב-12 באוגוסט 2025", "12 באוגוסט 2025"),
        ("في ١٢ أغسطس ٢٠٢٥", "١٢ أغسطس ٢٠٢٥"),
        ("12 آب/أغسطس 2025", "12 آب/أغسطس 2025"),
        ("12 अगस्त 2025", "12 अगस्त 2025"),
        ("于2025年8月12日说", "2025年8月12日"),
        ("rose from 12 in 2025", None),
        ("August 2025", None),
        ("on 12 Aug", None),
        ("version 10.0.0.2", None),
        ("a ratio of 10-20-30", None),
        ("12.8.20251", None),
    ],
)
def test_date_is_found(text, expected):
    """A whole date is found in each language; a number that only looks like one is not."""

    assert expected == find_date(text)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The vote was Yesterday.", "Yesterday"),
        ("en-GB", "two days ago", "two days ago"),
        ("en", "It ended. Today it", "Today"),
        ("en", "USA Today reported", None),
        ("en", "the latest week", None),
        ("de", "er kommt morgen", "morgen"),
        ("de", "am Morgen", None),
        ("de", "morgens und gesternabend", None),
        ("de", "letzten Montag", "letzten Montag"),
        ("fr", "aujourd’hui", "aujourd’hui"),
        ("fr", "la hiérarchie d’un cahier", None),
        ("es", "mañana votará", "mañana"),
        ("es", "por la mañana, hoy en día", None),
        ("pt", "na semana passada", "semana passada"),
        ("pt", "hoje em dia", None),
        ("it", "due giorni fa", "due giorni fa"),
        ("it", "al giorno d'oggi", None),
        ("ar", "أعلن اليوم أن", "اليوم"),
        ("ar", "قال اليوم الثلاثاء", "اليوم"),
        ("ar", "في اليوم التالي", None),
        ("ar", "أمسية", None),
        ("he", "ומחר", "ומחר"),
        ("he", "היום השני", None),
        ("he", "מחרים", None),
        ("uk", "минулого тижня", "минулого тижня"),
        ("uk", "сьогоднішній", None),
        ("ru", "два дня назад", "два дня назад"),
        ("ru", "завтрак", None),
        ("zh", "他昨天说", "昨天"),
        ("zh", "日本周边如今天气失去年轻人，表明天然气", None),
        ("zh-Hant", "今日俄羅斯", None),
        ("ja", "昨日発表", "昨日"),
        ("ja", "昨今日本の将来年金、説明日時", None),
        ("hi", "कल कहा", "कल"),
        ("hi", "कला, आज तक, आज़ाद", None),
        ("ko", "어제", None),
    ],
)
def test_relative_day_is_found(language, text, expected):
    """A word is found where it says a day, and not within another word or in another meaning."""

    assert expected == find_relative_day(text, language)


@given(
    st.lists(st.sampled_from(["a", "be", "  ", "é–x", "漢字", "x" * 20, "1."]), min_size=1).map(" ".join), st.booleans()
)
def test_paragraph_is_wrapped(text, is_item):
    """A paragraph is wrapped as the standard library does it, which breaks at blanks alone and keeps long words."""
    text = f"  1. {text.strip() or 'x'}" if is_item else text.strip() or "x"
    indent = " " * 5 * is_item
    expected = textwrap.wrap(text, 26, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

    assert "\n".join(expected) == wrapped(text, 26, indent)

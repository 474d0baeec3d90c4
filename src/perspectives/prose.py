"""What is in a text, as rules and reports need to know: its words, its dates, its "yesterday"; and its lines."""

import functools
import re
from collections.abc import Sequence

# Han and Kana, which are written without spaces; Hangul has them. With the iteration marks, without punctuation.
_UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
# What belongs to a word: `\w` leaves out the vowel signs of Arabic, Hebrew and Devanagari.
_LETTER = (
    r"\w\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u097f\u200c\u200d"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[{_LETTER}])+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def count_words(text: str) -> int:
    """How many words a text has: what stands between white space, and each Han or Kana character for itself.

    So a Chinese text of 100 characters counts about as a text of 100 words.
    Thai and its neighbours, written without spaces too, count as few words.
    """
    return sum(len(_TOKEN.findall(part)) if _IS_UNSPACED.search(part) else 1 for part in text.split())


def tokens(text: str) -> Sequence[str]:
    """The words without case, hyphens and punctuation, to look for one text in another: `Far-Right` -> far, right."""
    return _TOKEN.findall(text.casefold())


# Names and abbreviations of the months in the languages that the wording ships (CLDR, format and stand-alone).
# All are looked for in any text, whose language may be unsaid; Chinese and Japanese have numbers.
_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " januar jänner februar märz mai juni juli oktober dezember jän mär mrz okt dez"
    " janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr avr juil déc"
    " enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre"
    " ene abr ago dic"
    " janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev set out"
    " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ott"
    " يناير فبراير مارس أبريل إبريل ابريل مايو يونيو يوليو أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر ديسمبر"
    " شباط آذار نيسان أيار حزيران تموز آب أيلول"
    " ינואר פברואר מרץ מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר"
    " січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " янв февр апр авг сент окт нояб дек"
    " जनवरी फ़रवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर सितम्बर अक्टूबर अक्तूबर नवंबर नवम्बर दिसंबर दिसम्बर"
)
_DAY = _MONTH = r"(?:0?[1-9]|[12]\d|3[01])"  # in numbers a month may stand in either place
_YEAR = r"(?:1\d|20)\d\d"
_FOUR_DIGITS = re.compile(r"\d{4}")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)


def _whole(form: str) -> str:
    return f"(?<![{_LETTER}])(?:{form})(?![{_LETTER}])"


@functools.cache
def _date_pattern() -> re.Pattern[str]:
    names = {*_MONTHS.split(), "كانون الثاني", "كانون الأول", "تشرين الأول", "تشرين الثاني"}
    # The longer name first; ב is the Hebrew "in", and Arabic gives a month both of its names.
    month = rf"ב?(?:{'|'.join(sorted(names, key=lambda name: (-len(name), name)))})\.?(?:\s?/\s?[{_LETTER}]+)?"
    forms = (
        rf"{_DAY}(?:\.|º|°|st|nd|rd|th|er)?\s(?:of\s|de\s)?{month},?\s(?:de\s|del\s)?{_YEAR}",
        rf"{month}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"{_YEAR}([-./]){_MONTH}\1{_DAY}",
        rf"{_DAY}([-./])\s?{_MONTH}\2\s?{_YEAR}",
    )
    unspaced = rf"{_YEAR}\s?年\s?{_MONTH}\s?月\s?{_DAY}\s?日"
    return re.compile("|".join([*map(_whole, forms), unspaced]), re.IGNORECASE)


def find_date(text: str) -> str | None:
    """The first whole date in a text, of whatever language: `12 Aug 2025`, `2025-08-12`, `2025年8月12日`.

    A date without its year is none, since it does not say which day it is.
    """
    # Most texts name no year, and a look for one is much faster.
    found = _FOUR_DIGITS.search(text) and _date_pattern().search(text.translate(_DIGITS))
    return text[found.start() : found.end()] if found else None


_WEEKDAYS = {
    "en": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "de": "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    "ar": "الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت",
}
_COUNT = r"[^\W\d_]+|\d+"
# Words that say a day only to those who know when they were written. Where one of them has another meaning, the
# context excludes it: what is missed here costs less than a false alarm.
_RELATIVE = {
    "en": (
        r"yesterday|today|tonight|tomorrow|last\snight"
        rf"|(?:last|this|next)\s(?:week|weekend|month|year|{_WEEKDAYS['en']})"
        rf"|(?:{_COUNT})\s(?:hours?|days?|weeks?|months?|years?)\sago"
    ),
    # "Morgen" with a capital is the morning, or begins a sentence: only the small one is sure.
    "de": (
        r"gestern|vorgestern|heute|(?-i:morgen)|übermorgen"
        rf"|(?:letzte|vergangene|vorige|nächste|kommende|diese)[nmrs]?\s(?:woche|wochenende|monat|jahr|{_WEEKDAYS['de']})"
        rf"|vor\s(?:{_COUNT})\s(?:stunden|tage?n?|wochen?|monate?n?|jahre?n?)"
    ),
    "fr": (
        r"hier|avant-hier|aujourd['’]hui|demain|après-demain"
        r"|(?:semaine|année)\s(?:dernière|passée|prochaine)|(?:mois|an)\s(?:dernier|passé|prochain)"
        rf"|(?:{_WEEKDAYS['fr']})\s(?:dernier|prochain)|cette\s(?:semaine|année)|ce\smois(?:-ci)?"
        rf"|il\sy\sa\s(?:{_COUNT})\s(?:heures?|jours?|semaines?|mois|ans?)"
    ),
    # "mañana" behind an article is the morning; "hoy en día" is nowadays.
    "es": (
        r"ayer|anteayer|anoche|hoy(?!\sen\sdía)|(?<!\bla\s)(?<!\besta\s)(?<!\buna\s)(?<!\bcada\s)(?<!\bde\s)mañana"
        rf"|(?:semana|mes|año|{_WEEKDAYS['es']})\s(?:pasad[oa]|próxim[oa])|próxim[oa]\s(?:semana|mes|año)"
        rf"|est[ea]\s(?:semana|mes|año)|hace\s(?:{_COUNT})\s(?:horas?|días?|semanas?|mes(?:es)?|años?)"
    ),
    "pt": (
        r"ontem|anteontem|hoje(?!\sem\sdia)|amanhã"
        r"|(?:semana|mês|ano)\s(?:passad[oa]|que\svem)|próxim[oa]\s(?:semana|mês|ano)|est[ea]\s(?:semana|mês|ano)"
        rf"|há\s(?:{_COUNT})\s(?:horas?|dias?|semanas?|m(?:ês|eses)|anos?)"
    ),
    # "al giorno d'oggi" is nowadays.
    "it": (
        r"ieri|(?<!giorno\sd['’])oggi|domani|dopodomani"
        r"|(?:settimana|mese|anno)\s(?:scors[oa]|passat[oa]|prossim[oa])"
        r"|(?:scors[oa]|prossim[oa]|quest[oa])\s(?:settimana|mese|anno)|quest['’]anno"
        rf"|(?:{_COUNT})\s(?:or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi])\sfa"
    ),
    # Conjunctions and prepositions are one with the word; "اليوم" is "the day" too, before an adjective or behind "in".
    "ar": (
        r"[وف]?(?:ب|من\s)?(?:ال)?أمس"
        rf"|(?<!في\s)(?<!هذا\s)(?<!ذلك\s)[وف]?اليوم(?!\s(?:(?!{_WEEKDAYS['ar']})ال|نفسه|ذاته))"
        r"|[وف]?غد(?:ا|ًا|اً)"
        r"|[وفب]?(?:الأسبوع|الشهر|العام|السنة)\s(?:الماضي|المنصرم|المقبل|القادم|الحالي|الجاري)[ةه]?"
        r"|هذا\s(?:الأسبوع|الشهر|العام)|هذه\sالسنة"
    ),
    # The same letters are "the day", "the week": not before an ordinal.
    "he": (
        r"[ובכלמש]{0,2}(?:אתמול|שלשום|מחר|מחרתיים)"
        r"|[ומש]{0,2}(?:היום|השבוע)(?!\s(?:ה(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|שביעי|אחרון|בא|זה)|שעבר))"
        r"|[ובמש]{0,2}(?:שבוע|חודש|שנה)\s(?:שעברה?|הבאה?)"
    ),
    "uk": (
        "вчора|учора|позавчора|сьогодні|завтра|післязавтра"
        r"|(?:минул|наступн|ц)(?:ого|ої|ього|ієї)\s(?:тижня|місяця|року)"
        rf"|(?:{_COUNT})\s(?:годин[иу]?|дні|днів|день|тиждень|тижні|тижнів|місяць|місяці|місяців|рік|роки|років)\sтому"
    ),
    "ru": (
        "вчера|позавчера|сегодня|завтра|послезавтра"
        r"|(?:прошл|следующ|эт)(?:ой|ом|ем|ей)\s(?:неделе|месяце|году)"
        rf"|(?:{_COUNT})\s(?:час(?:а|ов)?|день|дня|дней|недел[юиь]|месяц(?:а|ев)?|год(?:а)?|лет)\s(?:тому\s)?назад"
    ),
    # Without spaces: 如今|天气, 表明|天然气, 日本|周边 and 失去|年轻 hold none of these, nor do names such as 今日头条.
    "zh": (
        "昨[天日晚夜]|(?<![如当當])今[天晚早](?!气|氣|然|下)|今日(?!头条|頭條|俄罗斯|俄羅斯)"
        "|(?<![表说說证證声聲文阐闡光透])明[天日年](?!气|氣|然|下|轻|輕|代|龄|齡)"
        "|(?<![目以之当當提])前天(?!气|氣|然|下)"
        "|(?<![以地日])[上下本][周週](?![边邊围圍期年刊])|[上下][个個]月|(?<![日基根])本月(?!薪)"
        "|(?<![过過失])去年(?![轻輕龄齡代])|(?<!如)今年(?![轻輕龄齡代])"
    ),
    # 昨今|日本, 将来|年金 and 説明|日時 hold none. Words in Hiragana are left out: they are parts of too many others.
    "ja": (
        "昨[日夜年]|(?<!昨)今[日夜朝](?!本)|(?<![説証表声文照])明日(?!香)|明後日|[先今来][週月](?![間])"
        "|(?<!過)去年|(?<![昨古])今年|(?<![将本従由以元])来年"
    ),
    # "आज तक" is until today, and a channel.
    "hi": (
        r"आज(?!\sतक)|कल|परसों|(?:पिछले|अगले|इस)\s(?:सप्ताह|हफ़्ते|हफ्ते|महीने|माह|साल|वर्ष)"
        rf"|[{_LETTER}]+\s(?:घंटे|दिन|सप्ताह|हफ़्ते|हफ्ते|महीने|साल|वर्ष)\sपहले"
    ),
}  # fmt: skip


@functools.cache
def _relative(language: str) -> re.Pattern[str] | None:
    words = _RELATIVE.get(language)
    if words is None:
        return None
    return re.compile(words if language in ("zh", "ja") else _whole(words), re.IGNORECASE)


def find_relative_day(text: str, language: str) -> str | None:
    """The first words that say a day by the day of writing, such as "yesterday", or None.

    `language` is a BCP 47 tag; of a language that has no words here nothing is found.
    """
    pattern = _relative(language.lower().partition("-")[0])
    found = (match for match in pattern.finditer(text) if not _is_name(match)) if pattern else iter(())
    return next((match[0] for match in found), None)


def _is_name(match: re.Match[str]) -> bool:
    """Whether a word stands with a capital behind one with a capital: `USA Today`."""
    # The last word of some: to split all that stands before each match would take quadratic time.
    before = match.string[max(0, match.start() - 40) : match.start()].split()[-1:]
    return match[0][0].isupper() and bool(before) and before[0][0].isupper() and before[0][-1].isalnum()


def wrapped(text: str, width: int, indent: str = "") -> str:
    """A paragraph in lines of at most `width` characters, those behind the first with an indent.

    A word that is longer stays whole: it is an address, which breaks when it is
    broken. Written here because `textwrap` takes longer than all the rest of a
    mail that is merged.
    """
    lines = []
    lead = ""
    while len(lead) + len(text) > width:
        room = width - len(lead)
        # What the first line is indented with is no place to break at.
        blanks = len(text) - len(text.lstrip(" "))
        end = text.rfind(" ", blanks, room + 1)
        end = text.find(" ", blanks) if end < 0 else end
        if end < 0:
            break
        lines.append(lead + text[:end].rstrip(" "))
        text = text[end:].lstrip(" ")
        lead = indent
    return "\n".join([*lines, lead + text])

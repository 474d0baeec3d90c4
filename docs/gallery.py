"""Takes the pictures of the gallery anew: `python docs/gallery.py`, which asks chromium, pdftoppm and Pillow.

One story and thirty, in three scripts, on three widths, in light and in dark, and what a printer makes of them.
All stories are our own; the page `gallery.md` shows every picture.
"""

import datetime as dt
import io
import itertools
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import attrs
from PIL import Image

import perspectives as p

PICTURES = Path(__file__).parent / "_static" / "gallery"
SIZES = {320: 1400, 768: 1300, 1280: 1300}
"""Width and height of a picture, in pixels."""
SCHEMES = {"light": "1", "dark": "0"}
CHROMIUM = [
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
]  # fmt: skip

TEXTS = {
    "latin": """\
City

Harbour council votes by one voice to close the old swing bridge to cars

After a session of seven hours the council voted 9 to 8 to close the bridge to cars from 1 March; people on foot and on bicycles may go on crossing it.

Focusing Facts

1. The vote was 9 to 8, with no abstention, and came after 41 speakers from the public.
2. About 6,400 cars crossed on a weekday in 2025, a third fewer than ten years before.
3. A bearing cracked on 3 May 2025; the surveyor puts its repair at 21 million.

Context

Swing bridges were built where ships mattered more than carts, and most of them outlived their ships. Two neighbouring towns closed theirs in the nineties: one kept the towers and made a garden of the deck, the other built a tunnel that took eleven years and three mayors. What both learned is that a bridge is missed for a summer and then forgotten, unless it was the only way to the hospital, which in Port Ellery it is not. The question that the council left open is who pays for the ferry.

Perspectives

Business press

e.g., Harbour Ledger, Trade Post, The Quayside Broker

Reports the closure as a cost to the shops on the east bank, and counts the customers who will drive to the mall instead.

It takes the figures of the traders' guild as they come, and says little of the people who walk.

Neighbourhood papers

e.g., East Bank News, The Quay

Celebrate a quiet quay after forty years of petitions, and follow the families of Mill Street, who will sleep with open windows.

Their readers live on the one street that gains; the bus that will now go round by the mill is not mentioned.

Engineers and their trade journals

e.g., Span & Girder

Ask who inspects the bearings of the footbridge that stays, and when.

The tone is that of people who were not asked; the cost of what they propose is left to others.

Go Deeper

Read the minutes of the 212th session
""",
    "arabic": """\
المدينة

مجلس الميناء يصوت بفارق صوت واحد على إغلاق الجسر الدوار القديم أمام السيارات

بعد جلسة استمرت سبع ساعات صوت المجلس بأغلبية 9 مقابل 8 على إغلاق الجسر أمام السيارات ابتداء من 1 مارس، ويبقى مفتوحا للمشاة والدراجات.

حقائق أساسية

1. كانت النتيجة 9 مقابل 8 من دون امتناع أي عضو عن التصويت.
2. عبرت الجسر نحو 6400 سيارة في يوم العمل الواحد عام 2025.
3. تشقق أحد المحامل في 3 مايو 2025، ويقدر المهندس كلفة إصلاحه بنحو 21 مليونا.

السياق

بنيت الجسور الدوارة حيث كانت السفن أهم من العربات، وعاش معظمها بعد زوال سفنها. أغلقت مدينتان مجاورتان جسريهما في التسعينيات: احتفظت الأولى بالأبراج وجعلت من السطح حديقة، وحفرت الثانية نفقا استغرق أحد عشر عاما. وبقي سؤال واحد لم يجب عنه المجلس: من يدفع ثمن العبّارة؟

وجهات النظر

الصحافة الاقتصادية

على سبيل المثال: دفتر الميناء، Harbour Ledger

تصف الإغلاق بأنه خسارة لمتاجر الضفة الشرقية، وتحصي الزبائن الذين سيقصدون المركز التجاري.

تنقل أرقام نقابة التجار كما هي، ولا تقول شيئا يذكر عن المشاة.

صحف الأحياء

على سبيل المثال: أخبار الضفة الشرقية، الرصيف

تحتفي برصيف هادئ بعد أربعين عاما من العرائض.

يسكن قراؤها في الشارع الوحيد الذي يكسب من القرار.

المهندسون

على سبيل المثال: Span & Girder

يسألون من سيفحص محامل جسر المشاة الباقي، ومتى.

نبرتهم نبرة من لم يسأله أحد.
""",
    "japanese": """\
市政

港町の議会、古い旋回橋の車両通行止めを一票差で可決

七時間に及ぶ審議の末、議会は九対八で、三月一日から橋の車両通行を止めることを決めた。歩行者と自転車は引き続き渡ることができる。

主な事実

1. 採決は九対八で、棄権はなかった。
2. 2025年には平日一日あたり約6,400台の車が橋を渡った。
3. 2025年5月3日に軸受けに亀裂が見つかり、修理費は2,100万と見積もられている。

背景

旋回橋は、荷車よりも船が大切だった土地に架けられ、その多くは船がいなくなった後も残った。隣の二つの町は1990年代に橋を閉じている。一方は塔を残して橋の上を庭園にし、もう一方は十一年かけてトンネルを掘った。議会が答えを出さなかった問いは、渡し船の費用を誰が払うのかということである。

さまざまな見方

経済紙

例： 港湾日報、Harbour Ledger

東岸の商店にとっての損失として報じ、郊外の店へ流れる客の数を数える。

商店会の数字をそのまま伝え、歩く人々についてはほとんど触れない。

地域紙

例： 東岸新聞、波止場だより

四十年の請願の末に静けさを取り戻した岸壁を祝い、水車通りの家族を追う。

読者が住むのは、この決定で得をするただ一つの通りである。

技術者と専門誌

例： 橋と桁

残る歩道橋の軸受けを、誰がいつ点検するのかを問う。

意見を聞かれなかった人々の口調で語られ、提案の費用には触れない。
""",
}
HEADLINES = {
    "latin": [
        "Library lends tools and seeds", "Ferry to sail every ten minutes", "Two schools share one roof",
        "The lighthouse gets a keeper again", "Night buses return, on trial", "Rain fills the reservoir in a week",
        "A theatre without a curtain", "Old tram found under the square", "The market moves indoors until spring",
        "Rents rise by four in a hundred",
    ],
    "arabic": [
        "المكتبة تعير الأدوات والبذور", "العبّارة تبحر كل عشر دقائق", "مدرستان تحت سقف واحد",
        "المنارة يعود إليها حارسها", "حافلات الليل تعود على سبيل التجربة", "المطر يملأ الخزان في أسبوع",
        "مسرح بلا ستارة", "العثور على ترام قديم تحت الساحة", "السوق ينتقل إلى الداخل حتى الربيع", "الإيجارات ترتفع أربعة في المئة",
    ],
    "japanese": [
        "図書館、工具と種を貸し出す", "渡し船、十分ごとに運航へ", "二つの学校が一つの校舎に", "灯台に守り人が戻る",
        "夜行バス、試験的に再開", "一週間の雨で貯水池が満水に", "幕のない劇場", "広場の下から古い路面電車", "市場、春まで屋内へ", "家賃、百分の四上昇",
    ],
}  # fmt: skip
WORDS = {
    "latin": ("Evening brief", ["City", "Water", "Work"]),
    "arabic": ("موجز المساء", ["المدينة", "الماء", "العمل"]),
    "japanese": ("夕刊まとめ", ["市政", "水辺", "仕事"]),
}


def briefs() -> dict[str, p.Brief]:
    """The briefs that are shown, by the beginning of a picture's name."""
    found = {}
    for script, text in TEXTS.items():
        (story,) = p.loads(text, "text").stories
        title, sections = WORDS[script]
        language = p.loads(text, "text").language
        edition = p.Brief(title=title, date=dt.date(2026, 1, 14), language=language, stories=[story])
        found[f"{script}-one"] = edition
        found[f"{script}-thirty"] = attrs.evolve(edition, stories=_thirty(story, script, sections))
    return found


def _thirty(story: p.Story, script: str, sections: list[str]) -> list[p.Story]:
    """The story with other headlines, and with two, three, four and twelve groups by turns."""
    headlines = [story.headline, *HEADLINES[script]]
    return [
        attrs.evolve(
            story,
            headline=headlines[number % len(headlines)],
            section=sections[number // 10],
            perspectives=_groups(story.perspectives, count),
        )
        for number, count in zip(range(30), itertools.cycle([4, 2, 12, 3]), strict=False)
    ]


def _groups(groups: Sequence[p.PerspectiveGroup], count: int) -> list[p.PerspectiveGroup]:
    rounds = ((group, lap) for lap in range(1, count) for group in groups)
    return [
        group if lap == 1 else attrs.evolve(group, label=f"{group.label} {lap}")
        for group, lap in itertools.islice(rounds, count)
    ]


def take(page: Path, width: int, height: int, scheme: str) -> Image.Image:
    """The picture of a page in a window."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "shot.png")
        flags = [f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"]
        size = [f"--screenshot={shot}", f"--window-size={width},{height}"]
        subprocess.run([*CHROMIUM, *flags, *size, page.as_uri()], check=True, capture_output=True, timeout=120)  # noqa: S603
        return Image.open(io.BytesIO(shot.read_bytes()))


def printed(page: Path) -> Image.Image:
    """The first sheet that comes out of a printer."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "page.pdf")
        command = [*CHROMIUM, f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
        picture = ["pdftoppm", "-r", "80", "-f", "1", "-l", "1", "-png", str(pdf)]
        return Image.open(io.BytesIO(subprocess.run(picture, check=True, capture_output=True, timeout=60).stdout))  # noqa: S603


def save(picture: Image.Image, name: str) -> None:
    """As few bytes as flat colours need."""
    picture.convert("RGB").quantize(32, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, brief in briefs().items():
            page = Path(folder, f"{name}.html")
            p.write(brief, page)
            for (width, height), scheme in itertools.product(SIZES.items(), SCHEMES):
                save(take(page, width, height, scheme), f"{name}-{width}-{scheme}")
            if name.endswith("one"):
                save(printed(page), f"{name}-print")


if __name__ == "__main__":
    main()

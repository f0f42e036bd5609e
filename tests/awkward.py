"""Awkward strings that are legal names: each must survive a form, the database, CSV and XLSX unchanged."""

import itertools
import unicodedata

_LITERAL = [
    "undefined", "null", "None", "nil", "NaN", "true", "-1", "0", "1e100", "0x0", "1/0", "=1+1", "=cmd|' /C calc'!A0", "+62",
    "-2+3", "@SUM(A1:A9)", "'; DROP TABLE people; --", '" OR ""="', "' OR 1=1 --", "<script>alert(1)</script>", "<b>tebal</b>",
    "&amp;", "&#x41;", "{{ 7*7 }}", "{% raw %}", "${7*7}", "%s%s%n", "%(name)s", "../../etc/passwd", "C:\\Windows", "a\\nb",
    "C:/x;y", "a,b;c", '"kutip"', "'petik'", "`aksen`", "O'Brien", "D'Angelo", "Ni Luh Putu Ayu Dewi Kusumawardhani, S.Tr.Sos.",
    "Muhammad Al-Fatih bin 'Abd", "Jean-Luc", "Renée", "Zoë", "Øystein", "Łukasz", "Đặng Thị", "Ægir", "ﬁ ligatur", "½ bagian",
    "ı i İ I", "ß ẞ", "Σ σ ς", "田中さん", "김철수", "中文名字", "العربية", "עברית", "हिन्दी", "ไทย", "ꦗꦮ", "ᬩᬮᬶ", "ᮞᮥᮔ᮪ᮓ", "😀", "👩‍👩‍👧‍👦", "🇮🇩", "👍🏽",
    "\u202eterbalik\u202c", "a\u200bb", "a\u200db", "a\u2060b", "\ufeffbom", "e\u0301 gabung", "Z̵a̶l̷g̴o̵", "a" * 120, "𝕻𝖆𝖓𝖉𝖚", "\U0010ffff",
]  # fmt: skip

_BLOCKS = [
    (0x00A1, 60), (0x0100, 40), (0x0370, 30), (0x0400, 40), (0x05D0, 20), (0x0620, 30), (0x0905, 30), (0x0E01, 30), (0x1B05, 30), (0x2010, 30),
    (0x2200, 30), (0x3041, 40), (0x4E00, 40), (0xA984, 30), (0xAC00, 30), (0x1F300, 60),
]  # fmt: skip


def strings() -> list[str]:
    """Return more than 515 different awkward strings, each as a form keeps it (NFC, trimmed, blanks single)."""
    generated = (f"{chr(start + offset)} nama {offset}" for start, count in _BLOCKS for offset in range(count))
    signs = (f"{sign}{word}" for sign, word in itertools.product("=+-@|!#%&", ("A1", "nama", "SUM(1)")))
    kept = (_kept(text) for text in itertools.chain(_LITERAL, generated, signs))
    return list(dict.fromkeys(text for text in kept if text))


def _kept(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "" if any(unicodedata.category(each) in {"Cc", "Cs"} for each in plain) else plain[:120]

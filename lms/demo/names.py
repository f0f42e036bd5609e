"""Names by region, drawn at random from common words; nobody of this name is meant."""

import random
from collections.abc import Mapping, Sequence

Words = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""(women's given names, men's given names, second names)"""

_SUMATRA: Words = (
    ("Nuraini", "Mardiana", "Suryati", "Rosmala", "Yuliana", "Desi"),
    ("Zainal", "Herman", "Rusdi", "Syafrizal", "Iskandar", "Andri"),
    ("Effendi", "Hasibuan", "Wijaya", "Fitri", "Saputra", "Oktavia"),
)
_JAVA: Words = (
    ("Sri", "Wahyuni", "Sulastri", "Tumini", "Endang", "Retno", "Siti"),
    ("Slamet", "Bambang", "Agus", "Joko", "Eko", "Suryono", "Teguh"),
    ("Prasetyo", "Lestari", "Widodo", "Rahayu", "Santoso", "Handayani", "Utami"),
)
_WEST_JAVA: Words = (
    ("Neneng", "Euis", "Cucu", "Imas", "Lilis"),
    ("Asep", "Dadang", "Ujang", "Cecep", "Deden"),
    ("Hidayat", "Rohaeti", "Suherman", "Nuraeni", "Kurniawan"),
)
_BORNEO: Words = (
    ("Norhayati", "Yuliana", "Rusmini", "Mariatul"),
    ("Syahrani", "Agustinus", "Hamdani", "Yosef"),
    ("Anwar", "Dayung", "Fitriah", "Ramadhan"),
)
_CELEBES: Words = (
    ("Nurhidayah", "Hasnah", "Andi Tenri", "Wa Ode Sitti"),
    ("Baharuddin", "La Ode Rahman", "Moh. Fadli", "Andi Ramli"),
    ("Mansyur", "Lasimpara", "Rauf", "Sabara", "Ramli"),
)
_PAPUA: Words = (
    ("Yosefina", "Naomi", "Dorce", "Marice", "Yuliana"),
    ("Markus", "Elia", "Yakob", "Petrus", "Daud"),
    ("Wanggai", "Kogoya", "Mofu", "Tabuni", "Kaisiepo"),
)
_MALUKU: Words = (
    ("Welma", "Rosita", "Nurlaila", "Yohana"),
    ("Jemmy", "Abdul", "Ruslan", "Stefanus"),
    ("Pattiasina", "Latuconsina", "Umasugi", "Tuasikal"),
)

_BY_PROVINCE: Mapping[str, Words] = {
    "ID-AC": (
        ("Cut Nurlaila", "Rahmi", "Cut Maulida"), ("Teuku Akbar", "Zulfikar", "Fauzan"), ("Fitria", "Akbar", "Maulida"),
    ),
    "ID-SU": (
        ("Tiur", "Rotua", "Lamria"), ("Parlindungan", "Marihot", "Togar"),
        ("Simanjuntak", "Sihombing", "Sitorus", "Nainggolan"),
    ),
    "ID-SB": (("Yusnimar", "Wirda", "Rina"), ("Afrizal", "Rizki", "Hendri"), ("Chaniago", "Koto", "Piliang")),
    "ID-JK": (("Siti", "Rohmah", "Nurul"), ("Mulyadi", "Hamdani", "Rizal"), ("Fauziah", "Saputra", "Aminah")),
    "ID-BT": (("Siti", "Rohmah", "Nurul"), ("Mulyadi", "Hamdani", "Rizal"), ("Fauziah", "Saputra", "Aminah")),
    "ID-JB": _WEST_JAVA,
    "ID-BA": (
        ("Ni Wayan", "Ni Made", "Ni Luh Putu", "Ni Ketut"), ("I Wayan", "I Made", "I Nyoman", "I Ketut"),
        ("Suardana", "Astuti", "Wirawan", "Ayu Dewi Kusumawardhani"),
    ),
    "ID-NB": (("Baiq", "Hasanah", "Zohra"), ("Lalu", "Muhammad", "Zainul"), ("Wirajaya", "Rahmawati", "Hidayati")),
    "ID-NT": (("Maria", "Kristina", "Yuliana"), ("Yohanes", "Dominggus", "Stefanus"), ("Bere", "Nahak", "Lay", "Ndun")),
    "ID-SA": (("Stevi", "Meylan", "Novita"), ("Fadli", "Jefri", "Ronny"), ("Rumengan", "Wowor", "Lumentut")),
    "ID-GO": (("Novita", "Sri Yulan", "Fatma"), ("Fadli", "Rahmat", "Ismail"), ("Mohamad", "Lamatenggo", "Hulopi")),
}  # fmt: skip

_BY_ISLAND: Mapping[str, Words] = {
    "sumatera": _SUMATRA, "jawa": _JAVA, "bali-nusra": _JAVA, "kalimantan": _BORNEO, "sulawesi": _CELEBES,
    "maluku": _MALUKU, "papua": _PAPUA,
}  # fmt: skip

_ONE_WORD_SHARE = 0.08
_TITLES = (
    ("", "S.Sos."),
    ("", "S.Tr.Sos."),
    ("", "S.ST."),
    ("", "S.Psi."),
    ("", "A.KS."),
    ("Dra.", ""),
    ("", "M.Si."),
    ("", ""),
)
_TITLE_WEIGHTS = (30, 20, 10, 8, 8, 3, 5, 16)


def draw(dice: random.Random, *, iso: str, island: str, is_woman: bool) -> str:
    """Return a name of the region; about one in twelve people has a single name."""
    women, men, second = _BY_PROVINCE.get(iso, _BY_ISLAND[island])
    given = dice.choice(women if is_woman else men)
    if dice.random() < _ONE_WORD_SHARE and " " not in given:
        return given
    return f"{given} {dice.choice(second)}"


def titles(dice: random.Random) -> tuple[str, str]:
    """Return titles before and after the name."""
    return dice.choices(_TITLES, weights=_TITLE_WEIGHTS)[0]

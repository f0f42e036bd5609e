"""The 38 provinces of Indonesia: names, codes, zones and their place on the tile map.

Names, Kemendagri codes and regency counts follow Kepmendagri 300.2.2-2138/2025; keys are ISO 3166-2, because the
two-digit codes of Kemendagri and BPS collide in Papua. Tile positions are Pandu's own.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

ZONES: Mapping[str, str] = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}

_ISLANDS = (
    ("sumatera", 11, 21), ("jawa", 31, 36), ("bali-nusra", 51, 53), ("kalimantan", 61, 65),
    ("sulawesi", 71, 76), ("maluku", 81, 82), ("papua", 91, 96),
)  # fmt: skip


@dataclass(frozen=True)
class Province:
    """One province; `zone` is WIB, WITA or WIT, `column`/`row` its tile, `roster` its share of the demo's people."""

    iso: str
    kemendagri: int
    name: str
    capital: str
    zone: str
    label: str
    label3: str
    column: int
    row: int
    narrow_column: int
    regencies: int
    roster: int

    @property
    def island(self) -> str:
        """The island group, as a code."""
        return next(name for name, low, high in _ISLANDS if low <= self.kemendagri <= high)

    @property
    def tz(self) -> ZoneInfo:
        """The time zone in which its people live."""
        return ZoneInfo(ZONES[self.zone])


def _read() -> dict[str, Province]:
    text = (Path(__file__).parent / "provinces.csv").read_text(encoding="utf-8")
    return {row["iso"]: _province(row) for row in csv.DictReader(text.splitlines())}


def _province(row: dict[str, str]) -> Province:
    return Province(
        iso=row["iso"], kemendagri=int(row["kode_kemendagri"]), name=row["nama"], capital=row["ibu_kota"],
        zone=row["zona"], label=row["label"], label3=row["label3"], column=int(row["kol"]), row=int(row["baris"]),
        narrow_column=int(row["kol_ringkas"]), regencies=int(row["kabkota"]), roster=int(row["pendamping_a"]),
    )  # fmt: skip


PROVINCES: Mapping[str, Province] = _read()
"""ISO 3166-2 code → province, in the order of the Kemendagri codes."""


def zone_of(iso: str | None) -> ZoneInfo:
    """Return the zone of a province; Jakarta's for people without one."""
    province = PROVINCES.get(iso or "")
    return province.tz if province else ZoneInfo(ZONES["WIB"])

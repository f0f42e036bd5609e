"""Who may open what: role × endpoint for the whole URL map. A new endpoint needs a row here before it can land."""

import re

import pytest
from flask import Flask

from lms.access import guard
from lms.models.people import Person
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.page_client import PageClient

ROLES = ("nobody", "cleo", "tara", "dora", "ada")
"""Not signed in, companion, trainer, directorate, admin."""

ROWS = """
GET  /                                        303 303 303 303 303
GET  /sehat                                   200 200 200 200 200
POST /bahasa                                  303 303 303 303 303
GET  /manifest.webmanifest                    200 200 200 200 200
GET  /masuk                                   200 303 303 303 303
POST /masuk                                   422 422 422 422 422
POST /keluar                                  303 303 303 303 303
GET  /lupa-sandi                              200 200 200 200 200
POST /lupa-sandi                              422 422 422 422 422
GET  /lupa-sandi/terkirim                     200 200 200 200 200
GET  /sandi-baru/<secret>                     404 404 404 404 404
POST /sandi-baru/<secret>                     404 404 404 404 404
GET  /saya                                    303 200 200 200 200
POST /saya                                    303 422 422 422 422
GET  /saya/data.json                          303 200 200 200 200
GET  /saya/sandi                              303 200 200 200 200
POST /saya/sandi                              303 422 422 422 422
GET  /orang                                   303 403 403 403 200
GET  /orang/baru                              303 403 403 403 200
POST /orang/baru                              303 403 403 403 422
GET  /orang/<uid>                             303 403 403 403 200
POST /orang/<uid>                             303 403 403 403 422
POST /orang/<uid>/penonaktifan                303 403 403 403 303
POST /orang/<uid>/pengaktifan                 303 403 403 403 303
POST /orang/<uid>/akses                       303 403 403 403 200
GET  /angkatan                                303 403 403 403 200
GET  /angkatan/baru                           303 403 403 403 200
POST /angkatan/baru                           303 403 403 403 422
GET  /angkatan/<code>                         303 403 403 403 200
POST /angkatan/<code>                         303 403 403 403 422
POST /angkatan/<code>/anggota                 303 403 403 403 422
POST /angkatan/<code>/anggota/<uid>/pengeluaran 303 403 403 403 303
POST /angkatan/<code>/provinsi                303 403 403 403 422
POST /angkatan/<code>/penutupan               303 403 403 403 303
GET  /jejak-audit                             303 403 403 403 200
GET  /beranda                                 303 200 403 403 403
GET  /belajar                                 303 200 200 200 200
GET  /belajar/<course>                        303 200 200 200 200
GET  /belajar/<course>/<code>                 303 200 200 200 200
POST /belajar/<course>/<code>/pembukaan       303 204 403 403 403
POST /belajar/<course>/<code>/selesai         303 303 403 403 403
POST /belajar/<course>/<code>/percobaan       303 404 403 403 403
GET  /belajar/<course>/<code>/percobaan/<uid> 303 404 403 403 403
POST /belajar/<course>/<code>/percobaan/<uid>/jawaban    303 404 403 403 403
POST /belajar/<course>/<code>/percobaan/<uid>/penyerahan 303 404 403 403 403
POST /belajar/<course>/<code>/percobaan/<uid>/pemeriksaan/<question> 303 404 403 403 403
POST /belajar/<course>/<code>/main            303 404 403 403 403
GET  /belajar/<course>/<code>/main/<uid>      303 404 403 403 403
POST /belajar/<course>/<code>/main/<uid>/pilihan 303 404 403 403 403
POST /belajar/<course>/<code>/angket          303 404 403 403 403
GET  /capaian                                 303 200 403 403 403
GET  /glosarium                               303 200 200 200 200
GET  /media/<sha256>/<name>                   303 404 404 404 404
GET  /susun                                   303 403 200 403 200
GET  /susun/soal                              303 403 200 403 200
POST /susun/soal/angka                        303 403 303 403 303
GET  /susun/soal/<question>                   303 403 200 403 200
GET  /susun/soal/<question>/banding           303 403 422 403 422
POST /susun/soal/<question>/pemakaian         303 403 422 403 422
GET  /susun/<code>                            303 403 200 403 200
POST /susun/<code>/draf                       303 403 422 403 422
POST /susun/<code>/draf/pembuangan            303 403 303 403 303
POST /susun/<code>/pratinjau                  303 403 200 403 200
POST /susun/<code>/terbitan                   303 403 422 403 422
GET  /susun/<code>/riwayat                    303 403 200 403 200
GET  /susun/<code>/riwayat/<int:number>       303 403 200 403 200
POST /susun/<code>/riwayat/<int:number>/pemulihan 303 403 303 403 303
GET  /susun/<code>/banding                    303 403 422 403 422
POST /susun/<code>/penarikan                  303 403 303 403 303
POST /susun/<code>/penerbitan-ulang           303 403 303 403 303
GET  /susun/<code>/hasil                      303 403 404 403 404
GET  /susun/<code>/impor                      303 403 404 403 404
POST /susun/<code>/impor                      303 403 404 403 404
POST /susun/<code>/impor/penerapan            303 403 404 403 404
GET  /susun/<code>/ekspor                     303 403 404 403 404
GET  /susun/<code>/ekspor/<form>              303 403 404 403 404
GET  /susun/<code>/keringanan                 303 403 404 403 404
POST /susun/<code>/keringanan                 303 403 404 403 404
POST /susun/<code>/keringanan/<int:number>/penarikan 303 403 404 403 404
POST /susun/<code>/keringanan/penutupan       303 403 404 403 404
GET  /susun/<code>/hasil.<any(csv, xlsx):dress> 303 403 404 403 404
GET  /susun/<code>/hasil/<question>           303 403 404 403 404
GET  /susun/penilaian                         303 403 200 403 200
POST /susun/penilaian/mulai                   303 403 303 403 303
GET  /susun/penilaian/komentar                303 403 200 403 200
POST /susun/penilaian/komentar                303 403 422 403 422
POST /susun/penilaian/komentar/<uid>/penghapusan 303 403 303 403 303
GET  /susun/penilaian/<uid>/<question>        303 403 404 403 404
POST /susun/penilaian/<uid>/<question>        303 403 404 403 404
POST /susun/penilaian/<uid>/<question>/lewati 303 403 303 403 303
POST /susun/penilaian/<uid>/<question>/komentar 303 403 404 403 404
GET  /susun/<code>/nilai-ulang                303 403 404 403 404
POST /susun/<code>/nilai-ulang                303 403 404 403 404
POST /susun/<code>/nilai-ulang/<uid>/lanjutan 303 403 404 403 404
POST /susun/<code>/nilai-ulang/<uid>/pembatalan 303 403 404 403 404
GET  /susun/<module>/baru                     303 403 200 403 200
POST /susun/<module>/baru                     303 403 422 403 422
GET  /susun/<module>/gambar                   303 403 200 403 200
POST /susun/<module>/gambar                   303 403 422 403 422
GET  /laporan/penuntasan                      303 403 403 200 200
GET  /laporan/penuntasan.<any(csv, xlsx):dress>       303 403 403 200 200
GET  /laporan/peningkatan                     303 403 200 200 200
GET  /laporan/peningkatan.<any(csv, xlsx):dress> 303 403 404 404 404
GET  /laporan/angket                          303 403 200 200 200
GET  /laporan/angket.<any(csv, xlsx):dress>   303 403 404 404 404
GET  /laporan/angket/<code>/jawaban/<question> 303 403 404 404 404
GET  /laporan/peningkatan/soal.csv              303 403 404 404 404
GET  /laporan/penuntasan/orang                303 403 403 200 200
GET  /laporan/penuntasan/orang.<any(csv, xlsx):dress> 303 403 403 200 200
"""

MATRIX = [
    (*re.split(r" +", line.strip(), maxsplit=1)[:1], *re.match(r"\S+ +(.+?)((?: +\d{3}){5})$", line.strip()).groups())  # type: ignore[union-attr]
    for line in ROWS.strip().split("\n")
]


def test_every_endpoint_has_a_row(world: Flask) -> None:
    there = {
        (method, rule.rule)
        for rule in world.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(method, rule) for method, rule, _ in MATRIX}


def test_every_view_declares_what_it_needs(world: Flask) -> None:
    undeclared = [name for name, view in world.view_functions.items() if not hasattr(view, guard.ATTRIBUTE)]
    assert undeclared == []


def test_addresses_are_lower_case_words_and_dashes(world: Flask) -> None:
    for rule in world.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.\-]*", fixed), rule.rule


@pytest.mark.parametrize(("method", "rule", "codes"), MATRIX, ids=[f"{method} {rule}" for method, rule, _ in MATRIX])
def test_role_by_endpoint(method: str, rule: str, codes: str, app: Flask, cast: Cast) -> None:
    path = _fill(rule, cast.colin)
    answers = []
    for role in ROLES:
        client = PageClient(app)
        if role != "nobody":
            client.sign_in(f"{role}@contoh.example", PASSWORD)
        token = client.token()
        data = {"csrf_token": token}
        response = client.send(method, path, data=data if method == "POST" else None)
        answers.append(str(response.status_code))
    assert answers == codes.split()


def _fill(rule: str, person: Person) -> str:
    module = "uji-1"
    values = {
        "<secret>": "tidak-ada", "<uid>": person.uid if "/orang/" in rule or "/anggota/" in rule else "0" * 8,
        "<course>": "uji", "<code>": "angkatan-uji" if "/angkatan/" in rule else "uji-1-1", "<module>": module,
        "<int:number>": "1", "<sha256>": "0" * 64, "<name>": "x.svg", "<any(csv, xlsx):dress>": "csv", "<question>": "uji-q1",
    }  # fmt: skip
    for name, value in values.items():
        rule = rule.replace(name, value)
    return rule

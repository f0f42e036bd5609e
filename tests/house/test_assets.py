"""The asset pipeline: names follow contents, workers may start together, nothing that is being read disappears."""

import base64
import gzip
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from flask import Flask

from lms.web import assets
from tests.page_client import PageClient


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder → (inode, time of the last write)."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    first = assets.build(tmp_path)
    before = files(tmp_path)
    assert assets.build(tmp_path) == first
    assert files(tmp_path) == before


def test_workers_that_start_together_leave_whole_files(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        manifests = list(pool.map(lambda _worker: assets.build(tmp_path), range(4)))
    assert all(each == manifests[0] for each in manifests)
    alone = tmp_path / "alone"
    assert assets.build(alone) == manifests[0]
    together = set(files(tmp_path)) - {f"alone/{name}" for name in files(alone)}
    assert together == set(files(alone))


def test_a_changed_source_gets_a_new_name_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = assets.build(tmp_path)
    monkeypatch.setitem(assets.BUNDLES, "core.css", ("layers", "reset"))  # type: ignore[arg-type]
    new = assets.build(tmp_path)
    assert new["core.css"] != old["core.css"]
    assert new["js/app.js"] == old["js/app.js"]
    assert (tmp_path / old["core.css"]).exists()


def test_the_compressed_twins_say_the_same(tmp_path: Path) -> None:
    for name in assets.build(tmp_path).values():
        path = tmp_path / name
        if path.suffix in assets.COMPRESSED:
            content = path.read_bytes()
            assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == content
            assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == content


def test_squeezing_keeps_what_blanks_mean() -> None:
    css = """@layer a {
  .b > * + *, .c :focus { width: min(100% - 2rem, 66rem); font: 1rem "Noto Sans", serif; } /* why */
}
"""
    assert assets.squeeze(css) == (
        '@layer a{.b > * + *,.c :focus{width:min(100% - 2rem,66rem);font:1rem "Noto Sans",serif}}'
    )


def test_assets_are_kept_for_ever_and_pages_name_them_by_content(client: PageClient) -> None:
    page = client.get("/masuk")
    sheet = re.search(r"/aset/core\.([0-9a-f]{10})\.css", page.source)
    assert sheet
    response = client.send("GET", sheet.group(0), headers={"Accept-Encoding": "br"})
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "br"
    content = brotli.decompress(response.data)
    response.close()
    assert hashlib.sha256(content).hexdigest()[:10] == sheet.group(1)


def test_the_policy_allows_the_import_map_and_no_other_inline_script(app: Flask, client: PageClient) -> None:
    page = client.get("/masuk")
    inline = re.findall(r'<script type="importmap">(.*?)</script>', page.source)
    assert inline == [assets.import_map()]
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    policy = page.response.headers["Content-Security-Policy"]
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


def test_an_unknown_asset_is_an_error_at_once() -> None:
    with pytest.raises(KeyError):
        assets.url("img/nowhere.svg")

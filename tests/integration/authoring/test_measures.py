"""`flask content coverage` and `flask content stats`: what they print, and when they fail."""

from pathlib import Path

from flask import Flask

from lms.outside import packs
from tests import builders


def test_coverage_prints_the_matrix_and_fails_on_a_hole(app: Flask, tmp_path: Path) -> None:
    packs.write_folder(tmp_path, builders.small_pack())
    result = app.test_cli_runner().invoke(args=["content", "coverage", str(tmp_path)])
    lines = result.output.splitlines()
    assert lines[0].split() == ["problem", "uji-1", "uji-2", "all"]
    assert ["21", "KBA!", "2·0·0", "1·0·0", "3·0·0"] in [line.split() for line in lines]
    assert "KBA: 0 questions, wanted at least 2" in lines
    assert result.exit_code == 1


def test_stats_print_every_measure_and_fail_on_a_missed_target(app: Flask, tmp_path: Path) -> None:
    packs.write_folder(tmp_path, builders.small_pack())
    result = app.test_cli_runner().invoke(args=["content", "stats", str(tmp_path)])
    assert "uji-1-kuis: 4 questions, wanted 10 to 14" in result.output
    assert "uji-1-1: 12 words, wanted 900 to 1500" in result.output
    assert result.exit_code == 1


def test_the_curriculum_passes_both(app: Flask) -> None:
    for name, last in (("coverage", "0 holes"), ("stats", "0 missed targets")):
        result = app.test_cli_runner().invoke(args=["content", name])
        assert result.output.splitlines()[-1] == last
        assert result.exit_code == 0

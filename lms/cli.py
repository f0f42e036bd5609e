"""Commands, thin: each calls one action or query. `flask --help` lists them."""

import json
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from lms.accounts.actions import people as people_actions
from lms.authoring import findings, measures, reasons, statistics
from lms.authoring.actions import interchange as exchange
from lms.authoring.actions import packs as pack_actions
from lms.demo import build as demo_build
from lms.kernel import errors
from lms.kernel.documents import Problem, Severity
from lms.kernel.interchange.model import Finding
from lms.learning import actions as attempt_actions
from lms.models import bank, derive
from lms.models.people import Language, Role
from lms.models.session import work
from lms.outside import mail as post
from lms.outside import packs
from lms.rules import curriculum, interchange, lint

questions = AppGroup("questions", help="The question bank; questions from and for Moodle: check, import, export.")
content = AppGroup("content", help="Packs of Markdown: check, import, export, stats, coverage.")
attempts = AppGroup("attempts", help="Attempts at quizzes.")
progress = AppGroup("progress", help="Summaries of what people did.")
mail = AppGroup("mail", help="Messages that were written to files.")
demo = AppGroup("demo", help="The living demo.")
people = AppGroup("people", help="People.")


def install(app: Flask) -> None:
    """Register every group."""
    for group in (questions, attempts, content, progress, mail, demo, people):
        app.cli.add_command(group)


_folder = click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("content"))


@content.command("check")
@_folder
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
def check(folder: Path, as_json: bool) -> None:
    """Print every finding as file:line: sentence; fail when one is an error."""
    found = lint.lint_pack(packs.read_folder(folder))
    if as_json:
        click.echo(json.dumps([_finding(path, problem) for path, problem in found], ensure_ascii=False, indent=2))
    else:
        _print_findings(found)
    if any(problem.severity is Severity.ERROR for _, problem in found):
        raise SystemExit(1)


@content.command("import")
@_folder
@click.option("--overwrite", is_flag=True, help="Also replace documents that were edited in the browser since.")
def import_(folder: Path, overwrite: bool) -> None:
    """Import a pack, all of it or nothing; a second time changes nothing."""
    try:
        done = pack_actions.import_pack(actor=None, files=packs.read_folder(folder), overwrite=overwrite)
    except errors.Refused as error:
        _print_findings(error.values["findings"])  # type: ignore[arg-type]
        raise SystemExit(1) from error
    for name in ("created", "updated", "unchanged", "kept", "missing"):
        codes = getattr(done, name)
        click.echo(f"{name}: {len(codes)}" + (f" ({', '.join(codes[:12])})" if name != "unchanged" and codes else ""))


@content.command("export")
@_folder
def export(folder: Path) -> None:
    """Write everything published to a folder, byte for byte as it was written."""
    files = pack_actions.export_pack()
    packs.write_folder(folder, files)
    click.echo(f"{len(files)} files")


@content.command("coverage")
@_folder
def coverage(folder: Path) -> None:
    """Print problem × module; fail when one of the 26 problems is not treated enough."""
    matrix = curriculum.coverage(curriculum.read(packs.read_folder(folder)))
    _print_lines(measures.matrix(matrix))
    _print_gaps("holes", curriculum.holes(matrix))


@content.command("stats")
@_folder
def stats(folder: Path) -> None:
    """Print the measures of lessons and quizzes beside their targets; fail when one is missed."""
    modules = curriculum.read(packs.read_folder(folder))
    _print_lines(measures.statistics(modules))
    click.echo("\n" + measures.summary(curriculum.coverage(modules)))
    _print_gaps("missed targets", curriculum.misses(modules))


@attempts.command("close")
def close() -> None:
    """Close and mark every open attempt whose time is over; run it every few minutes."""
    total = 0
    while number := attempt_actions.close_overdue():
        total += number
    click.echo(f"{total} attempts")


@questions.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice([each.value for each in interchange.Format]), required=True)
@click.option("--into", "quiz", help="The quiz whose draft the questions are added to.")
@click.option("--check", "is_check", is_flag=True, help="Only say what would come in; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def import_questions(file: Path, form: str, quiz: str | None, is_check: bool, as_json: bool) -> None:
    """Say what a question file brings and what stays out; with --into add it to a quiz's draft, all or nothing."""
    if not is_check and quiz is None:
        raise click.UsageError("name the quiz with --into, or only look with --check")
    try:
        content, kind = file.read_bytes(), interchange.Format(form)
        made = exchange.look(actor=None, code=quiz, content=content, form=kind)
        if quiz is not None and made.coming and not is_check:
            exchange.bring(actor=None, code=quiz, content=content, form=kind)
    except errors.Refused as error:
        refusal = {"line": error.values.get("line", 0), "question": "", "code": error.code, "sentence": _refusal(error)}
        click.echo(_json({"format": form, "questions": [], "refusals": [refusal]}) if as_json else refusal["sentence"])
        raise SystemExit(1) from error
    except errors.NotFound as error:
        raise click.ClickException(f"there is no quiz {quiz}") from error
    _print_import(made, kind, as_json=as_json)
    if not made.coming:
        raise SystemExit(1)


@questions.command("export")
@click.argument("quiz")
@click.option("--format", "form", type=click.Choice([each.value for each in interchange.WRITTEN]), required=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else printed.")
def export_questions(quiz: str, form: str, output: Path | None) -> None:
    """Write the published questions of a quiz; what the format cannot say is named on standard error."""
    try:
        made = exchange.export(actor=None, code=quiz, form=interchange.Format(form))
    except errors.NotFound as error:
        raise click.ClickException(f"there is no published quiz {quiz}") from error
    if output:
        output.write_text(made.text, encoding="utf-8")
    else:
        click.echo(made.text, nl=False)
    for each in (*made.refusals, *made.notes):
        click.echo(f"{each.name}: {reasons.sentence(each)}", err=True)
    click.echo(f"{made.count} questions, {len(made.refusals)} stay out", err=True)


@questions.command("index")
def index_questions() -> None:
    """Derive the question bank anew from everything published."""
    with work():
        number = bank.refresh()
    click.echo(f"{number} questions")


@questions.command("measure")
def measure_questions() -> None:
    """Compute the figures that the question bank shows, for all quizzes; run it once a night."""
    done, _ = statistics.keep_all(current_app.config["SETTINGS"].figures_dir)
    click.echo(f"{done} quizzes")


def _print_import(made: interchange.Import, form: interchange.Format, *, as_json: bool) -> None:
    if as_json:
        refusals = [_question_finding(each) for each in made.refusals]
        coming = [
            {**each.item, "markdown": each.markdown, "pictures": list(each.pictures),
             "notes": [_question_finding(note) for note in each.notes]}
            for each in made.coming
        ]  # fmt: skip
        click.echo(_json({"format": form, "questions": coming, "refusals": refusals}))
        return
    for each in made.coming:
        click.echo(each.markdown)
        _print_lines(f"{note.line}: {note.name}: {reasons.sentence(note)}" for note in each.notes)
    _print_lines(f"{each.line}: {each.name}: {reasons.sentence(each)}" for each in made.refusals)
    click.echo(f"{len(made.coming)} questions come in, {len(made.refusals)} stay out")


def _question_finding(finding: Finding) -> dict[str, object]:
    return {
        "line": finding.line, "question": finding.name, "code": finding.code, "values": dict(finding.values),
        "sentence": reasons.sentence(finding),
    }  # fmt: skip


def _refusal(error: errors.Refused) -> str:
    return reasons.of(error.code, error.values)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@progress.command("rebuild")
def rebuild() -> None:
    """Derive every summary anew from the facts."""
    with work():
        number = derive.rebuild()
    click.echo(f"{number} people")


@mail.command("list")
def list_mail() -> None:
    """Show the messages in the mail folder, oldest first."""
    folder = post.post.fallback
    for path in folder.files() if folder else ():
        letter = message_from_bytes(path.read_bytes(), policy=default)
        body = letter.get_body()
        click.echo(f"── {path.name}\nTo: {letter['To']}\nSubject: {letter['Subject']}\n")
        click.echo(body.get_content() if body else "")


@demo.command("build")
def build() -> None:
    """Fill an empty database with sample people and progress."""
    click.echo(f"{demo_build.build()} companions")


@people.command("create-admin")
@click.argument("name")
@click.argument("email")
def create_admin(name: str, email: str) -> None:
    """Add an admin and print the one-time path that sets the first password."""
    details = people_actions.Details(
        role=Role.ADMIN, name=name, title_before="", title_after="", nip=None, province_iso=None, regency="", unit="",
        position="", email=email, whatsapp="", language=Language.ID, scope=(), contract_began_on=None,
    )  # fmt: skip
    try:
        _person, secret = people_actions.create(actor=None, details=details)
    except errors.Refused as error:
        raise click.ClickException(f"{email}: {error.code}") from error
    click.echo(f"/sandi-baru/{secret}")


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_gaps(name: str, found: list[curriculum.Gap]) -> None:
    click.echo(f"{len(found)} {name}")
    _print_lines(measures.gaps(found))
    if found:
        raise SystemExit(1)


def _print_findings(found: list[tuple[str, Problem]]) -> None:
    for path, problem in found:
        click.echo(f"{path}:{problem.line}: {findings.sentence(problem)}")
    wrong = sum(problem.severity is Severity.ERROR for _, problem in found)
    click.echo(f"{wrong} errors, {len(found) - wrong} warnings")


def _finding(path: str, problem: Problem) -> dict[str, object]:
    return {
        "file": path, "line": problem.line, "severity": problem.severity.value, "code": problem.code,
        "values": dict(problem.values), "sentence": str(findings.sentence(problem)),
    }  # fmt: skip

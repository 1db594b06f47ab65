"""What went by time, which right was used, what was kept safe: on a screen."""

from pathlib import Path

from leitweg.cli.screen import console, heading, plain_table, words
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, date_and_time, number
from leitweg.studies.backups import BackupDone, Restored
from leitweg.studies.person_rights import RightDone
from leitweg.studies.retaining import Certificate


def show_certificate(certificate: Certificate, language: str) -> None:
    """Show a certificate of deletion."""
    screen = console()

    def tell(key: str, **values: object) -> str:
        return translate(language, f"retain.{key}", **values)

    heading(screen, tell("trial" if certificate.dry_run else "title"))
    at = date_and_time(language, certificate.as_of)
    screen.print(words(tell("limits", at=at, days=certificate.days, months=certificate.months)))
    if certificate.note:
        screen.print(words(tell(f"note.{certificate.note}")))
        return
    if not certificate.went:
        screen.print(words(tell("nothing")))
    else:
        table = plain_table(
            (tell("table"), "left"), (tell("what"), "wide"), (tell("rows"), "right")
        )
        for name, what, rows in certificate.went:
            table.add_row(
                words(tell(f"table.{name}")),
                words(tell(f"what.{what}")),
                words(number(language, rows, 0)),
            )
        screen.print(table)
    if certificate.quarters_open:
        quarters = ", ".join(_quarter(language, name) for name in certificate.quarters_open)
        screen.print(words(tell("open", quarters=quarters)))


def show_right(done: RightDone, workspace: Path, language: str) -> None:
    """Show that a right was used."""
    screen = console()
    rows = count(language, "row", done.rows)
    columns = ", ".join(done.columns)
    told = translate(language, f"right.{done.right}", rows=rows, columns=columns, path=workspace)
    screen.print(words(told))
    for note in done.notes:
        screen.print(words(translate(language, f"right.note.{note}"), "dim"))


def show_backup(done: BackupDone, language: str) -> None:
    """Show where a backup lies, and what to do with it."""
    screen = console()
    size = number(language, done.bytes / 1_000_000)
    files = count(language, "file", done.files)
    told = translate(language, "backup.written", path=done.path, files=files, size=size)
    screen.print(words(told))
    screen.print(words(translate(language, "backup.keep"), "dim"))


def show_restored(done: Restored, language: str) -> None:
    """Show what a restore did."""
    screen = console()
    made = date_and_time(language, done.made)
    told = translate(language, "restore.done", path=done.workspace, made=made)
    screen.print(words(told))
    screen.print(words(translate(language, f"restore.database.{done.database}")))
    if done.rights_applied:
        rows = count(language, "row", done.rows_left_out)
        rights = number(language, done.rights_applied, 0)
        screen.print(words(translate(language, "restore.rights", rights=rights, rows=rows)))
    for note in done.notes:
        screen.print(words(translate(language, f"restore.note.{note}"), "dim"))


def _quarter(language: str, name: str) -> str:
    return translate(language, "retain.quarter", year=name[:4], quarter=name[-1])

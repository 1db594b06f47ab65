"""What the screen says of a dossier: where it lies, what changed, and whether it still holds."""

from pathlib import Path

import typer

from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.studies.dossier import DossierCheck, DossierWritten


def show_written(written: DossierWritten, language: str) -> None:
    """Say where the dossier lies, and what changed since the last one."""
    key = "cli.dossier.planned" if written.is_planned else "cli.dossier.written"
    typer.echo(translate(language, key, path=written.path, fingerprint=written.fingerprint))
    if written.previous_us is None:
        return
    day = forms.date(language, written.previous_us)
    if not written.changes:
        typer.echo(translate(language, "cli.dossier.nothing_changed", date=day))
        return
    typer.echo(translate(language, "cli.dossier.changed", date=day))
    for change in written.changes:
        typer.echo(f"  · {change}")


def show_check(file: Path, check: DossierCheck, language: str) -> None:
    """Say whether a dossier still describes the workspace; on standard error where it does not."""
    day = forms.date(language, check.made_at_us)
    if check.is_current:
        typer.echo(translate(language, "cli.dossier.current", path=file, date=day))
        return
    typer.echo(translate(language, "cli.dossier.stale", path=file, date=day), err=True)
    for change in check.changes:
        typer.echo(f"  · {change}", err=True)

"""The command table of `leitweg`."""

import sys

import typer

from leitweg.cli.audit import audits
from leitweg.cli.backtest import backtest
from leitweg.cli.backup import backup, restore
from leitweg.cli.breakdown import breakdown
from leitweg.cli.compare import compare
from leitweg.cli.demo import demo
from leitweg.cli.dossier import dossier
from leitweg.cli.export import export
from leitweg.cli.importing import import_files
from leitweg.cli.key import keys
from leitweg.cli.learn import learn
from leitweg.cli.options import told
from leitweg.cli.person import people
from leitweg.cli.purpose import purposes
from leitweg.cli.rekey import rekey
from leitweg.cli.report import report
from leitweg.cli.retain import retain
from leitweg.cli.route import route
from leitweg.cli.serve import serve
from leitweg.cli.situation import situation
from leitweg.cli.version import version

app = typer.Typer(
    name="leitweg",
    help=told("about"),
    add_completion=False,
    pretty_exceptions_enable=False,
    # plain help: the framed one takes 0.2 s to load
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("demo", help=told("help.demo"))(demo)
app.command("import", help=told("help.import"))(import_files)
app.command("situation", help=told("help.situation"))(situation)
app.command("compare", help=told("help.compare"))(compare)
app.command("breakdown", help=told("help.breakdown"))(breakdown)
app.command("report", help=told("help.report"))(report)
app.command("export", help=told("help.export"))(export)
app.command("route", help=told("help.route"))(route)
app.command("learn", help=told("help.learn"))(learn)
app.command("backtest", help=told("help.backtest"))(backtest)
app.add_typer(purposes, name="purpose", help=told("help.purpose"))
app.command("serve", help=told("help.serve"))(serve)
app.add_typer(keys, name="key", help=told("help.key"))
app.add_typer(audits, name="audit", help=told("help.audit"))
app.command("dossier", help=told("help.dossier"))(dossier)
app.command("retain", help=told("help.retain"))(retain)
app.add_typer(people, name="person", help=told("help.person"))
app.command("backup", help=told("help.backup"))(backup)
app.command("restore", help=told("help.restore"))(restore)
app.command("rekey", help=told("help.rekey"))(rekey)
app.command("version", help=told("help.version"))(version)

_START = (
    ("leitweg demo --out demo", "start.demo"),
    ("leitweg dossier -w company.leitweg --out dossier.pdf", "start.dossier"),
    ("leitweg import log.csv -w company.leitweg", "start.import"),
    ("leitweg purpose on path-analysis -w company.leitweg", "start.purpose"),
    ("leitweg situation -w company.leitweg", "start.situation"),
    ("leitweg compare -w company.leitweg --at 2026-01-01", "start.compare"),
    ("leitweg route -w company.leitweg --attribute topic=Complaint", "start.route"),
    ("leitweg report -w company.leitweg --out report.html", "start.report"),
    ("leitweg --help", "start.help"),
)


@app.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Show where to begin when no command is given."""
    if context.invoked_subcommand is not None:
        return
    lines = [told("about"), "", f"{told('start')}:"]
    for command, key in _START:
        lines += [f"  {command}", f"      {told(key)}"]
    typer.echo("\n".join(lines))


def main() -> None:
    """Run the command line; output that a terminal cannot write is replaced, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()

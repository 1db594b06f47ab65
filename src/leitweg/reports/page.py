"""The frame of every HTML page: one file, nothing loaded from elsewhere, nothing run."""

from pathlib import Path

from htpy import Node, body, div, footer, head, html, main, meta, p, style, title
from markupsafe import Markup

from leitweg.language.catalogue import translate

STYLE = Path(__file__).with_name("report.css")
# nothing may be loaded or run, whatever a name in the data holds
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page_text(language: str, name: str, top: Node, sections: list[Node]) -> str:
    """Return a page as the text of one HTML file.

    Parameters
    ----------
    name
        Title of the page.
    top
        What stands above the sections.
    """
    page = html(lang=language)[
        head[
            meta(charset="utf-8"),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            meta({"http-equiv": "Content-Security-Policy"}, content=POLICY),
            title[name],
            style[Markup(STYLE.read_text(encoding="utf-8"))],
        ],
        body[
            div(".page")[
                top,
                main[sections],
                footer[p[translate(language, "report.footer")]],
            ]
        ],
    ]
    return str(page)

"""A picture in a report: its caption, the drawing that scrolls on narrow screens, its table."""

from collections.abc import Sequence

from htpy import Element, details, div, figcaption, figure, p, summary
from markupsafe import Markup, escape

from leitweg.charts.picture import Picture
from leitweg.language.catalogue import translate


def inline_svg(picture: Picture) -> Markup:
    """Return the drawing for a page: it grows with its room and says what it shows.

    The drawing is marked as one image with a title and a description, so that a screen reader
    does not read hundreds of parts; the table beside it holds the values.
    """
    start = picture.svg.index("<svg")
    end = picture.svg.index(">", start)
    root = picture.svg[start:end]
    box = root[root.index("viewBox=") :].split('"')[1]
    title_id, text_id = f"{picture.name}-title", f"{picture.name}-text"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-labelledby="{title_id} {text_id}">'
        f'<title id="{title_id}">{escape(picture.title)}</title>'
        f'<desc id="{text_id}">{escape(picture.description)}</desc>'
    )
    return Markup(opening + picture.svg[end + 1 :])


def picture_with_table(picture: Picture, table: Sequence[Element], language: str) -> Element:
    """Return a figure: caption, drawing, note, and its table to open."""
    return figure[
        figcaption[picture.description],
        div(".picture", style=f"--width:{picture.width}px", tabindex="0")[inline_svg(picture)],
        picture.note and p(".note")[picture.note],
        details[summary[f"{translate(language, 'report.table')}: {picture.title}"], table],
    ]

"""What can a program ask here? The OpenAPI description as a page without scripts, for people."""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import htpy as h
from markupsafe import Markup

from leitweg.language.catalogue import has_text, translate
from leitweg.language.forms import number
from leitweg.web.gate import LARGEST_BODY

STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-top:1px solid #8885;padding-top:1rem}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:#8881;padding:.8rem;overflow-x:auto;border-radius:4px}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8883}
td,th,h2,p{overflow-wrap:anywhere}
th{width:15rem;font-weight:400}
.statuses th{width:3rem}
.name{font-weight:700;margin-right:.5rem}
.method{font-weight:700;margin-right:.5rem}
.mark,.limits{font-size:.85rem;opacity:.8}
.mark{white-space:nowrap}
.kind,.limits{display:block}
@media(max-width:40rem){th{width:10rem;padding-right:.5rem}th code{font-size:13px}}
"""
# nothing is loaded from anywhere, and nothing is run
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

Described = Mapping[str, Any]


def docs_page(description: Described, language: str) -> str:
    """Return the page in a language; what the catalogue lacks is told as the schema says it."""
    return _page(json.dumps(description), language)


@cache
def _page(description: str, language: str) -> str:
    described = json.loads(description)
    info = described["info"]
    sections = [
        _operation(path, method, operation, described, language)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return str(
        h.html(lang=language)[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width,initial-scale=1"),
                h.title[info["title"]],
                h.style[Markup(STYLE)],
            ],
            h.body[
                h.h1[f"{info['title']} {info['version']}"],
                h.p[translate(language, "api.docs.intro")],
                h.p[h.a(href="openapi.json")["openapi.json"]],
                sections,
            ],
        ]
    )


def _operation(
    path: str, method: str, operation: Described, described: Described, language: str
) -> h.Node:
    summary = _told(
        language, operation.get("summary", ""), f"api.summary.{path.rpartition('/')[2]}"
    )
    return [
        h.h2[h.span(".method")[method.upper()], h.code[path]],
        h.p[summary],
        list(_parameters(operation, language)),
        list(_body(operation, described, language)),
        list(_answers(operation, described, language)),
    ]


def _told(language: str, english: str, *keys: str, **values: object) -> str:
    key = next((key for key in keys if has_text(key)), None)
    return translate(language, key, **values) if key else english


def _parameters(operation: Described, language: str) -> Iterator[h.Node]:
    if not operation.get("parameters"):
        return
    yield h.h3[translate(language, "api.docs.parameters")]
    yield h.table[
        (
            _row(
                one["name"],
                one["schema"],
                _told(language, one.get("description", ""), f"api.parameter.{one['name']}"),
                language,
                is_required=one["required"],
            )
            for one in operation["parameters"]
        )
    ]


def _body(operation: Described, described: Described, language: str) -> Iterator[h.Node]:
    schema = _schema(operation.get("requestBody", {}), described)
    if schema:
        yield h.h3[translate(language, "api.docs.body")]
        yield _fields(schema, language, required=schema.get("required", ()))


def _answers(operation: Described, described: Described, language: str) -> Iterator[h.Node]:
    yield h.h3[translate(language, "api.docs.answers")]
    limits = {"megabytes": LARGEST_BODY // 1024**2}
    yield h.table(".statuses")[
        (
            h.tr[
                h.th(scope="row")[h.code[status]],
                h.td[_told(language, answer["description"], f"api.status.{status}", **limits)],
            ]
            for status, answer in operation["responses"].items()
        )
    ]
    schema = _schema(operation["responses"].get("200", {}), described)
    if "properties" in schema:
        yield h.h3[translate(language, "api.docs.fields")]
        yield _fields(schema, language)


def _schema(content: Described, described: Described) -> Described:
    schema: Described = content.get("content", {}).get("application/json", {}).get("schema", {})
    name = _name(schema)
    known: Mapping[str, Described] = described["components"]["schemas"]
    return known[name] if name else schema


def _name(schema: Described) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _fields(schema: Described, language: str, *, required: Collection[str] = ()) -> h.Node:
    return h.table[
        (
            _row(
                name,
                field,
                _told(
                    language,
                    field.get("description", ""),
                    f"api.field.{schema['title']}.{name}",
                    f"api.field.{name}",
                ),
                language,
                is_required=name in required,
            )
            for name, field in schema["properties"].items()
        )
    ]


def _row(
    name: str, field: Described, meaning: str, language: str, *, is_required: bool
) -> h.Renderable:
    limits = " · ".join(_limits(field, language))
    mark = h.span(".mark")[translate(language, "api.docs.required")] if is_required else None
    return h.tr[
        h.th(scope="row")[h.code(".name")[name], mark, h.code(".kind")[_kind(field)]],
        h.td[meaning, h.span(".limits")[limits] if limits else None],
    ]


def _limits(field: Described, language: str) -> Iterator[str]:
    """Yield what a value has to keep to, and what is taken where it is left out."""
    for one in field.get("anyOf", ()):
        yield from _limits(one, language)
    if "maximum" in field:
        yield _limit(language, "range", field["maximum"], field["minimum"])
    if "maxLength" in field:
        yield _limit(language, "characters", field["maxLength"], field.get("minLength", 0))
    most = field.get("maxItems", field.get("maxProperties"))
    if most is not None:
        yield _limit(language, "entries", most)
    for part, key in (("items", "each"), ("propertyNames", "names")):
        if part in field:
            for limit in _limits(field[part], language):
                yield translate(language, f"api.limit.{key}", limit=limit)
    if "default" in field:
        yield translate(language, "api.limit.default", value=json.dumps(field["default"]))


def _limit(language: str, name: str, most: float, least: float = 0) -> str:
    return translate(
        language,
        f"api.limit.{name}",
        least=number(language, least, 0),
        most=number(language, most, 0),
    )


def _kind(field: Described) -> str:
    if "anyOf" in field:
        return " | ".join(_kind(one) for one in field["anyOf"])
    if "enum" in field:
        return " | ".join(json.dumps(one) for one in field["enum"])
    kind = str(field.get("type", "object"))
    if kind == "array":
        return f"[{_kind(field['items'])}]"
    if "additionalProperties" in field:
        return f"{{string: {_kind(field['additionalProperties'])}}}"
    return _name(field) or kind

"""What can a program ask here? The OpenAPI description as a page without scripts, for people."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import htpy as h
from markupsafe import Markup

from leitweg.language.catalogue import translate

STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-top:1px solid #8885;padding-top:1rem}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:#8881;padding:.8rem;overflow-x:auto;border-radius:4px}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8883}
.method{font-weight:700;margin-right:.5rem}
"""
# nothing is loaded from anywhere, and nothing is run
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

Described = Mapping[str, Any]


def docs_page(description: Described, language: str) -> str:
    """Return the page; field descriptions are those of the OpenAPI document, in English."""
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
    return [
        h.h2[h.span(".method")[method.upper()], h.code[path]],
        h.p[operation.get("summary", "")],
        h.p[operation.get("description", "")] if operation.get("description") else None,
        list(_body(operation, described, language)),
        list(_answers(operation, language)),
    ]


def _body(operation: Described, described: Described, language: str) -> Iterator[h.Node]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if not content:
        return
    schema = _resolved(content["schema"], described)
    required = schema.get("required", [])
    yield h.h3[translate(language, "api.docs.body")]
    yield h.table[
        (
            h.tr[
                h.td[h.code[name]],
                h.td[h.code[_kind(field, described)]],
                h.td[translate(language, "api.docs.required") if name in required else ""],
                h.td[field.get("description", "")],
            ]
            for name, field in schema["properties"].items()
        )
    ]
    for example in (content.get("example"), schema.get("example")):
        if example:
            yield h.pre[json.dumps(example, indent=2, ensure_ascii=False)]


def _answers(operation: Described, language: str) -> Iterator[h.Node]:
    yield h.h3[translate(language, "api.docs.answers")]
    yield h.table[
        (
            h.tr[h.td[h.code[status]], h.td[answer.get("description", "")]]
            for status, answer in operation["responses"].items()
        )
    ]


def _resolved(schema: Described, described: Described) -> Described:
    name = schema.get("$ref", "").rpartition("/")[2]
    return described["components"]["schemas"][name] if name else schema


def _kind(field: Described, described: Described) -> str:
    if "anyOf" in field:
        return " | ".join(_kind(one, described) for one in field["anyOf"])
    if "enum" in field:
        return " | ".join(json.dumps(one) for one in field["enum"])
    kind = str(field.get("type", "object"))
    if kind == "array":
        return f"[{_kind(field['items'], described)}]"
    return "{name: text}" if kind == "object" else kind

"""The nodes of the Atlassian Document Format that are written here, as its published JSON schema has them."""

from __future__ import annotations

from typing import Any


def _node(
    kind: str, content: list[str], least: int = 0, attrs: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the schema of a node that holds nodes of the kinds `content`."""
    properties = {
        "type": {"const": kind},
        "content": {
            "type": "array",
            "minItems": least,
            "items": {"anyOf": [{"$ref": f"#/$defs/{one}"} for one in content]},
        },
        **({"attrs": {"type": "object", "properties": attrs, "required": [*attrs]}} if attrs else {}),
    }
    required = ["type", "content", *(["attrs"] if attrs else [])]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _text(*marks: str) -> dict[str, Any]:
    """Return the schema of a text with no mark, or one of `marks`."""
    mark = {"type": "object", "properties": {"type": {"enum": [*marks]}}, "additionalProperties": False}
    return {
        "type": "object",
        "properties": {
            "type": {"const": "text"},
            "text": {"type": "string", "minLength": 1},
            "marks": {"type": "array", "minItems": 1, "maxItems": 1, "items": mark},
        },
        "required": ["type", "text"],
        "additionalProperties": False,
    }


INSIDE = ["paragraph", "bulletList", "orderedList", "codeBlock"]

ADF = {
    "$ref": "#/$defs/doc",
    "$defs": {
        "doc": {
            "properties": {
                "version": {"const": 1},
                "type": {"const": "doc"},
                "content": {
                    "items": {"anyOf": [{"$ref": f"#/$defs/{one}"} for one in [*INSIDE, "heading", "table"]]}
                },
            },
            "required": ["version", "type", "content"],
            "additionalProperties": False,
        },
        "heading": _node(
            "heading", ["text"], attrs={"level": {"type": "integer", "minimum": 1, "maximum": 6}}
        ),
        "paragraph": _node("paragraph", ["text"]),
        "codeBlock": _node("codeBlock", ["bare"]),
        "bulletList": _node("bulletList", ["listItem"], least=1),
        "orderedList": _node("orderedList", ["listItem"], least=1),
        "listItem": {
            **_node("listItem", INSIDE, least=1),
            "if": {"properties": {"content": {"prefixItems": [{"$ref": "#/$defs/paragraph"}]}}},
            "else": False,
        },
        "table": _node("table", ["tableRow"], least=1),
        "tableRow": _node("tableRow", ["tableHeader", "tableCell"]),
        "tableHeader": _node("tableHeader", ["paragraph"], least=1),
        "tableCell": _node("tableCell", ["paragraph"], least=1),
        "text": _text("strong", "code"),
        "bare": _text(),
    },
}

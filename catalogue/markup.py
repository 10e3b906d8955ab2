"""Small pieces of Markdown: escaped text, code, links to entries and to sources, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from campaign_rules.model import Text

DOCUMENTATION = "https://github.com/AdobeDocs/campaign-classic.en/blob/main/help/"
ARTICLES = "https://experienceleague.adobe.com/en/docs/experience-cloud-kcs/kbarticles/"
_PAGE = re.compile(r"[\w./-]+\.md(#\S*)?")
_ARTICLE = re.compile(r"\bKA-\d+\b")
_SPECIAL = re.compile(r"[&<>\\`*_{}\[\]#|~:!]")


def plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def english(text: Text) -> str:
    """Return the English wording, escaped."""
    return plain(text.get("en", ""))


def title(name: str, label: Text) -> str:
    """Return the head of an entry's page: its label, its id, and the Italian label."""
    return f"# {english(label)}\n\n{code(name)} · *Italian:* {plain(label.get('it', ''))}\n"


def code(text: str) -> str:
    """Return `text` as code. Backticks would not do: the reader of HTML blocks looks for tags inside them."""
    return f"<code>{plain(text)}</code>"


def link(kind: str, name: str) -> str:
    """Return a link to the page of an entry, from the page of another one."""
    return f"[{code(name)}](../{kind}/{name}.md)"


def source(reference: str) -> str:
    """Return a link to where something is written.

    A page of the product's documentation is linked in its repository, since its public address does not
    follow from its path.
    """
    if article := _ARTICLE.search(reference):
        return f"[{plain(reference)}]({ARTICLES}{article[0].lower()})"
    if _PAGE.fullmatch(reference):
        return f"[{plain(reference)}]({DOCUMENTATION}{reference.partition('#')[0]})"
    return plain(reference)


def sources(references: Sequence[str]) -> str:
    """Return the section with the sources of an entry."""
    return section("Sources", bullets(source(reference) for reference in references))


def section(heading: str, body: str) -> str:
    """Return a section, or nothing when it has no body."""
    return f"\n## {heading}\n\n{body}\n" if body else ""


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing when it has no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *lines]) if lines else ""

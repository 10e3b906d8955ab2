"""Documents for property tests: words from outside that mean something in one markup or another."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from campaign_rules.report.document import Block, Code, Heading, Items, Paragraph, Span, Table
from campaign_rules.report.markup.line import line, plain
from campaign_rules.report.shown_text import printable, printable_lines

SPECIAL = "abAZ019 _-*+@%^~=#!?()[]{}|<>&;:.,/\"'\\`$\n\tèß—\u202e\u200b\u00a0\x07\x1b"
TRICKS = [
    "# a", "1. a", "1) a", "- a", "+ a", "> a", "===", "---", "    a", "***", "| a | b |", "|---|",
    "```", "~~~", "<script>", "</pre>", "</code>", "<!-- a -->", "&lt;", "&#42;", "&amp", "[a](b)",
    "[a]: b", "![a](b)", "<http://a>", "*a*", "**a**", "_a_", "-a-", "`a`", "@a@", "%{color:red}a%",
    "h1. a", "bq. a", "p(. a", "fn1. a", "table. a", "==a==", "ABC(d)", "a[1]", "??a??", '"a":http://b',
    "!a.png!", "[[a]]", "{{toc}}", "x%x%", "#12", "http://a.b/?c=d&e", "www.a.b?c=d", "a@b.it", ":smile:",
]  # fmt: skip

words = (
    st.text(st.sampled_from(SPECIAL) | st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(TRICKS)
    | st.lists(st.sampled_from(TRICKS), max_size=3).map("".join)
    | st.lists(st.sampled_from([*TRICKS, *SPECIAL]), max_size=4).map(" ".join)
)
spans = st.lists(st.builds(Span, words, strong=st.booleans(), code=st.booleans()), max_size=3).map(tuple)
paragraphs = st.builds(Paragraph, spans.filter(plain))
headings = st.builds(Heading, st.integers(1, 6), words.filter(printable))
codes = st.builds(Code, st.lists(words, min_size=1, max_size=4).map("\n".join)).filter(
    lambda code: "".join(printable_lines(code.text))
)


def lists(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Items]:
    """Return lists whose entries go on with up to two of `inner`."""
    entry = st.builds(lambda first, rest: (first, *rest), paragraphs, st.lists(inner, max_size=2))
    return st.builds(Items, st.lists(entry, min_size=1, max_size=3).map(tuple), st.booleans())


def rows(columns: int) -> st.SearchStrategy[Table]:
    """Return tables of so many columns."""
    row = st.tuples(*[spans] * columns)
    return st.builds(Table, row, st.lists(row, max_size=3).map(tuple))


items = lists(paragraphs | codes | lists(paragraphs | codes))
tables = st.integers(1, 3).flatmap(rows)
every_trick = tuple(
    block
    for trick in TRICKS
    for block in (
        Paragraph((Span(trick),)),
        Heading(3, trick),
        Code(trick),
        Items(((Paragraph((Span(trick),)),),)),
        Table(
            ((Span(trick, strong=True),), (Span(trick, code=True),)),
            (((Span(trick),), (Span("`|", code=True),)),),
        ),
    )
)
"""Each of the tricks in every place."""

documents = st.lists(paragraphs | headings | codes | items | tables, max_size=5).map(tuple)


def outline(block: Block) -> Iterator[tuple[str, str]]:
    """Yield what a reader sees of a block: pairs of what it is and its words, from the top down."""
    match block:
        case Heading(level, text):
            yield f"h{level}", printable(text)
        case Paragraph(spans):
            yield "p", plain(spans)
        case Code(text):
            yield "pre", "\n".join(printable_lines(text))
        case Items(entries, numbered):
            for entry in entries:
                yield ("ol" if numbered else "ul"), ""
                for inner in entry:
                    yield from outline(inner)
        case Table(head, rows):
            for row in (head, *rows):
                for cell in row:
                    yield "cell", plain(cell)


def styled(document: tuple[Block, ...]) -> Iterator[Span]:
    """Yield all spans that are strong or code."""
    for block in document:
        match block:
            case Paragraph(spans):
                yield from (span for span in line(spans) if span.strong or span.code)
            case Items(entries):
                for entry in entries:
                    yield from styled(entry)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from (span for span in line(cell) if span.strong or span.code)

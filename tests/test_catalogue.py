"""The generated pages of the documentation."""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import campaign_rules as cr

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "catalogue"))
        from pages import site_pages  # type: ignore[import-not-found]

        return site_pages(cr.load_knowledge())


@pytest.mark.parametrize("kind", ["modules", "observations", "causes"])
def test_every_entry_has_a_page_and_a_line_in_the_index(pages: dict[str, str], kind: str) -> None:
    for name in getattr(cr.load_knowledge(), kind):
        assert f"catalogue/{kind}/{name}.md" in pages
        assert f"({name}.md)" in pages[f"catalogue/{kind}/index.md"]


def test_every_link_leads_to_a_page(pages: dict[str, str]) -> None:
    for address, content in pages.items():
        for target in re.findall(r"\]\(([^)]+)\)", content):
            if not target.startswith("https://"):
                path = posixpath.normpath(
                    posixpath.join(posixpath.dirname(address), target.partition("#")[0])
                )
                assert path in pages or (ROOT / "docs" / path).is_file(), f"{address}: {target}"


def test_the_graph_is_a_picture_of_every_module(pages: dict[str, str]) -> None:
    content = pages["catalogue/graph.md"]
    picture = ET.fromstring(content[content.index("<svg") : content.index("</svg>") + len("</svg>")])
    drawn = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert drawn == set(cr.load_knowledge().modules)
    edges = [path for path in picture.iter("{http://www.w3.org/2000/svg}path") if "marker-end" in path.attrib]
    assert len(edges) == len(cr.load_knowledge().dependencies)


def test_a_cause_tells_rules_steps_and_sources(pages: dict[str, str]) -> None:
    page = pages["catalogue/causes/stat-stopped.md"]
    assert page.startswith("# stat is not running")
    for part in (
        "*Italian:* stat non è in esecuzione",
        "(../modules/stat.md)",
        "(../observations/process-missing-stat.md)",
        "supports [<code>stat-stopped</code>](../causes/stat-stopped.md): **certain**",
        "## What to do",
        "https://github.com/AdobeDocs/campaign-classic.en/blob/main/help/production/",
    ):
        assert part in page

"""The documentation site in real Chromium: who can read its main pages."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

axe_module = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
pytest.importorskip("mkdocs", reason="MkDocs is not installed")
pytest.importorskip("material", reason="the theme of the documentation is not installed")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGES = ("", "it/", "how-to/notebook/", "reference/python/", "catalogue/modules/mta/", "catalogue/graph/")


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    handler = functools.partial(_Silent, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_everybody_can_read_the_main_pages(browser: Any, site: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong = {}
    for name in PAGES:
        page.goto(site + name)
        found = axe_module.Axe().run(page).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")
        ]
        if serious or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[name] = serious
    assert wrong == {}
    page.close()

"""The HTML report in real Chromium: its contents, its buttons, and who can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import campaign_rules as cr
from campaign_rules.report import render_html

axe_module = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
pytestmark = pytest.mark.slow

INCIDENT = Path(__file__).parents[2] / "examples" / "incidents" / "stat-down"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    diagnosis = cr.diagnose(cr.read_files([INCIDENT]))
    path = tmp_path_factory.mktemp("report") / "diagnosis.html"
    path.write_text(render_html(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation), encoding="utf-8")
    return path.as_uri()


def test_the_root_cause_is_read_the_proof_opens_and_a_command_is_copied(browser: Any, report: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(report)
    assert page.locator("h1").inner_text().startswith("stat@prod")
    source = page.get_by_text("stat-missing").first
    assert not source.is_visible()
    page.locator("summary", has_text="Proof").first.click()
    assert source.is_visible()
    step = page.locator(".step", has_text="Start stat on its host")
    step.get_by_role("button", name="Copy").click()
    step.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "nlserver start stat@prod"
    context.close()


def test_the_keyboard_reaches_everything(browser: Any, report: str) -> None:
    page = browser.new_page()
    page.goto(report)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert reached >= {"SUMMARY", "INPUT", "PRE", "BUTTON"}
    page.close()


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(browser: Any, report: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(report)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = axe_module.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_nothing_is_loaded_from_elsewhere(browser: Any, report: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report)
    assert asked == [report]
    page.close()


def test_hostile_text_does_not_run(browser: Any, tmp_path: Path) -> None:
    hostile = "</script><img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    given = cr.Observation("mails-not-sent", provenance=(cr.Provenance(hostile, 1, hostile),))
    diagnosis = cr.diagnose([given])
    path = tmp_path / "diagnosis.html"
    path.write_text(render_html(diagnosis, diagnosis.knowledge, diagnosis.proof.derivation), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.title().startswith(diagnosis.suspects[0].module)
    assert page.get_by_text("onerror").count()
    page.close()


def test_print_shows_the_proof(browser: Any, report: str) -> None:
    page = browser.new_page()
    page.goto(report)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("stat-missing").first.is_visible()
    assert not page.get_by_role("button", name="Copy").count()
    page.close()

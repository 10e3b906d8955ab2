"""MkDocs hook: while the site builds, a page for each module, observation and cause of the rule base."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from pages import site_pages

from campaign_rules import load_knowledge


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the generated pages. The indexes are in the navigation of mkdocs.yml, single entries are not."""
    for address, content in site_pages(load_knowledge()).items():
        is_index = address.count("/") == 1 or address.endswith("/index.md")
        inclusion = InclusionLevel.UNDEFINED if is_index else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, address, content=content, inclusion=inclusion))
    return files

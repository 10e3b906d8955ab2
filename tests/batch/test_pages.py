"""What the documentation says about batches that its own tests do not run: columns, Ray Data and Dask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from campaign_rules.batch import output_schema
from tests.batch.small_incidents import write_incidents

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_columns_lists_those_that_come_out() -> None:
    page = (DOCS / "reference" / "batch.md").read_text(encoding="utf-8").split("## Out")[1]
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", page, re.MULTILINE))
    assert list(rows) == output_schema().names
    for name in ("suspects", "plan", "next_checks"):
        fields = output_schema().field(name).type.value_type
        assert re.findall(r"`(\w+)`", rows[name]) == [field.name for field in fields]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # those of the libraries
@pytest.mark.parametrize(("library", "title"), [("ray", "with Ray"), ("dask.dataframe", "with Dask")])
def test_the_page_on_clusters_is_right(library: str, title: str, tmp_path: Path) -> None:
    module = pytest.importorskip(library)
    if library == "ray":
        module.init(num_cpus=4, include_dashboard=False)
    assert diagnoses(snippet(title), tmp_path) == {"stat"}


def snippet(title: str) -> str:
    """Return the block of the page on clusters with this title."""
    page = (DOCS / "how-to" / "cluster.md").read_text(encoding="utf-8")
    return page.split(f'```py title="{title}"\n')[1].split("```")[0]


def diagnoses(code: str, folder: Path, names: dict[str, Any] | None = None) -> set[str]:
    """Run a block on incidents in `folder`; return the modules at fault, after a look at all rows."""
    (folder / "incidents").mkdir()
    observed = ["mails-not-sent", "process-missing-stat"]
    rows = [{"id": f"INC-{n}", "observations": observed} for n in range(50)]
    for number in range(3):
        write_incidents(folder / "incidents" / f"{number}.parquet", rows)
    for name in ("incidents", "diagnoses"):
        code = code.replace(f'"{name}"', repr(str(folder / name)))
    exec(code, names or {})
    found: pa.Table = pq.read_table(folder / "diagnoses")
    assert sorted(found["id"].to_pylist()) == sorted(3 * [row["id"] for row in rows])
    return set(found["root_module"].to_pylist())

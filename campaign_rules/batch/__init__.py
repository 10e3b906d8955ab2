"""Many incidents at once: Arrow tables and files in, one diagnosis for each row out.

A diagnosis is a pure function of the set of observations, so each set is diagnosed once. Needs pyarrow:
``pip install 'campaign-rules[batch]'``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.batch.files import Done as Done
    from campaign_rules.batch.files import diagnose_file as diagnose_file
    from campaign_rules.batch.schema import output_schema as output_schema
    from campaign_rules.batch.stream import BatchDiagnoser as BatchDiagnoser
    from campaign_rules.batch.stream import diagnose_batches as diagnose_batches
    from campaign_rules.batch.stream import diagnose_table as diagnose_table

__getattr__, __all__ = lazily(
    __name__,
    {
        "files": ("Done", "Progress", "diagnose_file"),
        "schema": ("output_schema",),
        "stream": ("BatchDiagnoser", "diagnose_batches", "diagnose_table"),
    },
)


def __dir__() -> list[str]:
    return __all__

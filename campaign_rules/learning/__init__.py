"""What closed tickets teach: other words for frequencies and strengths, as an overlay to read and reject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.learning.closed import Closed as Closed
    from campaign_rules.learning.closed import Studied as Studied
    from campaign_rules.learning.closed import study as study
    from campaign_rules.learning.estimates import Estimate as Estimate
    from campaign_rules.learning.learnt import Learnt as Learnt
    from campaign_rules.learning.learnt import learn_words as learn_words
    from campaign_rules.learning.overlay import comment as comment
    from campaign_rules.learning.overlay import write_overlay as write_overlay
    from campaign_rules.learning.posteriors import Beta as Beta
    from campaign_rules.learning.posteriors import Prior as Prior
    from campaign_rules.learning.table import Columns as Columns
    from campaign_rules.learning.table import Row as Row
    from campaign_rules.learning.table import closed_of as closed_of
    from campaign_rules.learning.table import read_names as read_names
    from campaign_rules.learning.table import read_rows as read_rows
    from campaign_rules.learning.validation import Validation as Validation
    from campaign_rules.learning.validation import cross_validate as cross_validate

__getattr__, __all__ = lazily(
    __name__,
    {
        "closed": ("Closed", "Studied", "study"),
        "estimates": ("Estimate",),
        "learnt": ("Learnt", "learn_words"),
        "overlay": ("comment", "write_overlay"),
        "posteriors": ("Beta", "Prior"),
        "table": ("Columns", "Row", "closed_of", "read_names", "read_rows"),
        "validation": ("Validation", "cross_validate"),
    },
)

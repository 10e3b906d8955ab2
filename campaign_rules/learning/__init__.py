"""What closed tickets teach: other words for frequencies and strengths, as an overlay to read and reject."""

from campaign_rules.learning.closed import Closed, Studied, study
from campaign_rules.learning.estimates import Estimate
from campaign_rules.learning.learnt import Learnt, learn_words
from campaign_rules.learning.overlay import write_overlay
from campaign_rules.learning.posteriors import Beta, Prior
from campaign_rules.learning.table import Columns, Row, closed_of, read_names, read_rows
from campaign_rules.learning.validation import Validation, cross_validate

__all__ = [
    "Beta",
    "Closed",
    "Columns",
    "Estimate",
    "Learnt",
    "Prior",
    "Row",
    "Studied",
    "Validation",
    "closed_of",
    "cross_validate",
    "learn_words",
    "read_names",
    "read_rows",
    "study",
    "write_overlay",
]

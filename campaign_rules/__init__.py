"""Expert system for incidents on Adobe Campaign Classic v7.

Observed facts go in; ranked suspects, the root cause, ordered steps and the proof of every
conclusion come out. Names are loaded when first used, so that importing the package stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.diagnosis import Diagnosis as Diagnosis
    from campaign_rules.diagnosis import diagnose as diagnose
    from campaign_rules.errors import CampaignRulesError as CampaignRulesError
    from campaign_rules.errors import EngineError as EngineError
    from campaign_rules.errors import EngineLimitError as EngineLimitError
    from campaign_rules.errors import InputError as InputError
    from campaign_rules.errors import KnowledgeError as KnowledgeError
    from campaign_rules.errors import StratificationError as StratificationError
    from campaign_rules.errors import UnknownNameError as UnknownNameError
    from campaign_rules.errors import WorkerError as WorkerError
    from campaign_rules.evidence import redact_text as redact_text
    from campaign_rules.model import Evidence as Evidence
    from campaign_rules.model import KnowledgeBase as KnowledgeBase
    from campaign_rules.model import Ledger as Ledger
    from campaign_rules.model import NextCheck as NextCheck
    from campaign_rules.model import Note as Note
    from campaign_rules.model import Observation as Observation
    from campaign_rules.model import PlannedStep as PlannedStep
    from campaign_rules.model import Provenance as Provenance
    from campaign_rules.model import State as State
    from campaign_rules.model import Suspect as Suspect
    from campaign_rules.model import Weight as Weight
    from campaign_rules.ranking import explain_root_cause as explain_root_cause
    from campaign_rules.ranking import rank_root_causes as rank_root_causes
    from campaign_rules.reading import read_artifact as read_artifact
    from campaign_rules.reading import read_files as read_files
    from campaign_rules.reading import read_ticket as read_ticket
    from campaign_rules.rule_base import load_knowledge as load_knowledge
    from campaign_rules.session import Session as Session

__getattr__, __all__ = lazily(
    __name__,
    {
        "diagnosis": ("Diagnosis", "diagnose"),
        "errors": (
            "CampaignRulesError",
            "EngineError",
            "EngineLimitError",
            "InputError",
            "KnowledgeError",
            "StratificationError",
            "UnknownNameError",
            "WorkerError",
        ),
        "evidence": ("redact_text",),
        "model": (
            "Evidence",
            "KnowledgeBase",
            "Ledger",
            "NextCheck",
            "Note",
            "Observation",
            "PlannedStep",
            "Provenance",
            "State",
            "Suspect",
            "Weight",
        ),
        "ranking": ("explain_root_cause", "rank_root_causes"),
        "reading": ("read_artifact", "read_files", "read_ticket"),
        "rule_base": ("load_knowledge",),
        "session": ("Session",),
    },
)


def __dir__() -> list[str]:
    return __all__

"""Expert system for incidents on Adobe Campaign Classic v7.

Observed facts go in; ranked suspects, the root cause, ordered steps and the proof of every
conclusion come out. Names are loaded when first used, so that importing the package stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campaign_rules.diagnosis import Diagnosis as Diagnosis
    from campaign_rules.diagnosis import diagnose as diagnose
    from campaign_rules.diagnosis import load_knowledge as load_knowledge
    from campaign_rules.diagnosis import read_artifact as read_artifact
    from campaign_rules.diagnosis import read_ticket as read_ticket
    from campaign_rules.errors import CampaignRulesError as CampaignRulesError
    from campaign_rules.errors import EngineError as EngineError
    from campaign_rules.errors import EngineLimitError as EngineLimitError
    from campaign_rules.errors import InputError as InputError
    from campaign_rules.errors import KnowledgeError as KnowledgeError
    from campaign_rules.errors import StratificationError as StratificationError
    from campaign_rules.errors import UnknownNameError as UnknownNameError
    from campaign_rules.model import KnowledgeBase as KnowledgeBase
    from campaign_rules.model import NextCheck as NextCheck
    from campaign_rules.model import Observation as Observation
    from campaign_rules.model import PlannedStep as PlannedStep
    from campaign_rules.model import Provenance as Provenance
    from campaign_rules.model import State as State
    from campaign_rules.model import Suspect as Suspect
    from campaign_rules.model import Weight as Weight
    from campaign_rules.ranking import explain_root_cause as explain_root_cause
    from campaign_rules.ranking import rank_root_causes as rank_root_causes
    from campaign_rules.session import Session as Session

_HOMES = {
    "campaign_rules.diagnosis": ("Diagnosis", "diagnose", "load_knowledge", "read_artifact", "read_ticket"),
    "campaign_rules.errors": (
        "CampaignRulesError",
        "EngineError",
        "EngineLimitError",
        "InputError",
        "KnowledgeError",
        "StratificationError",
        "UnknownNameError",
    ),
    "campaign_rules.model": (
        "KnowledgeBase",
        "NextCheck",
        "Observation",
        "PlannedStep",
        "Provenance",
        "State",
        "Suspect",
        "Weight",
    ),
    "campaign_rules.ranking": ("explain_root_cause", "rank_root_causes"),
    "campaign_rules.session": ("Session",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__

"""What clients send, as pydantic models; what is not named here is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StringConstraints

from campaign_rules.model import Observation, State

Notation = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9-]+(@[A-Za-z0-9_.-]+)?(=[^\x00-\x1f]*)?$", min_length=1, max_length=500
    ),
]
"""The short notation: ``id``, ``id@instance``, ``id=value``, ``id@instance=value``."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]

Text = Annotated[str, Field(max_length=8 << 20)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GivenObservation(_Strict):
    """An observation: an id of the catalogue, whether it is there, and what was measured."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=100)]
    state: State = State.PRESENT
    value: StrictFloat | Annotated[str, StringConstraints(max_length=500)] | None = None
    instance: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]*$", max_length=100)] = ""


class Evidence(_Strict):
    """What is known of an incident: a ticket's text, logs and command output, and observations.

    A string among the observations is the short notation of one that is present. `redact` replaces
    addresses, names of hosts and accounts, and secrets of the texts by tokens.
    """

    ticket: Annotated[Text, Field(examples=["No e-mail has left since 9:40."])] = ""
    attachments: Annotated[list[Text], Field(max_length=100)] = []
    observations: Annotated[
        list[Notation | GivenObservation], Field(max_length=1000, examples=[["process-missing-stat@prod"]])
    ] = []
    redact: StrictBool = True

    def given(self) -> list[str | Observation]:
        """Return the observations as the library takes them."""
        return [_given(one) for one in self.observations]


class Incident(Evidence):
    """An incident, and the language of its diagnosis."""

    language: Language = "en"


class Retraction(_Strict):
    """Observations to withdraw, in short notation; a state or value does not matter."""

    observations: Annotated[
        list[Notation], Field(min_length=1, max_length=1000, examples=[["process-missing-stat@prod"]])
    ]


def _given(one: str | GivenObservation) -> str | Observation:
    return one if isinstance(one, str) else Observation(one.id, one.state, one.value, one.instance)

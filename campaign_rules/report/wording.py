"""The words around a result, per language. Texts of the knowledge base come from its files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import Disruption, Performer, State, Verb


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that results can be shown in."""
    return tuple(sorted(_wordings()))


def wording(language: str) -> Mapping[str, str]:
    """Return the words of `language` by key. Raises UnknownNameError for an unknown one."""
    try:
        return _wordings()[language]
    except KeyError:
        raise UnknownNameError("language", language, languages()) from None


@cache
def _wordings() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({"en": MappingProxyType(_ENGLISH), "it": MappingProxyType(_ITALIAN)})


_ENGLISH = {
    "root_cause": "Root cause",
    "most_likely": "Most likely",
    "unclear": "No cause stands out yet",
    "nothing_recognised": "Nothing known was recognised in the input.",
    "nothing_recognised_hint": "Describe what fails, or add the output of nlserver pdump.",
    "nothing_implicated": "No module is implicated by what was observed.",
    "observed": "Observed",
    "suspects": "Suspects",
    "explains": "explains",
    "unobserved": "not observed itself: check it",
    "prior": "how often it is at fault, against nothing being wrong",
    "through": "through",
    "plan": "What to do",
    "first_step": "First step now",
    "expected": "expected {minutes:.0f} minutes",
    "check": "check",
    "minutes": "{minutes:.0f} min",
    "disruption": "disruption",
    "addresses": "for",
    "warning": "Caution",
    "verify": "Then",
    "next_checks": "Ask next",
    "cost_and_gain": "{minutes:.0f} min, {bits:.2f} bit",
    "unused": "Observed, used by no rule",
    "unexplained": "Not explained by the first suspect",
    "second_fault": "{explained} would be explained by a second fault, in {module} ({decibans:+.1f} dB)",
    "naive": "{likeliest:.0f} if the likeliest step came first, {cheapest:.0f} if the cheapest did",
    "if_yes": "yes",
    "if_no": "no",
    "against_and_for": "against | for",
    "proof": "Proof",
    "probability": "probability",
    "weight_for": "weight of evidence for {suspect}, decibans",
    "blame": "How the fault shows",
    "needs": "needs",
    "copy": "Copy",
    "copied": "Copied",
    "because": "because",
    "not_derived": "and not",
    "source": "source",
    "inferred": "inferred, not documented",
    "not_a_suspect": "{module} is not among the suspects.",
    "is_suspect": "{module} is suspect number {rank} with {probability}.",
    "no_rules": "No rule concludes anything about {module}.",
    "missing": "missing",
    "contradicted": "contradicted",
    "against": "Speaks against it",
    "would_support": "Would speak for it",
    "knowledge": "Knowledge base",
    "modules": "modules",
    "dependencies": "dependencies",
    "observations": "observations",
    "facts": "derived facts",
    "rules": "rules",
    "causes": "causes",
    "steps": "steps",
    State.PRESENT: "present",
    State.ABSENT: "absent",
    State.UNKNOWN: "unknown",
    Verb.DERIVES: "derives",
    Verb.IMPAIRS: "impairs",
    Verb.CLEARS: "clears",
    Verb.SUPPORTS: "supports",
    Verb.REFUTES: "refutes",
    Performer.OPERATOR: "operator",
    Performer.ADMINISTRATOR: "administrator",
    Performer.DATABASE_ADMINISTRATOR: "database administrator",
    Performer.ADOBE: "Adobe",
    Disruption.NONE: "none",
    Disruption.LOW: "low",
    Disruption.HIGH: "high",
}

_ITALIAN = {
    "root_cause": "Causa principale",
    "most_likely": "Più probabile",
    "unclear": "Nessuna causa emerge ancora",
    "nothing_recognised": "Nel testo non è stato riconosciuto nulla di noto.",
    "nothing_recognised_hint": "Descrivere che cosa non funziona, o aggiungere l'output di nlserver pdump.",
    "nothing_implicated": "Quanto osservato non chiama in causa alcun modulo.",
    "observed": "Osservato",
    "suspects": "Sospetti",
    "explains": "spiega",
    "unobserved": "non osservato direttamente: da verificare",
    "prior": "quanto spesso è responsabile, rispetto a nessun guasto",
    "through": "tramite",
    "plan": "Che cosa fare",
    "first_step": "Primo passo ora",
    "expected": "attesi {minutes:.0f} minuti",
    "check": "verifica",
    "minutes": "{minutes:.0f} min",
    "disruption": "interruzione",
    "addresses": "per",
    "warning": "Attenzione",
    "verify": "Poi",
    "next_checks": "Da chiedere ora",
    "cost_and_gain": "{minutes:.0f} min, {bits:.2f} bit",
    "unused": "Osservato, ma non usato da alcuna regola",
    "unexplained": "Non spiegato dal primo sospetto",
    "second_fault": "{explained}: lo spiegherebbe un secondo guasto, in {module} ({decibans:+.1f} dB)",
    "naive": "{likeliest:.0f} cominciando dal passo più probabile, {cheapest:.0f} dal più rapido",
    "if_yes": "sì",
    "if_no": "no",
    "against_and_for": "contro | a favore",
    "proof": "Dimostrazione",
    "probability": "probabilità",
    "weight_for": "peso dell'evidenza per {suspect}, deciban",
    "blame": "Come si manifesta il guasto",
    "needs": "ha bisogno di",
    "copy": "Copia",
    "copied": "Copiato",
    "because": "perché",
    "not_derived": "e non",
    "source": "fonte",
    "inferred": "dedotto, non documentato",
    "not_a_suspect": "{module} non è tra i sospetti.",
    "is_suspect": "{module} è il sospetto numero {rank} con {probability}.",
    "no_rules": "Nessuna regola conclude qualcosa su {module}.",
    "missing": "manca",
    "contradicted": "contraddetto",
    "against": "Depone a sfavore",
    "would_support": "Deporrebbe a favore",
    "knowledge": "Base di conoscenza",
    "modules": "moduli",
    "dependencies": "dipendenze",
    "observations": "osservazioni",
    "facts": "fatti derivati",
    "rules": "regole",
    "causes": "cause",
    "steps": "passi",
    State.PRESENT: "presente",
    State.ABSENT: "assente",
    State.UNKNOWN: "ignoto",
    Verb.DERIVES: "deriva",
    Verb.IMPAIRS: "compromette",
    Verb.CLEARS: "scagiona",
    Verb.SUPPORTS: "sostiene",
    Verb.REFUTES: "confuta",
    Performer.OPERATOR: "operatore",
    Performer.ADMINISTRATOR: "amministratore",
    Performer.DATABASE_ADMINISTRATOR: "amministratore del database",
    Performer.ADOBE: "Adobe",
    Disruption.NONE: "nessuna",
    Disruption.LOW: "bassa",
    Disruption.HIGH: "alta",
}

"""What sentences assert, deny, or only mention. Each line: a sentence and what it says."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import evolve

from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence import Recogniser, make_recogniser, read_ticket
from campaign_rules.evidence.language import build_lexicon, build_vocabulary
from campaign_rules.evidence.phrases import check_phrases, index_phrases
from campaign_rules.model import KnowledgeBase, Language, ObservationType, Signs
from tests.evidence.small_base import MODULES, shipped_languages

Said = Callable[[str], dict[str, str]]

PRESENT = [
    ("The mta is down.", "process-missing-mta"),
    ("MTA down since this morning", "process-missing-mta"),
    ("Our delivery server does not run any more", "process-missing-mta"),
    ("The mta isn't running", "process-missing-mta"),
    ("the mta doesn’t start", "process-missing-mta"),
    ("mta fails to start", "process-missing-mta"),
    ("We found that the mta is missing.", "process-missing-mta"),
    ("No e-mail has left since 9:40", "mails-not-sent"),
    ("Emails are no longer being sent", "mails-not-sent"),
    ("no mails go out", "mails-not-sent"),
    ("We are unable to send e-mails", "mails-not-sent"),
    ("We cannot send any mail.", "mails-not-sent"),
    ("The sending of emails fails", "mails-not-sent"),
    ("E-mails of the campaign launched today are not sent", "mails-not-sent"),
    ("Why are the mails not sent?", "mails-not-sent"),
    ("Tracking is broken", "tracking-broken"),
    ("tracking does not work properly", "tracking-broken"),
    ("The tracking workflow has failed", "tracking-workflow-failed"),
    ("two workflows hang", "workflow-stuck"),
    ("All processes are stopped", "nothing-runs"),
    ("none of the processes runs", "nothing-runs"),
    ("There are no bounces since Monday", "no-bounces"),
    ("The console is extremely slow", "console-slow"),
    ("logs have disappeared", "logs-missing"),
    ("The database cannot be reached", "database-unreachable"),
    ("After the upgrade, tracking stopped", "recent-upgrade"),
    ("there is a conflict on the port", "port-conflict"),
    ("It is impossible to stop the workflow", "workflow-will-not-stop"),
    ("The upgrade failed without any explanation", "upgrade-failed"),
    ("The workflow failed without any explanation", "workflow-failed"),
    ("Since 9:40 mails are not sent", "mails-not-sent"),
    ("Since this morning the mta does not run", "process-missing-mta"),
    ("The mta, of which we have one, is down", "process-missing-mta"),
    ("The console, the mta and the web module are down", "process-missing-mta"),
    ("The database cleanup has failed", "cleanup-failed"),
    ("The cleanup of the database has failed", "cleanup-failed"),
    ("The delivery stays pending", "delivery-pending"),
    ("The workflow works the first time, but on the second execution it fails", "workflow-failed"),
    ("The mta ran on Monday, but it is down now", "process-missing-mta"),
    ("Mails are not delivered", "mails-not-sent"),
    ("Il modulo mta è fermo", "process-missing-mta"),
    ("l'mta non parte", "process-missing-mta"),
    ("le mail non partono da stamattina", "mails-not-sent"),
    ("Da ieri non parte più nessuna mail", "mails-not-sent"),
    ("Non riusciamo a inviare le e-mail", "mails-not-sent"),
    ("Il tracciamento non funziona", "tracking-broken"),
    ("Il flusso è in errore", "workflow-failed"),
    ("I flussi sono bloccati", "workflow-stuck"),
    ("Nessun processo è in esecuzione", "nothing-runs"),
    ("La console è lentissima", "console-slow"),
    ("Mancano i log", "logs-missing"),
    ("Il disco è pieno", "disk-full"),
    ("Le mta est arrêté", "process-missing-mta"),
    ("Le mta ne démarre plus", "process-missing-mta"),
    ("Les mails ne partent plus depuis ce matin", "mails-not-sent"),
    ("Aucun mail ne part", "mails-not-sent"),
    ("Le suivi ne marche pas", "tracking-broken"),
    ("Le disque est plein", "disk-full"),
    ("Der MTA läuft nicht", "process-missing-mta"),
    ("Die Mails werden nicht versendet", "mails-not-sent"),
    ("Es werden keine Mails versendet", "mails-not-sent"),
    ("Die Festplatte ist voll", "disk-full"),
    ("Die Mails werden seit heute nicht versendet", "mails-not-sent"),
    ("Der MTA läuft seit heute nicht", "process-missing-mta"),
    ("Der MTA läuft auf dem Server nicht", "process-missing-mta"),
    ("Il workflow è fallito senza spiegazioni", "workflow-failed"),
    ("Der Workflow ist fehlgeschlagen", "workflow-failed"),
    ("El mta está parado", "process-missing-mta"),
    ("Los correos no salen", "mails-not-sent"),
    ("El seguimiento no funciona", "tracking-broken"),
    ("El flujo está bloqueado", "workflow-stuck"),
]

ABSENT = [
    ("The mta is not down.", "process-missing-mta"),
    ("The mta is running", "process-missing-mta"),
    ("The mta is not missing", "process-missing-mta"),
    ("Mails are sent regularly", "mails-not-sent"),
    ("Mails are sent without problems", "mails-not-sent"),
    ("Tracking works", "tracking-broken"),
    ("Tracking is fine and works", "tracking-broken"),
    ("We have no port conflict", "port-conflict"),
    ("There is no conflict on the port", "port-conflict"),
    ("The port conflict is gone", "port-conflict"),
    ("The console is not slow", "console-slow"),
    ("the disk isn't full", "disk-full"),
    ("No workflow has failed", "workflow-failed"),
    ("The workflow is not stuck", "workflow-stuck"),
    ("L'mta non è fermo", "process-missing-mta"),
    ("L'mta funziona", "process-missing-mta"),
    ("Le mail partono regolarmente", "mails-not-sent"),
    ("Le mail vengono inviate correttamente", "mails-not-sent"),
    ("Il tracciamento funziona bene", "tracking-broken"),
    ("Non c'è nessun conflitto di porta", "port-conflict"),
    ("La console non è lenta", "console-slow"),
    ("Il disco non è pieno", "disk-full"),
    ("Nessun flusso è bloccato", "workflow-stuck"),
    ("Les mails partent normalement", "mails-not-sent"),
    ("Le suivi fonctionne correctement", "tracking-broken"),
    ("Le disque n'est pas plein", "disk-full"),
    ("Die Mails werden problemlos versendet", "mails-not-sent"),
    ("Die Festplatte ist nicht voll", "disk-full"),
    ("Der MTA läuft", "process-missing-mta"),
    ("Los correos salen con normalidad", "mails-not-sent"),
    ("Other mails are sent without problems", "mails-not-sent"),
    ("The console opens normally", "console-does-not-open"),
    ("The workflow is running since Monday", "workflow-failed"),
    ("El disco no está lleno", "disk-full"),
]

SILENT = [
    ("Is the mta down?", "process-missing-mta"),
    ("Are mails not sent?", "mails-not-sent"),
    ("If the mta is down, mails are not sent.", "mails-not-sent"),
    ("Check whether the mta is down.", "process-missing-mta"),
    ("How to restart the mta when it is down", "process-missing-mta"),
    ("Maybe the mta is down", "process-missing-mta"),
    ("Mails are sent", "mails-not-sent"),
    ("One process is not running", "nothing-runs"),
    ("The process fails", "nothing-runs"),
    ("trackinglogd is missing, mta is at 10 MB", "mails-not-sent"),
    ("The workflows fail after the upgrade", "upgrade-failed"),
    ("After the upgrade the workflow fails", "upgrade-failed"),
    ("SMS are not sent", "mails-not-sent"),
    ("The workflow works", "workflow-will-not-stop"),
    ("This is the workflow we are in, error codes follow", "workflow-failed"),
    ("Lines are missing in mta.log", "process-missing-mta"),
    ("No disk of the server is old, it is full", "disk-full"),
    ("The workflow is stuck", "workflow-failed"),
    ("Bounces are collected", "no-bounces"),
    ("The tracking workflow has failed", "workflow-failed"),
    ("The tracking workflow has failed", "tracking-broken"),
    ("The database cleanup has failed", "database-unreachable"),
    ("The database cleanup does not answer", "database-unreachable"),
    ("The delivery server works fine", "delivery-pending"),
    ("After a recent build upgrade the tracking workflow fails", "upgrade-failed"),
    ("We did the upgrade, the workflow fails", "upgrade-failed"),
    ("Since this morning's upgrade the workflow fails", "upgrade-failed"),
    ("The stats do not work", "process-missing-stat"),
    ("Other workflows run fine", "workflow-failed"),
    ("Tracking works only sometimes", "tracking-broken"),
    ("The console opens normally", "no-opens"),
    ("Our mta in a workflow works at first, but it fails later", "workflow-failed"),
    ("L'mta è fermo?", "process-missing-mta"),
    ("Se l'mta è fermo le mail non partono", "mails-not-sent"),
    ("Come si riavvia l'mta fermo", "process-missing-mta"),
    ("Le mail partono", "mails-not-sent"),
    ("Forse il disco è pieno", "disk-full"),
    ("Est-ce que le disque est plein ?", "disk-full"),
    ("Si le disque est plein, rien ne marche", "disk-full"),
    ("Ist die Festplatte voll?", "disk-full"),
    ("Falls die Festplatte voll ist, melden Sie es", "disk-full"),
    ("¿Está lleno el disco?", "disk-full"),
    ("Si el disco está lleno, avisadnos", "disk-full"),
]


@pytest.mark.parametrize(("sentence", "observation"), PRESENT)
def test_asserted(sentence: str, observation: str, said: Said) -> None:
    assert said(sentence).get(observation) == "present"


@pytest.mark.parametrize(("sentence", "observation"), ABSENT)
def test_denied(sentence: str, observation: str, said: Said) -> None:
    assert said(sentence).get(observation) == "absent"


@pytest.mark.parametrize(("sentence", "observation"), SILENT)
def test_not_said(sentence: str, observation: str, said: Said) -> None:
    assert observation not in said(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Mails are not sent but tracking works.",
            {"mails-not-sent": "present", "tracking-broken": "absent"},
        ),
        (
            "Il tracciamento funziona, ma le mail non partono",
            {"tracking-broken": "absent", "mails-not-sent": "present"},
        ),
        (
            "Trackinglogd is down and the mta is running",
            {"process-missing-trackinglogd": "present", "process-missing-mta": "absent"},
        ),
        (
            "The mta and the web module are down",
            {"process-missing-mta": "present", "process-missing-web": "present"},
        ),
        (
            "wfserver is running and syslogd is not running",
            {"process-missing-wfserver": "absent", "process-missing-syslogd": "present"},
        ),
        (
            "Le suivi marche bien mais les mails ne partent pas",
            {"tracking-broken": "absent", "mails-not-sent": "present"},
        ),
        (
            "Das Tracking funktioniert, aber die Mails werden nicht versendet",
            {"tracking-broken": "absent", "mails-not-sent": "present"},
        ),
    ],
)
def test_clauses_are_judged_apart(sentence: str, expected: dict[str, str], said: Said) -> None:
    assert said(sentence) == expected


def test_words_of_a_phrase_must_stand_close_together(said: Said) -> None:
    far = "The disk of the second server in the new data center of our office near Paris got full"
    assert "disk-full" not in said(far)


def test_a_phrase_does_not_cross_sentences(said: Said) -> None:
    assert said("We use the mta. Something is down.") == {}


def test_a_value_is_read_from_the_phrase(recogniser: Recogniser) -> None:
    (seen,) = read_ticket("Our server runs on Windows.", (), recogniser)
    assert (seen.id, seen.value) == ("operating-system", "windows")


def phrase(text: str, language: str = "en") -> ObservationType:
    return ObservationType("seen", {"en": "x"}, signs=Signs({language: (text,)}))


ENGLISH = shipped_languages()["en"]


def test_a_phrase_of_fillers_is_refused_by_name() -> None:
    with pytest.raises(KnowledgeError, match="observation seen: phrase 'it is' holds only filler words"):
        index_phrases([phrase("it is")], build_lexicon(ENGLISH, None, ()))
    with pytest.raises(KnowledgeError, match="observation seen: phrase 'it is' holds only filler words"):
        check_phrases([phrase("it is")], {"en": build_vocabulary(ENGLISH)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("since the upgrade", "upgrade"),
        ("the workflow", "workflow"),
        ("it fails", "work"),
        ("not running", "work"),
        ("is upgraded", "upgrade"),
    ],
)
def test_a_phrase_of_one_common_concept_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(KnowledgeError, match=f"observation seen: phrase '{text}' says no more than '{said}'"):
        index_phrases([phrase(text)], build_lexicon(ENGLISH, None, ()))


def test_the_bare_name_of_a_module_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="phrase 'the delivery server' says no more than 'mta'"):
        index_phrases([phrase("the delivery server")], build_lexicon(ENGLISH, None, MODULES))


@pytest.mark.parametrize(
    "text", ["no clicks", "cannot log in", "start in progress", "netsplit", "disk is full"]
)
def test_a_phrase_of_one_concept_may_deny_it_or_be_rare(text: str) -> None:
    check_phrases([phrase(text)], {"en": build_vocabulary(ENGLISH)})
    assert index_phrases([phrase(text)], build_lexicon(ENGLISH, None, ())).phrases


def test_common_concepts_are_refused_when_the_base_is_made_ready(knowledge: KnowledgeBase) -> None:
    bad = evolve(knowledge, observations={"seen": phrase("after the upgrade")})
    with pytest.raises(KnowledgeError, match="phrase 'after the upgrade' says no more than 'upgrade'"):
        make_recogniser(bad)


def test_a_phrase_in_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(KnowledgeError, match="observation seen: no language 'pt' to read 'mta parado' in"):
        check_phrases([phrase("mta parado", "pt")], {})


def test_a_language_without_a_stemmer_matches_words_as_written() -> None:
    (made,) = index_phrases([phrase("Runs", "xx")], build_lexicon(Language("xx"), None, ())).phrases
    assert {concept.name for concept in made.elements[0]} == {"~runs", "~run"}


def test_a_language_is_made_ready_when_a_sentence_in_it_is_met(knowledge: KnowledgeBase) -> None:
    broken = ObservationType("seen", {"en": "x"}, signs=Signs({"de": ("Nachrichten",)}))
    lazy = make_recogniser(evolve(knowledge, observations={**knowledge.observations, "seen": broken}))
    assert [seen.id for seen in read_ticket("The mta is down.", (), lazy)] == ["process-missing-mta"]
    with pytest.raises(KnowledgeError, match="phrase 'Nachrichten' says no more than 'message'"):
        read_ticket("Die Festplatte ist voll", (), lazy)


def test_threads_share_one_recogniser(knowledge: KnowledgeBase) -> None:
    shared = make_recogniser(knowledge)
    tickets = ["The mta is down.", "Il disco è pieno", "Le disque est plein", "El mta está parado"] * 4
    alone = [read_ticket(text, (), make_recogniser(knowledge)) for text in tickets[:4]] * 4
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: read_ticket(text, (), shared), tickets)) == alone

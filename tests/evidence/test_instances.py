from __future__ import annotations

from collections.abc import Callable

import pytest

Said = Callable[[str], dict[str, str]]


@pytest.mark.parametrize(
    ("sentence", "instance"),
    [
        ("The mta is down on instance prod.", "prod"),
        ("On instance prod the mta is down", "prod"),
        ("On the instance acme_prod the mta is down", "acme_prod"),
        ("The mta is down on instance 'prod'", "prod"),
        ("Instance: prod, the mta is down", "prod"),
        ("mta@prod is down", "prod"),
        ("mta@default is down", ""),
        ("Sull'istanza prod l'mta è fermo", "prod"),
        ("L'mta dell'istanza prod è fermo", "prod"),
        ("Le mta de l'instance prod est arrêté", "prod"),
        ("Auf der Instanz prod läuft der MTA nicht", "prod"),
        ("El mta de la instancia prod está parado", "prod"),
        ("The mta of our instance is down", ""),
        ("The mta is down on the instance since Monday", ""),
        ("On the marketing instance the mta is down", ""),
        ("The mta is down, write to someone@example.org", ""),
        ("ssh deploy@bastion shows that the mta is down", ""),
    ],
)
def test_the_instance_that_a_sentence_names(sentence: str, instance: str, said: Said) -> None:
    assert said(sentence) == {f"process-missing-mta@{instance}".removesuffix("@"): "present"}


def test_two_instances(said: Said) -> None:
    assert said("mta@prod and mta@dev are down") == {
        "process-missing-mta@dev": "present",
        "process-missing-mta@prod": "present",
    }


def test_an_instance_holds_for_its_sentence_only(said: Said) -> None:
    assert said("The mta is down on instance prod. Mails are not sent.") == {
        "process-missing-mta@prod": "present",
        "mails-not-sent": "present",
    }

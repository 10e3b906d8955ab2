from __future__ import annotations

import pytest

from campaign_rules.model import Command, Performer, Place, Step
from campaign_rules.remediation import Platform
from campaign_rules.remediation.platform import applies, make_concrete

START = Step(
    "start",
    {"en": "Start the service.", "it": "Avvia il servizio."},
    commands=(
        Command("systemctl start nlserver", os="linux", from_build=9000),
        Command("/etc/init.d/nlserver6 start", os="linux", before_build=9000),
        Command("net start nlserver6", os="windows"),
    ),
)


def command(step: Step, instance: str = "", **platform) -> str:
    return make_concrete(step, Platform(**platform), instance, "en").command


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ({"os": "linux"}, "systemctl start nlserver"),
        ({"os": "linux", "build": 9000}, "systemctl start nlserver"),
        ({"os": "linux", "build": 8999}, "/etc/init.d/nlserver6 start"),
        ({"os": "windows", "build": 8999}, "net start nlserver6"),
        ({}, "Linux: systemctl start nlserver\nWindows: net start nlserver6"),
        ({"build": 8999}, "Linux: /etc/init.d/nlserver6 start\nWindows: net start nlserver6"),
    ],
)
def test_the_first_fitting_command_is_shown(platform, expected):
    assert command(START, **platform) == expected


def test_an_old_command_alone_is_not_shown_for_the_newest_build():
    assert command(Step("s", {}, commands=(Command("old", before_build=9000),))) == ""


def test_one_command_for_every_system_needs_no_names():
    assert command(Step("s", {}, commands=(Command("nlserver pdump"),))) == "nlserver pdump"


def test_a_command_for_one_system_only_names_it_when_the_system_is_unknown():
    assert command(Step("s", {}, commands=(Command("df -h", os="linux"),))) == "Linux: df -h"
    assert command(Step("s", {}, commands=(Command("df -h", os="linux"),)), os="windows") == ""


def test_a_step_for_one_system_shows_its_command_once():
    assert command(Step("s", {}, commands=(Command("df -h"),), os="linux")) == "df -h"


def test_a_step_for_one_system_never_shows_the_command_of_another():
    commands = (Command("dir", os="windows"), Command("df -h", os="linux"))
    assert command(Step("s", {}, commands=commands, os="linux")) == "df -h"


def test_the_instance_is_filled_in_when_known():
    step = Step("s", {}, commands=(Command("nlserver stop mta@<instance>"),))
    assert command(step, "prod") == "nlserver stop mta@prod"
    assert command(step) == "nlserver stop mta@<instance>"


def test_steps_for_another_system_do_not_apply():
    step = Step("s", {}, os="linux")
    assert applies(step, Platform(os="linux"))
    assert applies(step, Platform())
    assert not applies(step, Platform(os="windows"))


@pytest.mark.parametrize(
    ("language", "action"),
    [
        ("en", "Ask Adobe Customer Care: Start the service."),
        ("it", "Chiedi all'assistenza Adobe: Avvia il servizio."),
        ("fr", "Ask Adobe Customer Care: Start the service."),
    ],
)
def test_on_a_hosted_platform_the_server_is_adobes(language, action):
    concrete = make_concrete(START, Platform(os="linux", hosting="hosted"), "", language)
    assert (concrete.action, concrete.command, concrete.performer) == (action, "", Performer.ADOBE)


def test_braces_in_an_action_are_left_alone():
    step = Step("s", {"en": "Set {x}."})
    assert (
        make_concrete(step, Platform(hosting="hosted"), "", "en").action
        == "Ask Adobe Customer Care: Set {x}."
    )


@pytest.mark.parametrize(("hosting", "place"), [("hosted", Place.CONSOLE), ("hybrid", Place.SERVER)])
def test_elsewhere_the_customer_acts(hosting, place):
    step = Step("s", {"en": "Open it."}, place=place, performer=Performer.OPERATOR)
    concrete = make_concrete(step, Platform(hosting=hosting), "", "en")
    assert (concrete.action, concrete.performer) == ("Open it.", Performer.OPERATOR)

from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.settings import read_settings

FRONTAL = """<?xml version="1.0" encoding="UTF-8"?>
<serverconf>
  <shared>
    <dataStore hosts="tracking.campaign.net*" lang="en">
      <dataSource name="default">
        <dbcnx encrypted="1" login="campaign:myBase" password="secret" provider="DB" server="dbServer"/>
        <pool aliveTestDelaySec="600" freeCnx="0" maxCnx="90" maxIdleDelaySec="1200"/>
      </dataSource>
    </dataStore>
    <!-- <mta autoStart="true"/> -->
    <securityZone allowDebug="false" allowHTTP="false" label="Public Network" name="public">
      <subNetwork label="All addresses" mask="*" name="all"/>
    </securityZone>
  </shared>
  <mta autoStart="false" statServerAddress="" verifyMode="false"
       useMomentum="true">
    <relay address="" port="25"/>
    <child><smtp enableTLS="true"/></child>
  </mta>
  <wfserver _autoStart="true"/>
  <inMail autoStart="true"/>
</serverconf>
"""


def test_a_file_of_an_instance(read) -> None:
    assert read(read_settings, FRONTAL, "conf/config-prod.xml") == {
        "config.pool.maxcnx@prod": 90,
        "config.zones.everyone@prod": "yes",
        "config.mta.autostart@prod": "false",
        "config.disabled@prod": "wfserver",
        "config.mta.verify_mode@prod": "false",
        "config.mta.enhanced@prod": "true",
        "config.mta.stat_server@prod": "empty",
        "config.mta.relay@prod": "empty",
        "config.mta.tls@prod": "true",
        "config.wfserver.autostart@prod": "false",
        "config.inMail.autostart@prod": "true",
    }


def test_the_default_file_is_about_no_instance(read) -> None:
    text = '<web args="-tomcat" autoStart="true"/>\n<trackinglogd autoStart="true"/>'
    assert read(read_settings, text, "config-default.xml") == {
        "config.web.autostart": "true",
        "config.web.tomcat": "yes",
        "config.trackinglogd.autostart": "true",
    }


def test_defaults_of_all_instances_deny_nothing(read) -> None:
    found = read(read_settings, FRONTAL, "/usr/local/neolane/nl6/conf/serverConf.xml")
    assert "config.disabled" not in found
    assert not {"false", "empty"} & set(found.values())
    assert found["config.mta.enhanced"] == "true"


def test_a_file_with_all_modules_is_that_of_the_defaults(read) -> None:
    names = ("web", "syslogd", "trackinglogd", "webmdl", "mta", "wfserver", "inMail", "stat")
    text = "\n".join(f'<{name} autoStart="false"/>' for name in names)
    assert read(read_settings, text) == {}
    assert read(read_settings, text.partition("\n")[2])["config.disabled"] == "stat"


@pytest.mark.parametrize(
    ("tag", "whose"),
    [
        ('<mta autoStart="true" statServerAddress="localhost"/>', "local"),
        ('<mta statServerAddress="emailStatServer:7777">', "remote"),
        ("<mta statServerAddress='127.0.0.1:7777'\n/>", "local"),
        ('<MTA StatServerAddress="">', "empty"),
    ],
)
def test_fragments_are_read_in_any_case(read, tag: str, whose: str) -> None:
    assert read(read_settings, f"We have {tag} there")["config.mta.stat_server"] == whose


def test_a_web_module_without_tomcat(read) -> None:
    assert read(read_settings, '<web args="" autoStart="true"/>')["config.web.tomcat"] == "no"
    assert "config.web.tomcat" not in read(read_settings, '<web autoStart="true"/>')


@pytest.mark.parametrize(
    "text",
    [
        FRONTAL.replace("</shared>", "</share>"),
        FRONTAL.replace("<inMail autoStart=", '<inMail autoStart="true" autoStart='),
    ],
)
def test_a_whole_file_that_is_no_xml(read, text: str) -> None:
    assert read(read_settings, text)["config.xml"] == "invalid"


@pytest.mark.parametrize(
    "text",
    [
        FRONTAL,
        FRONTAL.rpartition("<wfserver")[0],
        FRONTAL.replace("lang=", "lang"),
        "<serverconf></serverconf><serverconf></shared></serverconf>",
    ],
)
def test_a_sound_a_cut_or_a_badly_quoted_file_is_not_called_invalid(read, text: str) -> None:
    assert "config.xml" not in read(read_settings, text)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">{}]>\n'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
)


@pytest.mark.parametrize("head", [BOMB, '<!doctype serverconf SYSTEM "file:///etc/passwd">\n'])
def test_a_document_type_is_refused(read, head: str) -> None:
    assert read(read_settings, head + FRONTAL.replace("maxCnx", "x")) == {}
    assert read(read_settings, FRONTAL.replace("<shared>", head + "<shared>")) == {}


def test_the_password_is_not_shown() -> None:
    from campaign_rules.evidence.readers import process_names
    from campaign_rules.evidence.text_lines import split_lines
    from tests.evidence.small_base import MODULES

    lines = split_lines('<serverconf><dbcnx password="secret"/><mta autoStart="true"/></serverconf>', "x")
    (reading,), _ = read_settings(lines, "x", process_names(MODULES))
    assert reading.provenance.text == '<mta autoStart="true">'

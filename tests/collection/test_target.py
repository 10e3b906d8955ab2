from __future__ import annotations

import pytest

from campaign_rules.collection.target import Target, check_instance, read_target
from campaign_rules.errors import InputError


@pytest.mark.parametrize(
    ("url", "origin", "port"),
    [
        ("https://prod.example.com", "https://prod.example.com", 443),
        ("https://prod.example.com/nl/jsp/logon.jsp?x=1", "https://prod.example.com", 443),
        ("http://prod.example.com:8080/", "http://prod.example.com:8080", 8080),
        (" HTTPS://Prod.Example.COM:443 ", "https://prod.example.com", 443),
        ("https://kampagne-müller.example", "https://xn--kampagne-mller-psb.example", 443),
        ("http://[2001:db8::1]:81/", "http://[2001:db8::1]:81", 81),
        ("http://192.0.2.10", "http://192.0.2.10", 80),
    ],
)
def test_an_address_is_taken_apart(url: str, origin: str, port: int) -> None:
    target = read_target(url, "prod")
    assert (target.origin, target.port, target.instance) == (origin, port, "prod")
    assert target.secure == origin.startswith("https")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("prod.example.com", "must begin with https:// or http://"),
        ("ftp://prod.example.com", "must begin with https:// or http://"),
        ("", "must begin with https:// or http://"),
        ("https://", "names no usable host"),
        ("https:///r/test", "names no usable host"),
        ("https://prod example.com", "names no usable host"),
        ("https://prod.example.com:http", "is no usable address"),
        ("https://prod.example.com:99999", "is no usable address"),
        ("https://[::1", "is no usable address"),
        (f"https://{'a' * 64}.example.com", "is no usable address"),
    ],
)
def test_an_unusable_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read_target(url)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://me:s3cret@prod.example.com", "https://me:s3cret@prod.example.com:x"]
)
def test_a_login_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as refused:
        read_target(url)
    assert "s3cret" not in str(refused.value)


NAMED = Target("https", "prod.example.com", 443, "prod")
UNNAMED = Target("https", "prod.example.com", 443)


@pytest.mark.parametrize(
    ("target", "reply"),
    [
        (NAMED, "<redir status='OK' instance='prod' host='prod.example.com'/>"),
        (NAMED, '<redir status="OK" instance = "PROD" host="10.0.0.7.internal"/>'),
        (NAMED, "<redir status='OK' host='PROD.example.com'/>"),
        (NAMED, "<redir status='OK' instance='' host='' localHost='front_srv1'/>"),
        (UNNAMED, "<redir status='OK' instance='anything' host='prod.example.com'/>"),
        (UNNAMED, "<redir status='OK' host='instanceUrl' localHost='other.example.com'/>"),
        (UNNAMED, "<html>instance='dev' host='dev.example.com'</html>"),
        (UNNAMED, ""),
    ],
)
def test_the_server_that_was_named(target: Target, reply: str) -> None:
    check_instance(target, reply)


@pytest.mark.parametrize(
    ("target", "reply", "message"),
    [
        (NAMED, "<redir status='OK' instance='dev' host='prod.example.com'/>", "'dev', not 'prod'"),
        (NAMED, "<redir status='OK' host='dev.example.com'/>", "answers as host 'dev.example.com'$"),
        (UNNAMED, "<redir\n status='OK'\n instance='dev' host='dev.example.com'/>", "add --instance dev"),
    ],
)
def test_another_server_is_refused(target: Target, reply: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_instance(target, reply)

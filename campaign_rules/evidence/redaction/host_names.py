"""Which dotted names are host names, and which of them stay since they are nobody's secret.

Top-level domains: the two-letter codes of ISO 3166 and the generic names in common use (IANA root
zone), besides those of private networks (RFC 6762 appendix G) and of examples (RFC 2606).
"""

from __future__ import annotations

import re

from campaign_rules.evidence.redaction.product_words import word_set

_COUNTRIES = word_set("""
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt
    bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er
    es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr
    ht hu ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr
    ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
    ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd
    se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw
    tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
""")
_GENERIC = word_set("""
    com net org edu gov mil info biz mobi aero coop travel asia tel cat jobs arpa app dev cloud
    online site tech store shop blog digital agency group global world media news marketing
    solutions services systems network company studio space website top xyz club bank insurance
    london paris berlin milano roma adobe google aws azure local lan internal intranet intra corp
    home localdomain priv private test example invalid onion
""")
_ALSO_EXTENSIONS = word_set("""
    cc la md ml mo pm ps py rs sh so
""")
_SECOND_LEVEL = word_set("""
    ac co com edu go gov mil net or org sch web
""")

_PROVIDERS = word_set("""
    163.com 126.com alice.it aliceadsl.fr aol.com arcor.de aruba.it att.net bellsouth.net
    bigpond.com bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net earthlink.net
    email.it fastwebnet.it foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de
    gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it
    icloud.com inwind.it iol.it laposte.net libero.it live.com live.fr live.it mac.com mail.com
    mail.ru me.com msn.com naver.com neuf.fr numericable.fr optonline.net orange.fr outlook.com
    outlook.de outlook.es outlook.fr outlook.it poste.it proton.me protonmail.com qq.com rambler.ru
    rediffmail.com rocketmail.com sbcglobal.net seznam.cz sfr.fr sina.com sky.com skynet.be
    t-online.de talktalk.net telefonica.net telenet.be terra.com.br tim.it tin.it tiscali.it
    uol.com.br verizon.net virgilio.it virginmedia.com vodafone.it wanadoo.fr web.de wp.pl yahoo.ca
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com
    yandex.ru ymail.com ziggo.nl zoho.com
""")
_VENDORS = word_set("""
    adobe.com adobe.io adobelogin.com adobe.net www.adobe.com experienceleague.adobe.com
    helpx.adobe.com deliverability-service.adobe.io experience.adobe.com account.adobe.com
    admin.adobe.io ims-na1.adobelogin.com adobeid-na1.services.adobe.com fcm.googleapis.com
    oauth2.googleapis.com www.googleapis.com google.com www.google.com microsoft.com
    login.microsoftonline.com schemas.microsoft.com java.net github.com apache.org oracle.com
    postgresql.org
""")
_OPERATORS = word_set("""
    l.google.com yahoodns.net push.apple.com w3.org xmlsoap.org spamhaus.org spamcop.net
    barracudacentral.org olc.protection.outlook.com
""")

_LABELS = re.compile(r"[.\u3002\uff0e\uff61]")
_LOCAL = frozenset(("localhost", "localhost.localdomain", "localhost4", "localhost6"))


def is_host_name(name: str) -> bool:
    """Tell whether a dotted name is a host or a domain by its looks, and no file, class or version."""
    labels = _LABELS.split(name)
    last = labels[-1]
    if len(labels) < 2 or not all(labels) or last[0].isdecimal():
        return False
    if last != last.lower() and name != name.upper():
        return False
    ending = last.lower()
    if ending.startswith("xn--") or (not ending.isascii() and ending.isalpha()):
        return True
    if ending in _ALSO_EXTENSIONS:
        return len(labels) > 2 and not labels[-2].isdecimal()
    if ending == "id":
        return labels[-2].lower() in _SECOND_LEVEL
    return ending in _COUNTRIES or ending in _GENERIC


def is_public(name: str) -> bool:
    """Tell whether a host name is public knowledge: this machine, a mailbox provider, the vendor.

    The domains of providers stay, since they carry evidence in SMTP errors; hosts below them do not,
    as many are named after customers.
    """
    folded = name.casefold().rstrip(".")
    if folded in _LOCAL or folded in _PROVIDERS or folded in _VENDORS:
        return True
    for operator in _OPERATORS:
        if folded == operator or folded.endswith("." + operator):
            before = folded[: -len(operator)].rstrip(".").split(".")
            return len(before) < 3 and not any(label.isdecimal() for label in before)
    return False


def is_mailbox_provider(domain: str) -> bool:
    """Tell whether `domain` is a well-known mailbox provider, whose users are the secret and not itself."""
    return domain.casefold().rstrip(".") in _PROVIDERS

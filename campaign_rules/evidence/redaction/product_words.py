"""Words of the product and its surroundings that look like names of somebody or something, and stay."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of `text`."""
    return frozenset(text.split())


PROCESSES = word_set("""
    nlserver web webmdl mta mtachild wfserver runwf syslogd trackinglogd watchdog inmail stat sms
    pipelined interactiond netreport tracking export import monitor pdump purge repair javascript
    jsp archiving
""")
"""What stands before the @ of ``mta@prod``, in lower case."""

ACCOUNTS = word_set("""
    internal admin monitoring webapp neolane nl nlserver root postgres oracle apache www-data nobody
    daemon system administrator anonymous default tracking public shared all users guest iusr
    localsystem networkservice localservice mc interaction webform bounce bounces noreply no-reply
    postmaster abuse
""")
"""Technical accounts and mailboxes that the product or its systems bring along, in lower case."""

DATABASES = (
    "PostgreSQL|Postgres|PGSQL|Oracle|MSSQL|SQLServer|MySQL|ODBC|Teradata|Snowflake|DB2|Redshift|Sybase|Netezza|"
    "Hana|SAPHana|AzureDW|BigQuery|Vertica|Hive|Hadoop|Greenplum|AsterData"
)
"""Names of database systems as they stand before the colon of a data source, as an expression."""

PROVIDERS = frozenset(name.casefold() for name in DATABASES.split("|"))

_PROTOCOLS = word_set("""
    pop3 pop3s imap imap4 imaps smtp smtps ftp sftp ftps ssh http https http2 ldap ldaps dns ntp smpp
    smb nfs s3 oauth2 saml2 apache2 tomcat8 tomcat9 iis7 iis8 iis10
""")

_PROSE = word_set("""
    a an and any are as at be been by can cannot could did do does empty error expired expected fail
    failed failure false for from has have host if in incorrect invalid is it login missing must
    name no none not null of off on or password please port quota rejected required reset root
    server set should string the this to token true undefined unknown user valid value was were when
    where which who will with wrong xsd yes you your line column row rule connection access account
    agent changed denied successfully connected stopped started è non un una il la per est pas le
    les nicht ist der die das es el los
""")


def is_prose(word: str) -> bool:
    """Tell whether `word` says something about a login, host or password rather than being one."""
    return word.strip(".,;:!?()").casefold() in _PROSE


def is_protocol(word: str) -> bool:
    """Tell whether `word` says what a server speaks or serves rather than which one it is."""
    return word.casefold() in _PROTOCOLS or word.casefold() in PROVIDERS


def is_process(word: str) -> bool:
    """Tell whether `word` is what stands before the @ of ``mta@prod``."""
    return word.casefold() in PROCESSES


def is_product_word(word: str) -> bool:
    """Tell whether `word` names a process or a technical account of the product."""
    folded = word.casefold()
    return folded in PROCESSES or folded in ACCOUNTS

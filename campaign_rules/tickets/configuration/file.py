"""The file of a worker, read strictly: every fault is told with its line and the nearest right word."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import sqlalchemy as sa
from attrs import evolve, frozen

from campaign_rules.errors import InputError, KnowledgeError, UnknownNameError, did_you_mean
from campaign_rules.evidence import decode_text, no_such_file
from campaign_rules.knowledge.structure import structure
from campaign_rules.knowledge.yaml_source import YamlFile, parse_yaml
from campaign_rules.model import KnowledgeBase
from campaign_rules.serving.listening import is_loopback
from campaign_rules.serving.tokens import SHORTEST
from campaign_rules.tickets.configuration.secret_values import SecretValues, readable_by_others
from campaign_rules.tickets.configuration.settings import Config, Keys, Triage
from campaign_rules.tickets.connecting import connectors, load_connector
from campaign_rules.tickets.known_issues import KnownIssue, read_known_issues
from campaign_rules.tickets.triage import Policy, check_policy

SECRET_PLACES = ("tracker", "state", "webhooks")
"""Keys of the file below which secrets may be named."""


@frozen
class ReadConfig:
    """A file that was read, and what its reader should know of it."""

    config: Config
    warnings: tuple[str, ...]


def read_config(name: str, environment: Mapping[str, str] = os.environ) -> ReadConfig:
    """Read the file `name`. Paths in it are taken from its folder.

    Raises InputError with a line for every fault.
    """
    path = Path(name)
    try:
        file = parse_yaml(_text(path, name), name)
        kind = _kind(file)
        connector = load_connector(kind)
        secrets = SecretValues(file, path.parent, environment)
        data = {
            key: secrets.filled(value, (key,)) if key in SECRET_PLACES else value
            for key, value in file.data.items()
        }
        if secrets.problems:
            raise KnowledgeError(secrets.problems)
        _check_secrets(data["tracker"][kind], connector.settings, kind, file)
        keys: Any = structure(evolve(file, data=data), _shape(kind, connector.settings))
        _check(keys, file)
        config = Config(
            kind=kind,
            connector=connector,
            settings=_anchored_settings(getattr(keys.tracker, kind), path.parent),
            since=_since(keys.triage, file),
            keys=_anchored(keys, path.parent),
            file=file,
        )
    except KnowledgeError as error:
        raise InputError(str(error)) from None
    return ReadConfig(config, (*secrets.warnings, *_plain_secrets(file, connector.settings, kind, path)))


def read_policy(config: Config, knowledge: KnowledgeBase) -> Policy:
    """Return what to write on tickets, checked against the rule base, with the known issues.

    Raises InputError with a line for every fault.
    """
    told = {name: getattr(config.keys.triage, name) for name in attrs.fields_dict(Policy)}
    try:
        policy = Policy(**{**told, "known_issues": _known_issues(config, knowledge)})
        check_policy(policy, knowledge)
    except KnowledgeError as error:
        raise InputError(str(error)) from None
    except UnknownNameError as error:
        raise InputError(f"{config.file.place(('triage',), error.name)}: {error}") from None
    except ValueError as error:
        raise InputError(f"{config.file.place(('triage',))}: {error}") from None
    return policy


def _known_issues(config: Config, knowledge: KnowledgeBase) -> tuple[KnownIssue, ...]:
    name = config.keys.triage.known_issues
    return read_known_issues(_text(Path(name), name), name, knowledge) if name else ()


def _text(path: Path, name: str) -> str:
    try:
        return decode_text(path.read_bytes(), name)
    except FileNotFoundError:
        raise no_such_file(name) from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None


def _kind(file: YamlFile) -> str:
    known = connectors()
    told = file.data.get("tracker") if isinstance(file.data, dict) else None
    if not isinstance(told, dict) or len(told) != 1:
        raise _fault(
            file, ("tracker",), f"tracker needs exactly one of {', '.join(known)}, with its settings"
        )
    (kind,) = told
    if kind not in known:
        hint = did_you_mean(kind, known)
        raise _fault(file, ("tracker",), f"unknown tracker {kind!r}{hint}; use one of {', '.join(known)}")
    return str(kind)


def _shape(kind: str, settings: type) -> type:
    """Return the attrs class of a file with a tracker of that kind."""
    tracker = attrs.make_class("Tracker", {kind: attrs.field(type=settings)})
    own = {"tracker": attrs.field(type=tracker)}
    return attrs.make_class("File", own, bases=(Keys,), frozen=True, kw_only=True)


def _check_secrets(told: Any, settings: type, kind: str, file: YamlFile) -> None:
    """Refuse secrets that are no text, before they are shown as the value that is wrong."""
    for name in _secret_names(settings):
        if isinstance(told, dict) and isinstance(told.get(name), int | float):
            message = f"{name}: write it in quotation marks, so that it is a text"
            raise _fault(file, ("tracker", kind, name), message)


def _check(keys: Keys, file: YamlFile) -> None:
    hooks = keys.webhooks
    if hooks is None:
        return
    if not hooks.secrets and not is_loopback(hooks.host):
        raise _fault(
            file,
            ("webhooks", "host"),
            f"others reach {hooks.host}, so give webhooks.secrets, or listen on 127.0.0.1",
        )
    if any(len(one) < SHORTEST for one in hooks.secrets):
        raise _fault(
            file,
            ("webhooks", "secrets"),
            f"a secret needs at least {SHORTEST} characters; make one with: openssl rand -base64 32",
        )


def _since(triage: Triage, file: YamlFile) -> datetime | None:
    if not triage.since:
        return None
    try:
        since = datetime.fromisoformat(triage.since)
    except ValueError:
        message = f"since: {triage.since!r} is no day such as 2026-11-01"
        raise _fault(file, ("triage", "since"), message) from None
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def _anchored(keys: Keys, folder: Path) -> Keys:
    """Return the keys of `Keys` alone, with paths that do not depend on where the program is started."""
    told = {name: getattr(keys, name) for name in attrs.fields_dict(Keys)}
    plain = Keys(**told)
    return evolve(
        plain,
        triage=evolve(plain.triage, known_issues=_joined(folder, plain.triage.known_issues)),
        rules=_joined(folder, plain.rules),
        state=_anchored_state(plain.state, folder),
    )


def _anchored_settings(settings: Any, folder: Path) -> Any:
    """Return the settings of a tracker with paths that do not depend on where the program is started."""
    files = [one.name for one in attrs.fields(type(settings)) if one.metadata.get("path")]
    return evolve(settings, **{name: _joined(folder, getattr(settings, name)) for name in files})


def _joined(folder: Path, name: str) -> str:
    return str(folder / name) if name else ""


def _anchored_state(state: str, folder: Path) -> str:
    try:
        url = sa.make_url(state)
    except sa.exc.ArgumentError:
        return state
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return state
    return url.set(database=str(folder.absolute() / str(url.database))).render_as_string(hide_password=False)


def _plain_secrets(file: YamlFile, settings: type, kind: str, path: Path) -> tuple[str, ...]:
    """Return the warning on a file that holds secrets itself and that everybody can read."""
    raw = file.data["tracker"][kind]
    hooks = file.data.get("webhooks")
    signs = hooks.get("secrets") if isinstance(hooks, dict) else None
    plain = any(isinstance(one, str) for one in (signs if isinstance(signs, list) else [signs]))
    if not plain and not any(isinstance(raw.get(name), str) for name in _secret_names(settings)):
        return ()
    return tuple(readable_by_others(path, path.stat().st_mode))


def _secret_names(settings: type) -> list[str]:
    return [one.name for one in attrs.fields(settings) if one.repr is False]


def _fault(file: YamlFile, path: tuple[str, ...], message: str) -> KnowledgeError:
    return KnowledgeError([f"{file.place(path)}: {message}"])

"""Diagnosis over HTTP: an ASGI application made by :func:`create_app`. Needs the extra ``service``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.service.app import create_app as create_app
    from campaign_rules.service.settings import ServiceSettings as ServiceSettings

__getattr__, __all__ = lazily(__name__, {"app": ("create_app",), "settings": ("ServiceSettings",)})

"""``campaign-rules serve``: diagnosis over HTTP."""

from __future__ import annotations

import click

from campaign_rules.cli.serving import needing, port_options, show_log


@click.command()
@port_options(8765)
@click.option(
    "--webhook-secrets", metavar="FILE", help="Secrets of signed webhooks, one a line; none without it."
)
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
def serve(host: str, port: int, tokens: str | None, webhook_secrets: str | None, folder: str | None) -> None:
    """Answer diagnoses over HTTP, on this machine alone unless tokens are given.

    GET /openapi.json describes what can be asked. Nothing of what is asked is logged.
    """
    with needing("service"):
        from campaign_rules.service import ServiceSettings, create_app
        from campaign_rules.serving.listening import answer, bind
        from campaign_rules.serving.tokens import read_secrets
    from campaign_rules.rule_base import load_knowledge

    settings = ServiceSettings(
        tokens=read_secrets(tokens) if tokens else (),
        webhook_secrets=read_secrets(webhook_secrets) if webhook_secrets else (),
    )
    listener = bind(host, port, settings.tokens)
    app = create_app(settings, load_knowledge(folder))
    show_log(f"campaign-rules: http://{host}:{port}")
    answer(app, listener)

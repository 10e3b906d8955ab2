"""``campaign-rules mcp``: diagnosis for agents."""

from __future__ import annotations

import click

from campaign_rules.cli.serving import needing, port_options, show_log


@click.command()
@click.option("--http", is_flag=True, help="Listen on a port in place of standard input.")
@port_options(8766)
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
def mcp(http: bool, host: str, port: int, tokens: str | None, folder: str | None) -> None:
    """Serve agents that speak the Model Context Protocol, on standard input and output.

    With --http, at http://ADDRESS:PORT/mcp, on this machine alone unless tokens are given.
    """
    with needing("mcp"):
        from campaign_rules.mcp import create_http_app, create_server
        from campaign_rules.serving.listening import answer, bind
        from campaign_rules.serving.settings import Settings
        from campaign_rules.serving.tokens import read_secrets
    from campaign_rules.rule_base import load_knowledge

    if tokens and not http:
        raise click.UsageError("--tokens needs --http")
    settings = Settings(tokens=read_secrets(tokens) if tokens else ())
    listener = bind(host, port, settings.tokens) if http else None
    server = create_server(settings, load_knowledge(folder))
    if listener is None:
        server.run()
        return
    app = create_http_app(server, settings)
    show_log(f"campaign-rules: http://{host}:{port}/mcp")
    answer(app, listener)

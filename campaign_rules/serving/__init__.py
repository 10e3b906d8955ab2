"""What the faces that listen on a port share: who may ask, how much, and the cases that are open.

Needs the packages of the extra ``service`` or ``mcp``.
"""

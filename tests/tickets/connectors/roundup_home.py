"""Make a tracker of Roundup, as `roundup-demo` does, or fill one with issues; run as a script of its own.

Passwords are hashed in 1,000 rounds here and not in Roundup's many, since every request has to log in.
Times without a zone are those of Tokyo for this tracker, so that a mistake of zones cannot go unseen.
"""

from __future__ import annotations

import sys
from pathlib import Path

from roundup import configuration, demo, instance, password
from roundup.admin import AdminTool

PEOPLE = {"anna": "User", "bruno": "User", "campaign-bot": "User", "guest": "", "watcher": "Watcher"}
_WATCHER = """
db.security.addRole(name="Watcher", description="Sees issues, but not what is written, and makes no keywords")
for permission in ("Web Access", "Rest Access"):
    db.security.addPermissionToRole("Watcher", permission)
for kind in ("issue", "file", "keyword", "status", "user"):
    db.security.addPermissionToRole("Watcher", "View", kind)
db.security.addPermissionToRole("Watcher", "Edit", "issue")
seen = ("id", "author", "creation", "creator", "date", "files")
db.security.addPermissionToRole(
    "Watcher", db.security.addPermission(name="View", klass="msg", properties=seen)
)
"""


def make(home: str, port: int, token_secret: str) -> None:
    template = AdminTool().listTemplates()["classic"]["path"]
    demo.install_demo(home, "sqlite", template, use_port=port, use_host="127.0.0.1")
    config = configuration.CoreConfig(home)
    config["PASSWORD_PBKDF2_DEFAULT_ROUNDS"] = 1000
    config["WEB_JWT_SECRET"] = token_secret
    config["DEFAULT_TIMEZONE"] = "9"
    config.save()
    with Path(home, "schema.py").open("a") as schema:
        schema.write(_WATCHER)
    db = instance.open(home).open("admin")
    for name, roles in PEOPLE.items():
        secret = password.Password(f"{name}-secret", config=config)
        db.user.create(username=name, password=secret, roles=roles)
    db.commit()
    db.close()


def fill(home: str, count: int, title: str, moment: str) -> None:
    """Add `count` issues with titles that begin with `title`, all of them changed at `moment`."""
    db = instance.open(home).open("anna")
    for number in range(count):
        db.issue.create(title=f"{title} {number}")
    db.sql(f"update _issue set _activity = {db.arg} where _title like {db.arg}", (moment, f"{title} %"))
    db.commit()
    db.close()


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        fill(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])

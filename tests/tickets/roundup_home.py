"""Make a tracker of Roundup, as `roundup-demo` does, or fill one with issues; run as a script of its own.

Passwords are hashed in 1,000 rounds here and not in Roundup's many, since every request has to log in.
Times without a zone are those of Tokyo for this tracker, so that a mistake of zones cannot go unseen.
"""

from __future__ import annotations

import sys

from roundup import configuration, demo, instance, password
from roundup.admin import AdminTool

PEOPLE = ("anna", "bruno", "campaign-bot")


def make(home: str, port: int, secret: str) -> None:
    template = AdminTool().listTemplates()["classic"]["path"]
    demo.install_demo(home, "sqlite", template, use_port=port, use_host="127.0.0.1")
    config = configuration.CoreConfig(home)
    config["PASSWORD_PBKDF2_DEFAULT_ROUNDS"] = 1000
    config["WEB_JWT_SECRET"] = secret
    config["DEFAULT_TIMEZONE"] = "9"
    config.save()
    db = instance.open(home).open("admin")
    for name in PEOPLE:
        db.user.create(
            username=name, password=password.Password(f"{name}-secret", config=config), roles="User"
        )
    db.user.create(username="guest", password=password.Password("guest-secret", config=config), roles="")
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

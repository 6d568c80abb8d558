"""The manual inside ``configs/README.md``: ``python -m tests.rules.write_manual`` renews it."""

from __future__ import annotations

from pathlib import Path

from scheduler.rules.manual import markdown

FILE = Path(__file__).resolve().parents[2] / "configs" / "README.md"
#: Between these lines stands what the rules themselves say.
BEGIN, END = "<!-- the rules, from the rules themselves -->", "<!-- end of the rules -->"


def manual_of(text: str) -> str:
    """What stands between the marks."""
    return text.split(BEGIN)[1].split(END, maxsplit=1)[0].strip("\n")


def renewed(text: str) -> str:
    """``text`` with the manual as it is now."""
    before, after = text.split(BEGIN, maxsplit=1)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{markdown().strip()}\n\n{END}{after}"


if __name__ == "__main__":
    FILE.write_text(renewed(FILE.read_text(encoding="utf-8")), encoding="utf-8")

"""The manual of the rules, made from their docstrings, options and examples; knows no rule.

The same page is shown in a terminal and written as Markdown into ``configs/README.md``.
"""

from __future__ import annotations

from scheduler.rules.manual.markdown import markdown
from scheduler.rules.manual.page import one_line
from scheduler.rules.manual.terminal import page

__all__ = ["markdown", "one_line", "page"]

"""Pieces of vacation as linear sums: their lengths and the weeks between them; knows no rule.

``taken`` maps the index of each week that may be vacation to its 0/1 sum, in
order; a *piece* is an unbroken run of such weeks.
"""

from __future__ import annotations

from collections.abc import Collection

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.rules.base import Rule

Weeks = dict[int, Sum]


def post_pieces(year: YearModel, rule: Rule, taken: Weeks, lengths: Collection[int]) -> None:
    """Pieces have one of ``lengths``; a miss is the distance in weeks to the nearest."""
    allowed = sorted(set(lengths))
    if allowed != list(range(1, allowed[-1] + 1)):
        _post_runs(year, rule, taken, allowed)
        return
    for week in taken:
        window = [taken.get(w, Sum()) for w in range(week, week + allowed[-1] + 1)]
        if all(window):
            year.at_most(Sum.of(window), allowed[-1], rule)


def _post_runs(year: YearModel, rule: Rule, taken: Weeks, allowed: list[int]) -> None:
    """Every piece is a column (start and length); only the longest may be drawn out by a *tail*.

    The rows over the pieces form an interval matrix, so the relaxation of one
    resident's year is exact.
    """
    longest = allowed[-1]
    strict = rule.hard and not year.relaxed
    cover: Weeks = {week: Sum() for week in taken}
    starts: Weeks = {week: Sum() for week in taken}
    drawn_out: Weeks = {}
    missed = Sum()
    for week in taken:
        for length in allowed if strict else range(1, longest + 1):
            run = range(week, week + length)
            if all(w in taken for w in run):
                piece = year.helper()
                starts[week].add(piece)
                for w in run:
                    cover[w].add(piece)
                if length == longest:
                    drawn_out[week + length] = piece
                missed.add(piece, min(abs(length - one) for one in allowed))
    if not strict:
        missed.add(_post_tails(year, cover, drawn_out))
        year.at_most(missed, 0, rule)
    for week, here in taken.items():
        year.define(cover[week].copy().add(here, -1), 0, 0)
        if week - 1 in taken:
            year.define(starts[week].copy().add(taken[week - 1]), upper=1)


def _post_tails(year: YearModel, cover: Weeks, drawn_out: Weeks) -> Sum:
    """Weeks beyond the longest piece, each after such a piece or after another such week."""
    total, last = Sum(), Sum()
    for week, here in cover.items():
        before = last.copy().add(drawn_out.get(week, Sum()))
        last = year.helper() if before else Sum()
        year.define(last.copy().add(before, -1), upper=0)
        here.add(last)
        total.add(last)
        if week + 1 not in cover:
            last = Sum()
    return total


def post_apart_minimum(year: YearModel, rule: Rule, taken: Weeks, apart: int) -> None:
    """A piece holds its weeks and ``apart`` weeks after it, beyond the year's end too.

    At most one piece holds any week: the min-down inequalities of Rajan and
    Takriti.  Held twice are just the weeks by which the gaps are too short.
    """
    ends: Weeks = {}
    for week, here in taken.items():
        after = taken.get(week + 1)
        ends[week] = here if after is None else year.helper()
        if after is not None:
            year.define(ends[week].copy().add(after).add(here, -1), lower=0)
    strict = rule.hard and not year.relaxed
    held_weeks = taken if strict else range(min(taken, default=0), max(taken, default=0) + apart)
    for week in held_weeks:
        held = Sum.of(ends[w] for w in range(week - apart, week) if w in ends)
        year.at_most(held.add(taken.get(week, Sum())), 1, rule)


def post_apart_maximum(year: YearModel, rule: Rule, taken: Weeks, apart: int) -> Sum:
    """From the first piece to the last, no week is more than ``apart`` weeks after vacation.

    The weeks that are make up the excess of the gaps, which is returned where it is
    charged.  ``during`` is 1 from the first piece to the last, so it begins once.
    """
    excess = Sum()
    if not taken:
        return excess
    first, last = min(taken), max(taken)
    begins, during = Sum(), Sum()
    for week in range(first, last + 1):
        before, during, begin = during, year.helper(), year.helper()
        begins.add(begin)
        year.define(begin.add(before).add(during, -1), lower=0)
        if week in taken:
            year.define(during.copy().add(taken[week], -1), lower=0)
        if first + apart < week < last:
            near = Sum.of(taken[w] for w in range(week - apart, week + 1) if w in taken)
            excess.add(year.at_least(near.add(during, -1), 0, rule))
    year.define(begins, upper=1)
    return excess

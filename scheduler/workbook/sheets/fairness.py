"""The Fairness sheet: who bears how much among their peers, the worst-off person first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scheduler.audit.fairness import Bearer, Fairness, PeerGroup
from scheduler.problem.burden import Burden, amount_words
from scheduler.rules.words import every
from scheduler.workbook.book import HEADER, NOTE, PLAIN, TABLOID, Book, Look, Sheet
from scheduler.workbook.sheets.schedule import band

PERSON_TITLES = ("Name", "PGY", "Track", "Peers", "Above peers")
AMOUNT, CARRIED, AGAINST = "this year", "carried", "against peers"
_SPREAD = {AMOUNT: "mean", CARRIED: "", AGAINST: "least-most"}
_FIRST = len(PERSON_TITLES)
_TITLE_ROW, _HEADER_ROW, _FIRST_ROW = 2, 3, 4
_GROUP, _ABOVE = 3, 4
#: Most burdens named for the person who is worst off.
_NAMED = 3
_NOT_FAIR: dict[str, object] = {
    "type": "3_color_scale",
    "mid_type": "num",
    "mid_value": 0,
    "min_color": "#C6E0B4",
    "mid_color": "#FFFFFF",
    "max_color": "#F4B084",
}
_SIGNED: Look = {"num_format": '+0.0;-0.0;"="', "align": "center"}
_PERCENT: Look = {"num_format": '+0%;-0%;"="', "align": "center", "bold": True}


@dataclass(frozen=True)
class _Column:
    """One column of a burden."""

    burden: Burden
    title: str

    @property
    def first(self) -> bool:
        return self.title == AMOUNT

    @property
    def edge(self) -> Look:
        """A line to the left of each burden."""
        return {"left": 1, "left_color": "BFBFBF"} if self.first else PLAIN


def write_fairness(book: Book, fair: Fairness) -> None:
    """One row a resident, then one a peer group; both with the same columns for each burden."""
    sheet = book.sheet("Fairness", tab="4472C4")
    sheet.text(0, 0, summary(fair), NOTE)
    people, columns = fair.people, list(_columns(fair))
    last = _FIRST_ROW + max(1, len(people)) - 1
    sheet.text(1, 0, _explained(fair, last), NOTE)
    _write_head(sheet, _TITLE_ROW, PERSON_TITLES, columns)
    for row, one in enumerate(people, start=_FIRST_ROW):
        _write_person(sheet, row, one, columns)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, _FIRST + len(columns) - 1)
    _colour(sheet, columns, last)
    _write_groups(sheet, last + 2, fair, columns)
    sheet.widths((28, 7, 14, 20, 9, *(9.5 for _ in columns)))
    sheet.raw.freeze_panes(_FIRST_ROW, 1)
    sheet.page((_TITLE_ROW, _HEADER_ROW), 1, TABLOID)


def _columns(fair: Fairness) -> Iterator[_Column]:
    """This year and against peers for each burden, and what was carried where somebody did."""
    for burden in fair.burdens:
        carried = any(one.loads[burden.name].carried for one in fair.people)
        for title in (AMOUNT, CARRIED, AGAINST) if carried else (AMOUNT, AGAINST):
            yield _Column(burden, title)


def summary(fair: Fairness) -> str:
    """Who is worst off, and by what."""
    if not fair.burdens:
        return "No burdens are named under 'fairness', so nothing is compared."
    if not fair.people or fair.people[0].above <= 0:
        return "Everybody bears what their peers bear."
    worst = fair.people[0]
    heavier = (one for one in fair.burdens if one.weight and worst.loads[one.name].beyond > 0)
    named = sorted(heavier, key=lambda one: -_part(worst, one))[:_NAMED]
    said = every(f"{one.title} +{amount_words(worst.loads[one.name].beyond)}" for one in named)
    return f"Worst off among their peers: {worst.resident.name} ({worst.group}), by {said}."


def _part(one: Bearer, burden: Burden) -> Fraction:
    """What lies beyond the fair share, as a part of all that somebody bears and carried."""
    load = one.loads[burden.name]
    return burden.weight * load.beyond / (load.amount + load.carried)


def _explained(fair: Fairness, last: int) -> str:
    same = every("PGY" if name == "pgy" else name for name in fair.peers) if fair.peers else ""
    peers = f"residents of one {same}" if same else "all residents"
    return (
        f"Peers: {peers} (their table begins in row {last + 3}). Against peers: "
        "this year and carried over, less the fair share for the days one is there (half of it for "
        "half time, but not of wishes). Above peers: "
        "the mean of this over the burdens, each in percent of the most that a peer bears."
    )


def _write_head(
    sheet: Sheet, row: int, titles: Sequence[str], columns: Sequence[_Column], spread: bool = False
) -> None:
    for place in range(_FIRST):
        sheet.blank(row, place, HEADER)
    sheet.header(row + 1, titles)
    sheet.raw.set_row(row + 1, 30)
    for place, column in enumerate(columns, start=_FIRST):
        title = _titled(column.burden) if column.first else ""
        sheet.text(row, place, title, {**HEADER, "text_wrap": False, "border": 0})
        word = _SPREAD[column.title] if spread else column.title
        sheet.text(row + 1, place, word, {**HEADER, "align": "center", "bold": False})


def _titled(burden: Burden) -> str:
    """The title, with the unit where it does not say it: 'Wishes missed (points)'."""
    unit = f"{burden.unit}s"
    return burden.title if unit in burden.title.lower() else f"{burden.title} ({unit})"


def _write_person(sheet: Sheet, row: int, one: Bearer, columns: Sequence[_Column]) -> None:
    resident = one.resident
    group: Look = {"bg_color": band(resident)}
    sheet.text(row, 0, resident.name, group)
    sheet.number(row, 1, resident.pgy, {**group, "align": "center"})
    sheet.text(row, 2, resident.track, group)
    sheet.text(row, _GROUP, one.group)
    sheet.number(row, _ABOVE, round(float(one.above), 2), _PERCENT)
    for place, column in enumerate(columns, start=_FIRST):
        load = one.loads[column.burden.name]
        value = {AMOUNT: load.amount, CARRIED: load.carried, AGAINST: load.beyond}[column.title]
        look = _SIGNED if column.title == AGAINST else _plain(value)
        if value or column.title != CARRIED:
            sheet.number(row, place, round(float(value), 1), {**look, **column.edge})
        else:
            sheet.blank(row, place, column.edge)


def _plain(value: Fraction) -> Look:
    return {"align": "center", "num_format": "0" if value.denominator == 1 else "0.0"}


def _colour(sheet: Sheet, columns: Sequence[_Column], last: int) -> None:
    """Above peers towards orange, below towards green; the sign says it without colour."""
    painted = [_FIRST + n for n, column in enumerate(columns) if column.title == AGAINST]
    for place in (_ABOVE, *painted):
        sheet.raw.conditional_format(_FIRST_ROW, place, last, place, _NOT_FAIR)


def _write_groups(sheet: Sheet, row: int, fair: Fairness, columns: Sequence[_Column]) -> None:
    """Mean, least and most of this year in every peer group."""
    _write_head(sheet, row, ("Peer group", "People", "", "", ""), columns, spread=True)
    for offset, group in enumerate(fair.groups, start=row + 2):
        sheet.text(offset, 0, group.name, {"bg_color": band(group.people[0].resident)})
        sheet.number(offset, 1, len(group.people), {"align": "center"})
        _write_spread(sheet, offset, group, columns)


def _write_spread(sheet: Sheet, row: int, group: PeerGroup, columns: Sequence[_Column]) -> None:
    for place, column in enumerate(columns, start=_FIRST):
        mean, least, most = group.spread(column.burden.name)
        if column.title == AMOUNT:
            sheet.number(row, place, round(float(mean), 1), {**_plain(mean), **column.edge})
        elif column.title == AGAINST:
            text = f"{amount_words(least)}-{amount_words(most)}" if most > least else "all alike"
            sheet.text(row, place, text, {"align": "center"})

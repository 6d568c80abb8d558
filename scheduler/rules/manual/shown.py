"""What the manual shows of an example: its YAML, its people, its grid, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from scheduler.audit.wishes import wish_words
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Choice, WishStatus
from scheduler.rules.example import Example, example_problem
from scheduler.rules.manual.people import in_weeks, person_words
from scheduler.rules.manual.yaml_text import entry_lines
from scheduler.rules.words import counted

#: What stands between the rule an example is about and the others of its little program.
BESIDE = "# beside it:"
#: Room for a code.
_CELL = 6


@dataclass(frozen=True)
class Shown:
    """An example as the manual shows it, line by line; without ``finds`` its grid passes."""

    title: str
    yaml: tuple[str, ...]
    given: tuple[str, ...]
    grid: tuple[str, ...]
    finds: tuple[str, ...]


def shown(example: Example) -> Shown:
    """``example`` for people."""
    return Shown(
        example.title,
        tuple(_yaml(example)),
        tuple(_given(example)),
        tuple(_grid(example)),
        tuple(_finds(example)),
    )


def _yaml(example: Example) -> Iterator[str]:
    yield from entry_lines(example.rule)
    if example.others:
        yield BESIDE
    for other in example.others:
        yield from entry_lines(other)


def _finds(example: Example) -> Iterator[str]:
    """The messages with their amounts, as ``scheduler check`` prints them."""
    for message, amount in zip(example.finds, example.amounts, strict=True):
        yield f"{message} [amount {amount}]"


# -- the grid --------------------------------------------------------------------------------


def _grid(example: Example) -> Iterator[str]:
    """The cells with a bar between blocks, below the numbers of the weeks."""
    rows = [(f"{name} before", cells.split()) for name, cells in example.earlier.items()]
    rows += [
        (f"{name}'s team before", cells.split()) for name, cells in example.earlier_teams.items()
    ]
    rows += [(name, cells.split()) for name, cells in example.grid.items()]
    rows += [(f"{name}'s team", cells.split()) for name, cells in example.teams.items()]
    numbers = [str(number) for number in range(1, len(rows[-1][1]) + 1)]
    bars = _bars(example, len(numbers))
    width = max(len(name) for name, _ in [("week", []), *rows])
    for name, cells in [("week", numbers), *rows]:
        line = "".join(
            f"{code:<{_CELL}}{bar if name != 'week' else ' '}"
            for code, bar in zip(cells, bars, strict=True)
        )
        yield f"{name:<{width}}  {line}".rstrip()


def _bars(example: Example, weeks: int) -> list[str]:
    """What follows each week: a bar at the end of a block, where blocks are longer than a week."""
    lengths = [length for length, _ in example.pattern] or [example.block_weeks]
    if set(lengths) == {1}:
        return [" "] * weeks
    found: list[str] = []
    while len(found) < weeks:
        length = lengths[found.count("|") % len(lengths)]
        found += [" "] * (length - 1) + ["|"]
    return found[:weeks]


# -- what is given beside the grid -------------------------------------------------------------


def _given(example: Example) -> Iterator[str]:
    """A line for everything that the grid does not show; a field without words names itself."""
    for field in fields(example):
        value = getattr(example, field.name)
        if value and field.name not in _SEEN:
            say = _WORDS.get(field.name)
            yield from say(example) if say else [f"{field.name.replace('_', ' ')}: {value}"]


def _pattern(example: Example) -> Iterator[str]:
    pieces = [
        counted(length, "week") + (f" (always {code})" if code else "")
        for length, code in example.pattern
    ]
    yield f"The grid repeats blocks of {', '.join(pieces)}."


def _residents(example: Example) -> Iterator[str]:
    for name, person in example.residents.items():
        words = person_words(person)
        if words:
            yield f"{name}: {words}."


def _holidays(example: Example) -> Iterator[str]:
    for name, weeks in example.holidays.items():
        yield f"{name} is in {in_weeks(weeks)}."


def _duties(duties: Mapping[tuple[str, str], str], when: str) -> Iterator[str]:
    holidays = dict.fromkeys(holiday for _, holiday in duties)
    for holiday in holidays:
        said = [
            f"{who} {duty.replace('pulled ', 'pulled to ')}"
            for (who, at), duty in duties.items()
            if at == holiday
        ]
        yield f"{when}{holiday}: {', '.join(said)}."


def _backups(named: Mapping[str, tuple[int, ...]], verb: str) -> Iterator[str]:
    for name, weeks in named.items():
        yield f"{name} {verb} named as backup in {in_weeks(weeks)}."


def _choices(example: Example) -> Iterator[str]:
    bare = example_problem(example, ())
    for choice in sorted(example.choices, key=lambda one: (one.resident, one.name.zfill(9))):
        yield _choice(bare, choice)


def _choice(problem: Problem, choice: Choice) -> str:
    wishes = sorted(choice.alternatives, key=lambda one: one.priority)
    said = ", or else ".join(wish_words(problem, one) for one in wishes)
    status = "" if choice.status == WishStatus.SUBMITTED else f" ({choice.status})"
    name = problem.residents[choice.resident].name
    return f"{name}, request {choice.name}{status}, lane {choice.lane}: {said}."


_WORDS: dict[str, Callable[[Example], Iterable[str]]] = {
    "pattern": _pattern,
    "residents": _residents,
    "holidays": _holidays,
    "duties": lambda example: _duties(example.duties, "At "),
    "earlier_duties": lambda example: _duties(example.earlier_duties, "Before, at "),
    "choices": _choices,
    "earlier_backups": lambda example: _backups(example.earlier_backups, "was before"),
    "backups": lambda example: _backups(example.backups, "is"),
}
#: What the title, the YAML, the grid or the list of rotations shows.
_SEEN = frozenset(
    [
        *("title", "rule", "others", "grid", "teams", "earlier", "earlier_teams"),
        *("finds", "amounts", "rotations", "block_weeks"),
    ]
)

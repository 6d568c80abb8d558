"""The team rule: how the people on a service are divided into its teams, after the year is made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import Rotation, Team
from scheduler.rules.base import Scope
from scheduler.rules.counted import CountedRule
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import dated_weeks, either, sentence, weeks_of
from scheduler.schedule.schedule import Schedule

TeamNames = frozenset[str]


class TeamRule(CountedRule):
    """The people on a service are divided into its teams fairly, near those they know.

    A rotation lists its teams: ``teams: {Red: {}, Blue: {}}``, each with the groups
    it belongs to and its places by year of training, if it has any: ``Red: {groups:
    {firm: north}, size: {1: 4, 2: 1}}``.  When the year is made, everyone who
    works on such a rotation is put on one of its teams for the whole of a stay.
    The schedule itself is not changed for that; only ``minimum``, ``maximum`` and
    ``exactly``, where hard, already ask the year for as many people as all teams
    need together, and for no more of a group than its own teams take where ``own``
    is hard too.

    A rule says one of these, about ``who`` (visitors too, unless it says
    otherwise) in each week on each team of ``rotations``:

    - ``minimum``, ``maximum`` or ``exactly``: so many of ``who`` on every team.  Two
      people who are never on one team: ``who: {resident: [R1, R2]}, maximum: 1``.
    - ``even``: every team has its share of those of ``who`` who are there, rounded
      down or up.  Shares go by the places for the years that ``who`` names (for all
      years, where it names none), and are equal where no team states its size.
      With ``who: {visitors: only}`` visitors are spread.
    - ``own``: a grouping; everyone is on a team of their own group.  A team without
      a group is everybody's, and someone without one is not asked.
    - ``be``: whenever in ``when`` they are on ``rotations``, they are on this team (or
      one of these).  The bounds of ``when`` may divide a stay.  Locks with a team
      become such rules.

    The amount is people too many or too few, for each team and week (each part of
    a week that a grid divides); with ``own`` and ``be`` each resident's weeks on
    another team, begun weeks whole.
    """

    per_resident: ClassVar[bool] = False
    visitors: ClassVar[str] = "also"
    unit: ClassVar[str] = "person-week"

    rule: Literal["team"] = "team"
    rotations: Names | None = Field(
        None, min_length=1, description="codes or tags; without them, all that have teams"
    )
    minimum: int | None = Field(None, ge=0, description="fewest people on any team")
    maximum: int | None = Field(None, ge=0, description="most people on any team")
    exactly: int | None = Field(None, ge=0, description="people on every team, exactly")
    even: bool = Field(False, description="each team has its share of those who are there")
    own: str | None = Field(None, description="a grouping; everyone is on a team of their group")
    be: Names | None = Field(None, min_length=1, description="names of teams")

    @model_validator(mode="after")
    def _one_thing(self) -> TeamRule:
        if [self.is_counted, self.even, self.own is not None, self.be is not None].count(True) != 1:
            raise ValueError("say one of 'minimum'/'maximum', 'exactly', 'even', 'own' or 'be'")
        self.check_counts()
        return self

    def grouping_names(self) -> Iterable[str]:
        return [] if self.own is None else [self.own]

    def lacks(self, rotations: Mapping[str, Rotation]) -> str:
        teams = [team for one in rotations.values() if self.is_about(one) for team in one.teams]
        asked = f"no rotation of {either(self.rotations or ['the program'])}"
        if not teams:
            return f"{asked} lists teams; give it 'teams: {{Red: {{}}, Blue: {{}}}}'"
        if self.own is not None and not any(self.own in team.groups for team in teams):
            todo = f"give some of them 'groups: {{{self.own}: ...}}'"
            return f"{asked} has a team that belongs to a {self.own}; {todo}"
        known = sorted({team.name for team in teams})
        unknown = [name for name in self.be or () if name not in known]
        return f"{asked} has a team {unknown[0]}; its teams: {', '.join(known)}" if unknown else ""

    def sentence(self) -> str:
        return sentence(self.who.words(), self._says(), self.when.words())

    def _says(self) -> str:
        on = f"teams of {either(self.rotations)}" if self.rotations else "teams"
        if self.be is not None:
            return f"are on {on}: {either(self.be)}"
        if self.own is not None:
            return f"are on {on} of their own {self.own}"
        if self.even:
            return f"are spread evenly over the {on}"
        return f"on each of the {on}: {_people(self.least, self.most)} a week"

    def is_about(self, rotation: Rotation) -> bool:
        """Whether the rule is about ``rotation``."""
        names = self.rotations
        return names is None or rotation.code in names or not rotation.tags.isdisjoint(names)

    def _services(self, problem: Problem) -> dict[str, tuple[Team, ...]]:
        """The rotations with teams that the rule is about."""
        return {c: t for c, t in problem.teams.items() if self.is_about(problem.rotations[c])}

    def _share(self, team: Team, teams: Iterable[Team], people: int) -> tuple[int, int]:
        """The team's share of ``people``, rounded down and up."""
        places = {one.name: self._places(one) for one in teams}
        if not any(places.values()):
            places = dict.fromkeys(places, 1)
        total, own = sum(places.values()), places[team.name]
        return people * own // total, -(-people * own // total)

    def _places(self, team: Team) -> int:
        years = team.size if self.who.pgy is None else self.who.pgy
        return sum(team.size.get(pgy, 0) for pgy in years)

    def team_bounds(self, scope: Scope, resident: Resident) -> frozenset[int]:
        if self.be is None:
            return frozenset()
        inside = [part in scope.part_set for part in range(len(scope.problem.calendar.parts))]
        changes = enumerate(pairwise([False, *inside, False]))
        return frozenset(part for part, (before, here) in changes if before != here)

    # -- the models --------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        if not self.hard or (not self.least and self.most is None and self.own is None):
            return []
        return [frozenset({code}) for code in self._services(scope.problem)]

    def post(self, year: YearModel, scope: Scope) -> None:
        """As many people as all teams of a service need together, or can take."""
        if self.hard and self.own is not None and not year.relaxed:
            self._post_own(year, scope)
        if not self.hard or year.relaxed or (not self.least and self.most is None):
            return
        for service, teams in self._services(scope.problem).items():
            for part in scope.parts:
                total = Sum()
                for resident in scope.residents:
                    total.add(year.worked(resident, part, frozenset({service})))
                year.at_least(total, self.least * len(teams), self)
                if self.most is not None:
                    year.at_most(total, self.most * len(teams), self)

    def _post_own(self, year: YearModel, scope: Scope) -> None:
        """As many of each group as its own teams need, or take at most, by hard rules."""
        problem, meant = scope.problem, {one.index for one in scope.residents}
        for bound in problem.rules:
            rule = bound.rule
            if not isinstance(rule, TeamRule) or not rule.hard:
                continue
            for service, teams in self._services(problem).items():
                if rule.is_about(problem.rotations[service]):
                    allowed = [
                        (p, self._names(teams, p if p.index in meant else None))
                        for p in map(problem.residents.__getitem__, bound.residents)
                    ]
                    for part in sorted(scope.part_set.intersection(bound.parts)):
                        there = [
                            (year.worked(p, part, frozenset({service})), a) for p, a in allowed
                        ]
                        self._post_groups(year, rule, frozenset(t.name for t in teams), there)

    def _post_groups(
        self, year: YearModel, rule: TeamRule, every: TeamNames, there: list[tuple[Sum, TeamNames]]
    ) -> None:
        """Of all sets of teams that bind somebody (and their complements): who must, who may."""
        sets = {names for _, names in there}
        for names in sorted((sets | {every - some for some in sets}) - {every}, key=sorted):
            may, must = Sum(), Sum()
            for here, own in there:
                if own & names:
                    may.add(here)
                if own <= names:
                    must.add(here)
            if rule.least and names:
                year.at_least(may, rule.least * len(names), self)
            if rule.most is not None:
                year.at_most(must, rule.most * len(names), self)

    def _names(self, teams: tuple[Team, ...], person: Resident | None) -> TeamNames:
        """The teams that the person may be on; all, where the rule is not about them."""
        return frozenset(t.name for t in teams if not person or self._is_meant(person, teams, t))

    def post_teams(self, teams: TeamModel, scope: Scope) -> None:
        services = self._services(scope.problem)
        if self.own is not None or self.be is not None:
            for resident in scope.residents:
                days = self._days_elsewhere(teams, scope, resident, services)
                teams.at_most(days, 0, self, DAYS_IN_WEEK)
            return
        for part in scope.parts:
            people: dict[str, list[Resident]] = {service: [] for service in services}
            for resident in scope.residents:
                people.get(teams.service(resident, part), []).append(resident)
            for service, here in people.items():
                for team in services[service]:
                    self._post_team(teams, part, team, services[service], here)

    def _post_team(
        self, teams: TeamModel, part: int, team: Team, others: Iterable[Team], here: list[Resident]
    ) -> None:
        total = Sum()
        for resident in here:
            total.add(teams.on(resident, part, [team.name]))
        least, most = self.least, self.most
        if self.even:
            least, most = self._share(team, others, len(here))
        if least:
            teams.at_least(total, least, self)
        if most is not None and most < len(here):
            teams.at_most(total, most, self)

    def _days_elsewhere(
        self,
        teams: TeamModel,
        scope: Scope,
        resident: Resident,
        services: Mapping[str, tuple[Team, ...]],
    ) -> Sum:
        """Days in ``when`` on a team that is not one of the resident's."""
        total = Sum()
        for part in scope.parts:
            listed = services.get(teams.service(resident, part), ())
            others = [team.name for team in listed if not self._is_meant(resident, listed, team)]
            days = scope.problem.calendar.part_days[part]
            total.add(teams.on(resident, part, others), days)
        return total

    def _is_meant(self, resident: Resident, teams: Iterable[Team], team: Team) -> bool:
        """Whether the resident may be on ``team``, one of the ``teams`` of a service."""
        if self.be is not None:
            known = {one.name for one in teams}
            return known.isdisjoint(self.be) or team.name in self.be
        own = resident.groups.get(self.own or "")
        groups = team.groups.get(self.own or "")
        return own is None or groups is None or own in groups

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        if self.own is not None or self.be is not None:
            for resident in scope.residents:
                yield from self._audit_elsewhere(schedule, scope, resident)
            return
        for service, teams in self._services(scope.problem).items():
            for part in scope.parts:
                there = [
                    schedule.teams.get((resident.index, part), "")
                    for resident in scope.residents
                    if schedule.cells[resident.index][part] == service
                ]
                yield from self._audit_part(scope, service, teams, part, Counter(there))

    def _audit_part(
        self,
        scope: Scope,
        service: str,
        teams: tuple[Team, ...],
        part: int,
        there: Counter[str],
    ) -> Iterator[Violation]:
        for team in teams:
            least, most = self.least, self.most
            if self.even:
                least, most = self._share(team, teams, there.total())
            here = there[team.name]
            amount = max(least - here, 0 if most is None else here - most)
            if amount > 0:
                at = dated_weeks(scope.problem.calendar, [part])
                wanted = "its share is" if self.even else "needs"
                yield self.violation(
                    amount,
                    f"{team.name} of {service} in {at}: {here} of {self.who.words()}, "
                    f"{wanted} {_people(least, most)}",
                    parts=[part],
                    service=service,
                )

    def _audit_elsewhere(
        self, schedule: Schedule, scope: Scope, resident: Resident
    ) -> Iterator[Violation]:
        problem, days = scope.problem, 0
        wrong: dict[tuple[str, str], list[int]] = defaultdict(list)
        for part in scope.parts:
            service = schedule.cells[resident.index][part]
            team = schedule.teams.get((resident.index, part))
            known = {one.name: one for one in problem.teams.get(service, ())}
            if team in known and self.is_about(problem.rotations[service]):
                wanted = self._wanted(resident, known)
                if wanted and team not in wanted:
                    wrong[team, service].append(part)
                    days += problem.calendar.parts[part].days
        if wrong:
            shown = ", ".join(
                f"{team} of {service} in {dated_weeks(problem.calendar, parts)}"
                for (team, service), parts in wrong.items()
            )
            yield self.violation(
                -(-days // DAYS_IN_WEEK),
                f"{resident.name} is on {shown}, {weeks_of(days)} not {self._where(resident)}",
                resident,
                [part for parts in wrong.values() for part in parts],
            )

    def _wanted(self, resident: Resident, known: Mapping[str, Team]) -> set[str]:
        """The teams that the rule wants the resident on; none where it asks nothing."""
        if self.be is not None:
            return known.keys() & set(self.be)
        own = resident.groups.get(self.own or "", "")
        if not own:
            return set()
        groups = {name: team.groups.get(self.own or "", {own}) for name, team in known.items()}
        return {name for name, names in groups.items() if own in names} or {""}

    def _where(self, resident: Resident) -> str:
        if self.be is not None:
            return f"on {either(self.be)}"
        return f"on a team of {self.own} {resident.groups[self.own or '']}"

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "each team has an intern every week",
            {"rule": "team", "who": {"pgy": 1}, "minimum": 1},
            {"A": "FLOOR FLOOR FLOOR", "B": "FLOOR FLOOR WARD", "C": "WARD FLOOR FLOOR"},
            finds=("Blue of FLOOR in week 3 (2026-07-13): 0 of PGY1 residents, needs at least 1",),
            amounts=(1,),
            rotations=("FLOOR", "WARD"),
            residents={"C": Person(pgy=2)},
            teams={"A": "Red Red Red", "B": "Blue Blue .", "C": ". Blue Blue"},
        ),
        Example(
            "interns by the places of the teams, two and one",
            {"rule": "team", "who": {"pgy": 1}, "even": True, "weight": 3},
            {"A": "FLOOR FLOOR", "B": "FLOOR FLOOR", "C": "FLOOR VAC"},
            finds=(
                "Red of FLOOR in week 1 (2026-06-29): 1 of PGY1 residents, its share is 2",
                "Blue of FLOOR in week 1 (2026-06-29): 2 of PGY1 residents, its share is 1",
            ),
            amounts=(1, 1),
            block_weeks=2,
            rotations=("FLOOR",),
            teams={"A": "Red Red", "B": "Blue Blue", "C": "Blue ."},
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "visitors are spread",
            {"rule": "team", "who": {"pgy": 2, "visitors": "only"}, "even": True},
            {"A": "FLOOR FLOOR", "B": "FLOOR FLOOR", "C": "FLOOR WARD"},
            rotations=("FLOOR", "WARD"),
            residents={"A": Person(visitor=True, pgy=2), "B": Person(visitor=True, pgy=2)},
            teams={"A": "Red Red", "B": "Blue Blue", "C": "Blue ."},
        ),
        Example(
            "everyone on a team of their own firm",
            {"rule": "team", "own": "firm", "weight": 2},
            {
                "A": "FLOOR FLOOR WARD FLOOR",
                "B": "FLOOR WARD WARD WARD",
                "C": "WARD WARD WARD FLOOR",
            },
            finds=(
                "A is on Blue of FLOOR in weeks 1-2 (2026-06-29 to 2026-07-12), 2 weeks "
                "not on a team of firm north",
            ),
            amounts=(2,),
            rotations=("FLOOR", "WARD"),
            residents={
                "A": Person(groups={"firm": "north"}),
                "B": Person(groups={"firm": "south"}),
            },
            teams={"A": "Blue Blue . Red", "B": "Blue . . .", "C": ". . . Red"},
        ),
        Example(
            "two people never on one team",
            {"rule": "team", "who": {"resident": ["A", "B"]}, "rotations": "FLOOR", "maximum": 1},
            {"A": "FLOOR FLOOR", "B": "WARD FLOOR", "C": "FLOOR FLOOR"},
            finds=(
                "Red of FLOOR in week 2 (2026-07-06): 2 of residents with id A, B, needs at most 1",
            ),
            amounts=(1,),
            rotations=("FLOOR", "WARD"),
            teams={"A": "Red Red", "B": ". Red", "C": "Red Red"},
        ),
        Example(
            "locked to a team for a while; the lock divides the stay",
            {"rule": "team", "who": {"resident": "A"}, "when": {"weeks": "2-3"}, "be": "Red"},
            {"A": "FLOOR FLOOR FLOOR FLOOR", "B": "FLOOR WARD FLOOR FLOOR"},
            rotations=("FLOOR", "WARD"),
            teams={"A": "Blue Red Red Blue", "B": "Blue . Blue Blue"},
        ),
    )


def _people(least: int, most: int | None) -> str:
    """'2', '2 to 3', 'at least 2', 'at most 3'."""
    if most is None:
        return f"at least {least}"
    if least == most:
        return str(least)
    return f"{least} to {most}" if least else f"at most {most}"

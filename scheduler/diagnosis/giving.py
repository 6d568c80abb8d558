"""Which rules give, and by how much, when no valid schedule exists: in names and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.audit.audit import AuditReport, RuleFinding

#: Findings named in full for one rule; the rest are counted.
NAMED = 5


@dataclass(frozen=True)
class Giving:
    """One hard rule that the least bad schedule misses."""

    finding: RuleFinding

    def lines(self) -> list[str]:
        """The rule, how much it gives, and its first findings."""
        found = self.finding.violations
        lines = [f"{self.finding.name}: missed by {self.finding.amount} ({self.finding.sentence})"]
        lines += [f"    {one.message}" for one in found[:NAMED]]
        if len(found) > NAMED:
            lines.append(f"    ... and {len(found) - NAMED} more")
        return lines


def giving(report: AuditReport) -> tuple[Giving, ...]:
    """The hard rules that give, the one missed most first."""
    missed = [rule for rule in report.rules if rule.hard and rule.violations]
    return tuple(Giving(rule) for rule in sorted(missed, key=lambda rule: -rule.amount))

"""What is found out about a server, and what that comes to. No I/O."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Version = Literal["v1", "v2"]
Verdict = Literal["answers", "missing", "fails", "not tried"]
_RANK: dict[Verdict, int] = {"not tried": 0, "fails": 1, "missing": 2, "answers": 3}

ALL_FINE, DIFFERENT, UNREACHABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""


@dataclass(slots=True)
class Tried:
    """An operation, and what became of its call."""

    operation: str
    method: str
    path: str
    call: str
    """The client's method, such as `beta.threads.create`."""
    verdict: Verdict = "not tried"
    said: str = ""
    """What the server answered, in a few words; for what was not tried: why."""

    def note(self, verdict: Verdict, said: str) -> None:
        """Another outcome: the best one counts, and a good answer more than a good refusal."""
        if _RANK[verdict] > _RANK[self.verdict] or (verdict == self.verdict and said.isdecimal()):
            self.verdict, self.said = verdict, said


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the server is not as the API is documented."""

    where: str
    """An operation, or an event of a stream."""
    path: str
    """The place in the answer, `data[*].created_at`; empty for the whole of it."""
    expected: str
    got: str
    means: str
    """What that means for a program, in a sentence."""
    noticed: bool = True
    """Whether a program would notice, although this client makes the best of it."""


@dataclass(slots=True)
class Use:
    """Something that programs do with several operations, and how it went."""

    name: str
    works: bool
    said: str


@dataclass(slots=True)
class Report:
    """All that was found out."""

    base_url: str
    api_version: Version
    write: bool
    operations: dict[str, Tried] = field(default_factory=dict[str, Tried])
    uses: list[Use] = field(default_factory=list[Use])
    findings: list[Finding] = field(default_factory=list[Finding])
    notes: list[str] = field(default_factory=list[str])
    """What else there is to know: limits of the server that are no deviations, and of this examination."""
    left_behind: list[str] = field(default_factory=list[str])
    """What was made and could not be deleted."""
    problem: str | None = None
    """Why the server could not be examined, or not to the end."""
    interrupted: bool = False

    def add(self, finding: Finding) -> None:
        """Note a finding, once."""
        if finding not in self.findings:
            self.findings.append(finding)

    def remark(self, note: str) -> None:
        """Note something, once."""
        if note not in self.notes:
            self.notes.append(note)

    def with_verdict(self, verdict: Verdict) -> list[Tried]:
        """The operations of which this was found."""
        return [each for each in self.operations.values() if each.verdict == verdict]

    @property
    def exit_code(self) -> int:
        """0: nothing that a program would notice; 1: something; 2: nothing could be examined; 130: interrupted."""
        if self.interrupted:
            return INTERRUPTED
        if not self.with_verdict("answers"):
            return UNREACHABLE
        different = (
            self.problem is not None
            or self.with_verdict("missing")
            or self.with_verdict("fails")
            or any(finding.noticed for finding in self.findings)
            or not all(use.works for use in self.uses)
            or self.left_behind
        )
        return DIFFERENT if different else ALL_FINE

    @property
    def summary(self) -> str:
        """The outcome in a line."""
        answering, missing, failing = (len(self.with_verdict(each)) for each in ("answers", "missing", "fails"))
        if not answering:
            return "Nothing of this API can be reached here."
        said = f"{answering} of {answering + missing + failing} operations that were tried answer"
        if missing or failing:
            said += f", {missing} missing, {failing} failing"
        deviations, noticed = len(self.findings), sum(finding.noticed for finding in self.findings)
        said += f"; {deviations} deviation{'' if deviations == 1 else 's'}, {noticed} that a program would notice."
        return f"{said} Everything is fine." if self.exit_code == ALL_FINE else said

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "operations": [asdict(each) for each in self.operations.values()]} | {
            "summary": self.summary,
            "exit_code": self.exit_code,
        }

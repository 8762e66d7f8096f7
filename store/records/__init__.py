"""The work itself: problems, causes, measures, goals, follow-ups and what surrounds them. SQLAlchemy on SQLite or
PostgreSQL."""

from store.records.attached import Attachment, Comment, History
from store.records.base import About, Choice, Row, about
from store.records.deciding import LAWFUL_PARTS
from store.records.errors import Fault, Forbidden, Missing, Refused, Stale, WorkError
from store.records.partnership import (
    Activity,
    Agreement,
    Coordination,
    CouncilMember,
    Decision,
    Deviation,
    Invoice,
    Meeting,
)
from store.records.rights import Actor, Right, Role
from store.records.settled import settled_columns
from store.records.situations import Evidence, Situation
from store.records.thread import (
    Cause,
    CauseAnalysis,
    ChainStep,
    FollowUp,
    Goal,
    GoalMeasure,
    Measure,
    MeasureCause,
    Plan,
    Problem,
)
from store.records.work import Work, open_work
from store.records.writing import Writing

__all__ = [
    "LAWFUL_PARTS",
    "About",
    "Activity",
    "Actor",
    "Agreement",
    "Attachment",
    "Cause",
    "CauseAnalysis",
    "ChainStep",
    "Choice",
    "Comment",
    "Coordination",
    "CouncilMember",
    "Decision",
    "Deviation",
    "Evidence",
    "Fault",
    "FollowUp",
    "Forbidden",
    "Goal",
    "GoalMeasure",
    "History",
    "Invoice",
    "Measure",
    "MeasureCause",
    "Meeting",
    "Missing",
    "Plan",
    "Problem",
    "Refused",
    "Right",
    "Role",
    "Row",
    "Situation",
    "Stale",
    "Work",
    "WorkError",
    "Writing",
    "about",
    "open_work",
    "settled_columns",
]

"""The answers that may be chosen between in the work, in the words of the field."""

from __future__ import annotations

from store.records.base import Choice


class Stage(Choice):
    """How far a document has come."""

    DRAFT = ("draft", "Utkast")
    DECIDED = ("decided", "Beslutad")


class EvidenceKind(Choice):
    """What kind of thing a statement rests on."""

    CHART = ("chart", "Diagram med siffror")
    SURVEY = ("survey", "Enkätsvar")
    INTERVIEW = ("interview", "Intervju eller samtal")
    STUDY = ("study", "Studie eller utvärdering")
    OBSERVATION = ("observation", "Iakttagelse på plats")


class ProblemStage(Choice):
    """Whether a problem is worked with."""

    OPEN = ("open", "Pågår")
    RESTING = ("resting", "Vilande")
    CLOSED = ("closed", "Avslutat")


class Phase(Choice):
    """When a step in the chain of events happens."""

    BEFORE = ("before", "Före brottet")
    DURING = ("during", "Under brottet")
    AFTER = ("after", "Efter brottet")


class Branch(Choice):
    """The fishbone's three bones, which are also the sides of the crime triangle."""

    VICTIM = ("victim", "Brottsutsatt")
    OFFENDER = ("offender", "Gärningsperson")
    SETTING = ("setting", "Plats eller objekt")


class Certainty(Choice):
    """How well a cause is known."""

    KNOWN = ("known", "Vet")
    BELIEVED = ("believed", "Tror")
    UNKNOWN = ("unknown", "Vet inte")


class Approach(Choice):
    """Whether a measure changes the setting or people's conditions."""

    SITUATIONAL = ("situational", "Situationell")
    SOCIAL = ("social", "Social")


class Reach(Choice):
    """Whom a measure is for."""

    UNIVERSAL = ("universal", "Universell")
    SELECTIVE = ("selective", "Selektiv")
    INDICATED = ("indicated", "Indikativ")


class Grade(Choice):
    """How strong the evidence for a measure is."""

    STRONG = ("strong", "Stark: flera goda utvärderingar")
    SOME = ("some", "Viss: någon god utvärdering")
    PROMISING = ("promising", "Lovande: rimlig mekanism, svagt prövad")
    UNTRIED = ("untried", "Oprövad")
    HARMFUL = ("harmful", "Talar emot")


class Progress(Choice):
    """How far a measure has come."""

    PLANNED = ("planned", "Planerad")
    ONGOING = ("ongoing", "Pågår")
    DONE = ("done", "Genomförd")
    STOPPED = ("stopped", "Avbruten")


class Direction(Choice):
    """Which way a goal's figure should go."""

    FALL = ("fall", "Minska")
    RISE = ("rise", "Öka")


class Light(Choice):
    """Brå's three colours for follow-up; always shown with their word."""

    GREEN = ("green", "Grön: enligt plan")
    YELLOW = ("yellow", "Gul: delvis, eller försenad")
    RED = ("red", "Röd: inte enligt plan")


class Outcome(Choice):
    """What a follow-up decides."""

    CONTINUE = ("continue", "Fortsätt")
    CHANGE = ("change", "Ändra")
    END = ("end", "Avsluta")


class PlanKind(Choice):
    """The plan that the law asks for, or the partnership's."""

    LAWFUL = ("lawful", "Åtgärdsplan enligt lagen")
    ACTIVITY = ("activity", "Aktivitetsplan för partnerskap")


class GrantPossible(Choice):
    """Whether a state grant from Brå can be applied for."""

    NO = ("no", "Nej")
    YES = ("yes", "Ja")
    CONDITIONAL = ("conditional", "Ja, på villkor")


class MeetingKind(Choice):
    """Which of the recurring meetings."""

    PARTNERSHIP = ("partnership", "Partnerskapets uppföljningsmöte")
    COUNCIL = ("council", "Brottsförebyggande råd")
    BOARD = ("board", "Rapport till kommunfullmäktige")
    OTHER = ("other", "Annat möte")


class Action(Choice):
    """What the history says was done with a row."""

    CREATED = ("created", "Skapad")
    CHANGED = ("changed", "Ändrad")
    PUT_ASIDE = ("put_aside", "Borttagen")
    RESTORED = ("restored", "Återställd")
    DECIDED = ("decided", "Beslutad")

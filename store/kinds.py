"""What a local spreadsheet can become: five kinds, and the fields of each, for importer, page and templates alike."""

from __future__ import annotations

from dataclasses import dataclass

#: What the cells of a field are; decides how they are read.
CELLS = ("text", "category", "moment", "date", "time", "number", "place", "x", "y", "yes_no", "answer")

#: What yes and no of a survey's yes-or-no questions are called where they are stored, however they were written.
YES, NO = "Ja", "Nej"


@dataclass(frozen=True)
class Field:
    """Something that a row can say. Texts in Swedish.

    ``needed`` fields must have a column; of fields that share a non-empty ``one_of`` at least one must. ``repeats``
    fields can have many columns, each with a name of its own. ``synonyms`` are headers that senders use, lower case.
    """

    id: str
    label: str
    cells: str
    help: str
    synonyms: tuple[str, ...] = ()
    needed: bool = False
    one_of: str = ""
    repeats: bool = False


@dataclass(frozen=True)
class Option:
    """Something that no column says and the person who imports must: ``default`` is empty when there is none."""

    id: str
    label: str
    help: str
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    #: The form that asks for it; empty for all forms of the kind.
    form: str = ""
    needed: bool = True
    #: Whether it differs from delivery to delivery, and so is not part of a saved mapping.
    each_time: bool = False


@dataclass(frozen=True)
class Form:
    """One of the shapes that a kind comes in, with the fields that belong to it."""

    id: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Kind:
    """One of the five kinds of things that a spreadsheet can hold."""

    id: str
    label: str
    singular: str
    help: str
    forms: tuple[Form, ...]
    options: tuple[Option, ...] = ()

    def form(self, form_id: str) -> Form:
        """The form with this id; the first when ``form_id`` is empty. Raises KeyError for an unknown one."""
        if not form_id:
            return self.forms[0]
        return {form.id: form for form in self.forms}[form_id]


_PLACE = (
    Field("area_code", "Områdeskod (DeSO eller RegSO)", "place", "Kod ur SCB:s indelning, av 2018 eller 2025.",
          ("deso", "desokod", "deso-kod", "deso 2018", "deso_2018", "deso 2025", "regso", "regsokod", "områdeskod", "områdesid"), one_of="place"),
    Field("place", "Plats eller ort", "place", "Kommundel, ort, område eller skola, som avsändaren skriver den.",
          ("plats", "ort", "område", "kommundel", "stadsdel", "tätort", "brottsplats", "händelseplats", "var", "bostadsområde", "bostadsort", "distrikt",
           "geografiskt område", "platsnamn", "polisdistrikt", "var hände det", "var bor du",
           "skola", "skolans namn", "skolenhet", "vilken skola går du på"), one_of="place"),
    Field("x", "Koordinat, öst", "x", "Longitud, eller öst i SWEREF 99 TM eller RT 90.",
          ("x", "lon", "long", "lng", "longitud", "longitude", "öst", "e", "easting", "x-koordinat", "koordinat öst", "sweref_e", "sweref99 e"), one_of="place"),
    Field("y", "Koordinat, nord", "y", "Latitud, eller nord i SWEREF 99 TM eller RT 90.",
          ("y", "lat", "latitud", "latitude", "nord", "n", "northing", "y-koordinat", "koordinat nord", "sweref_n", "sweref99 n"), one_of="place"),
)  # fmt: skip
_MUNICIPALITY = Field(
    "municipality", "Kommun", "place", "Rader från andra kommuner räknas som utanför.",
    ("kommun", "kommunnamn", "brottsplatskommun", "kommunkod", "lkf"),
)  # fmt: skip

#: For tables that are about one place, told by the file's or sheet's name alone.
_ONE_PLACE = Option(
    "place", "Plats för alla rader", "När ingen kolumn säger var, t.ex. Hallstavik.", needed=False, each_time=True
)

_EVENTS = Kind(
    "events", "Händelser", "händelse",
    "En rad per händelse eller ärende: polisens ärendeutdrag, lägesrapporter (EST), felanmälningar.",
    (
        Form("row", "En rad per händelse", (
            Field("category", "Händelsetyp eller brott", "category", "Vad som hände, med avsändarens egna ord.",
                  ("brott", "brottstyp", "brottskategori", "brottskodtext", "brottstext", "händelse", "händelsetyp", "typ av händelse", "kategori", "ärendetyp", "typ", "feltyp",
                   "typ av fel", "klassificering", "rubricering", "vad har hänt", "vad hände", "incident", "incidenttyp", "brottsrubricering", "typ av incident"), needed=True),
            Field("occurred", "När det hände (från)", "moment", "Datum, med eller utan klockslag, eller en tidsrymd i samma cell.",
                  ("datum", "brottsdatum", "händelsedatum", "inträffat", "tidpunkt", "när", "datum och tid", "från", "brottsdatum från", "fr.o.m.", "datum från", "start",
                   "händelsedag", "dag", "vecka", "när hände det", "datum för händelsen", "inträffade", "brottstid from", "brott fr o m"), one_of="time"),
            Field("occurred_time", "Klockslag (från)", "time", "När klockslaget står i en egen kolumn.",
                  ("tid", "klockslag", "kl", "kl.", "klockan", "tid från", "tidpunkt kl", "starttid")),
            Field("until", "När det hände (till)", "moment", "Slutet på tidsrymden, när den står i en egen kolumn.",
                  ("till", "brottsdatum till", "t.o.m.", "datum till", "slut", "brottstid tom", "brott t o m")),
            Field("until_time", "Klockslag (till)", "time", "Klockslag för slutet.", ("tid till", "sluttid")),
            Field("reported", "När det anmäldes", "moment", "Anmälnings- eller registreringsdatum.",
                  ("anmält", "anmäld", "anmälningsdatum", "anmälan", "anmälningstid", "felanmäld", "registrerat", "registrerad", "registreringsdatum", "regdatum", "inkom", "inkommet",
                   "inkommen", "inkomstdatum", "ankomstdatum", "rapporterat", "rapporterad", "rapportdatum", "rapporteringsdatum", "skapad", "skapat", "skapad datum", "datum skapad",
                   "inrapporterat", "inrapporterad", "inskrivningsdatum", "mottaget", "mottagen", "upprättad", "created", "reported"), one_of="time"),
            *_PLACE,
            _MUNICIPALITY,
            Field("event_id", "Ärendenummer", "text", "Avsändarens eget nummer. Utan det känns en händelse igen på vad som står i raden.",
                  ("ärende", "ärendenummer", "ärendenr", "dnr", "diarienummer", "k-nummer", "knr", "id", "ärende-id", "händelse-id", "rapportnr", "löpnummer", "anmälningsnummer")),
            Field("code", "Brottskod", "category", "Fyra siffror.", ("brottskod", "kod", "brottskoder")),
            Field("detail", "Underkategori", "category", "Finare indelning än händelsetypen.",
                  ("underkategori", "detalj", "delkategori", "undertyp", "modus", "specificering")),
            Field("reporter", "Rapportör", "category", "Verksamhet som rapporterar, inte person: skola, fritidsgård, polis …",
                  ("rapportör", "rapporterande verksamhet", "verksamhet", "rapporterat av", "uppgiftslämnare", "organisation", "inrapporterande", "enhet")),
            Field("count", "Antal", "number", "När en rad står för flera händelser. Utan kolumn räknas varje rad som en.",
                  ("antal", "antal brott", "antal händelser", "antal anmälningar")),
        )),
    ),
    (_ONE_PLACE,),
)  # fmt: skip

_RESPONDENT = (
    Field("respondent", "Svarande", "text", "Löpnummer för den som svarat, aldrig namn. Utan kolumn numreras raderna.",
          ("svarande", "respondent", "respondentid", "svarsid", "löpnr", "löpnummer", "id", "respid", "response id", "enkätnr", "svarsnr", "svarsnummer")),
    Field("weight", "Vikt", "number", "Hur många personer svaret står för.", ("vikt", "kalibreringsvikt", "weight", "uppräkningstal")),
    Field("answered", "När svaret kom", "moment", "Tidpunkt för svaret.",
          ("tidstämpel", "svarsdatum", "inlämnat", "starttid", "sluttid", "datum", "slutförd", "slutförandetid", "timestamp", "completion time", "start time")),
    *_PLACE,
    Field("group", "Grupp att redovisa efter", "category", "Kön, ålder, årskurs, bransch, storlek …",
          ("kön", "är du", "ålder", "åldersgrupp", "årskurs", "klass", "bransch", "antal anställda", "företagsstorlek", "storlek", "boendeform", "födelseland",
           "sysselsättning", "kön/könsidentitet", "roll", "yrke", "hur gammal är du", "vilken ålder har du", "vilket kön har du"), repeats=True),
)  # fmt: skip
_ANSWERS = Kind(
    "answers", "Enkätsvar", "svar",
    "Trygghetsundersökning, FTU (företagens trygghet), Tryggare Skola, elevenkät: svaren var för sig.",
    (
        Form("respondents", "En rad per svarande, en kolumn per fråga", (
            *_RESPONDENT,
            Field("question", "Fråga", "answer", "Rubriken är frågans text. Fritextsvar tas inte med.", (), needed=True, repeats=True),
        )),
        Form("answers", "En rad per svar", (
            *_RESPONDENT,
            Field("question_text", "Frågans text", "category", "Kolumnen som säger vilken fråga raden gäller.",
                  ("fråga", "frågetext", "frågeställning", "påstående", "question"), needed=True),
            Field("answer", "Svar", "answer", "Kolumnen med svaret.", ("svar", "svarsalternativ", "answer", "värde"), needed=True),
        )),
    ),
    (
        Option("survey", "Undersökning", "Undersökningens namn, samma varje omgång, t.ex. Trygghetsundersökningen."),
        Option("wave", "Omgång", "År, eller år och termin, t.ex. 2025, VT 2025 eller mars 2025.", each_time=True),
        Option("invited", "Antal utskick", "Hur många som fick enkäten. Då kan svarsfrekvensen visas.", needed=False, each_time=True),
        _ONE_PLACE,
    ),
)  # fmt: skip

_OBSERVATIONS = Kind(
    "observations", "Mått", "siffra",
    "Färdiga siffror per plats och period: närvaro per skola, antal felanmälningar per månad, andelar per område.",
    (
        Form("long", "En rad per plats och period", (
            *_PLACE,
            Field("period", "Period", "moment", "År, läsår, kvartal, månad, vecka eller dag.",
                  ("period", "år", "läsår", "månad", "vecka", "kvartal", "termin", "datum", "tid"), one_of="period"),
            Field("value", "Värde", "number", "Siffran. En kolumn per mått.",
                  ("värde", "antal", "andel", "procent", "närvaro", "frånvaro", "närvaro %", "index", "medelvärde", "summa"), needed=True, repeats=True),
            Field("indicator", "Mått", "category", "När flera mått står i samma tabell, ett per rad.", ("mått", "indikator", "nyckeltal", "variabel")),
            Field("breakdown", "Indelning", "category", "Kön, årskurs, frånvaroorsak …",
                  ("kön", "årskurs", "ålder", "åldersgrupp", "klass", "stadium", "orsak", "typ"), repeats=True),
            Field("base", "Bas", "number", "Hur många siffran bygger på.", ("bas", "antal elever", "antal svar", "n", "totalt", "antal tillfrågade", "elever")),
        )),
        Form("wide", "En rad per plats, en kolumn per period", (
            *_PLACE,
            Field("value", "Värde för en period", "number", "Rubriken är perioden: 2024, mars 2025, v. 12 …", (), needed=True, repeats=True),
            Field("indicator", "Mått", "category", "När flera mått står i samma tabell, ett per rad.", ("mått", "indikator", "nyckeltal", "variabel")),
            Field("breakdown", "Indelning", "category", "Kön, årskurs …", ("kön", "årskurs", "ålder", "åldersgrupp", "klass", "stadium", "orsak"), repeats=True),
        )),
    ),
    (
        Option("indicator", "Mått", "Vad siffrorna mäter, t.ex. Närvaro i grundskolan.", needed=False),
        Option("unit", "Enhet", "Till exempel antal, procent, index 0–20."),
        Option("share", "Procent skrivna som andelar", "När enheten är procent: om 0,93 är 93 procent eller 0,93 procent.", needed=False,
               choices=(("andel", "Andel av 1: 0,93 är 93 procent"), ("procent", "Procent: 0,93 är 0,93 procent"))),
        Option("period", "Period", "När tabellen inte säger vilken period siffrorna gäller, eller vilket år månaderna i rubrikerna hör till.", needed=False, each_time=True),
        _ONE_PLACE,
    ),
)  # fmt: skip

_PARTICIPATION = Kind(
    "participation", "Deltagande", "rad",
    "Vilka som deltar i en insats: HackShield per skola och klass, närvaro vid utbildningar per förvaltning.",
    (
        Form("row", "En rad per skola, klass eller förvaltning", (
            Field("activity", "Aktivitet", "category", "När listan gäller flera aktiviteter.",
                  ("aktivitet", "insats", "utbildning", "program", "kurs", "tillfälle", "halvdag", "moment")),
            Field("place", "Skola, förvaltning eller plats", "place", "Var deltagarna hör hemma.",
                  ("skola", "skolenhet", "skolans namn", "förvaltning", "kontor", "enhet", "arbetsplats", "bolag", "verksamhet", "ort", "kommundel", "plats"), needed=True),
            Field("unit_code", "Skolenhetskod", "text", "Åtta siffror.", ("skolenhetskod", "skolkod", "enhetskod")),
            Field("group", "Klass eller grupp", "category", "Klass, årskurs eller grupp.", ("klass", "årskurs", "grupp", "stadium")),
            Field("date", "Datum", "moment", "Dag, vecka, månad eller läsår.", ("datum", "dag", "vecka", "månad", "period", "läsår", "termin", "startdatum"), one_of="period"),
            Field("number", "Antal", "number", "Anmälda, aktiva, lektioner, deltagare … En kolumn per antal.",
                  ("antal", "anmälda", "antal anmälda", "aktiva", "antal aktiva", "deltagare", "antal deltagare", "närvarande", "lektioner", "antal lektioner", "ceremonier",
                   "elever", "antal elever", "inbjudna"), needed=True, repeats=True),
        )),
    ),
    (
        Option("activity", "Aktivitet", "Insatsens namn, t.ex. HackShield.", needed=False),
        Option("period", "Period", "När ingen kolumn säger när, t.ex. 2025/26.", needed=False, each_time=True),
    ),
)  # fmt: skip

_INSPECTION_PLACE = (
    Field("place", "Plats", "place", "Skola eller plats som ronden gällde.",
          ("plats", "skola", "område", "skolgård", "rondplats", "objekt", "adress"), needed=True),
    Field("date", "Datum", "moment", "Dagen för ronden.", ("datum", "dag", "ronddatum", "när", "tidpunkt"), one_of="period"),
    Field("spot", "Delområde", "category", "Entré, skolgård, parkering …", ("delområde", "delplats", "zon", "punkt", "del")),
)  # fmt: skip
_INSPECTIONS = Kind(
    "inspections", "Trygghetsronder", "bedömning",
    "Bedömningar på plats: belysning, skötsel, utformning … med poäng per delområde.",
    (
        Form("long", "En rad per bedömning", (
            *_INSPECTION_PLACE,
            Field("indicator", "Det som bedöms", "category", "Belysning, skötsel, utformning …", ("indikator", "aspekt", "område", "bedömningsområde", "fråga", "kriterium"), needed=True),
            Field("score", "Poäng", "number", "Poängen.", ("poäng", "bedömning", "betyg", "score", "värde", "resultat"), needed=True),
        )),
        Form("wide", "En rad per plats, en kolumn per det som bedöms", (
            *_INSPECTION_PLACE,
            Field("score", "Poäng för ett område", "number", "Rubriken är det som bedöms.",
                  ("belysning", "skötsel", "utformning", "information", "funktionsblandning", "perimeter", "social kontroll", "tydlighet", "index"), needed=True, repeats=True),
        )),
    ),
    (
        Option("inspection", "Rondens namn", "Till exempel Tryggare Skola.", needed=True),
        Option("highest", "Högsta poäng", "Den högsta poängen på skalan.", needed=True),
        Option("period", "Datum", "När ingen kolumn säger när.", needed=False, each_time=True),
    ),
)  # fmt: skip

#: The kinds by id, in the order in which they are offered.
KINDS: dict[str, Kind] = {k.id: k for k in (_EVENTS, _ANSWERS, _OBSERVATIONS, _PARTICIPATION, _INSPECTIONS)}

#: Headers of columns that hold personal data, lower case: never stored, whatever they are mapped to.
PERSONAL_HEADERS = (
    "personnummer", "personnr", "pnr", "samordningsnummer", "födelsenummer", "namn", "förnamn", "efternamn", "för- och efternamn", "elevens namn", "elev", "målsägande",
    "misstänkt", "anmälare", "anmälarens namn", "vårdnadshavare", "telefon", "telefonnummer", "mobil", "mobilnummer", "tel", "e-post", "epost", "e-postadress", "mejl", "mail",
    "email", "ip-adress", "ip address", "adress, bostad", "bostadsadress", "hemadress", "kontaktperson", "deltagarens namn", "registreringsnummer", "regnr",
)  # fmt: skip

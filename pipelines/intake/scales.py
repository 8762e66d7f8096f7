"""The answers and the scales of Swedish surveys, in plain form (``words.plain``)."""

from __future__ import annotations

_NONE = (
    "ej aktuellt|ej besvarad|ej relevant|ej svar|ingen uppfattning|ingen åsikt|inget svar|inte aktuellt|"
    "inte relevant|kan ej bedöma|kan ej svara|kan ej ta ställning|kan inte bedöma|kan inte svara|"
    "kan inte ta ställning|minns ej|minns inte|osäker/vet ej|tveksam, vet ej|uppgift saknas|vet ej|"
    "vet ej / ingen åsikt|vet ej/ej aktuellt|vet ej/ingen åsikt|vet ej/inte aktuellt|vet ej/vill ej svara|"
    "vet inte|vet inte/vill inte svara|vill ej svara|vill ej uppge|vill inte svara|vill inte uppge"
)
#: Answers without an opinion: asked and answered, but no level of any scale.
NO_OPINION = frozenset(_NONE.split("|"))

#: Signs that a box has been ticked; beside «nej» or 0 they are answers like others.
TICKS = frozenset(("x", "✓", "✔", "☑", "1", "sant", "true"))
#: Answers that are yes, and ticks only where several boxes of one question have nothing else.
YES_WORDS = frozenset(("ja", "j", "yes", "y"))
YES = TICKS | YES_WORDS
NO = frozenset(("nej", "n", "no", "0", "falskt", "false"))

#: Scales, each from its lowest level; a level's spellings are parted by |. A column is a scale when all its answers
#: are levels of the same one.
SCALES: tuple[tuple[str, ...], ...] = (
    (
        "mycket otrygg|mycket otryggt",
        "ganska otrygg|ganska otryggt|otrygg|otryggt",
        "varken trygg eller otrygg|varken eller|varken tryggt eller otryggt",
        "ganska trygg|ganska tryggt|trygg|tryggt",
        "mycket trygg|mycket tryggt",
    ),
    (
        "går sällan eller aldrig ut|går aldrig ut|går inte ut|går ej ut",
        "mycket otrygg|mycket otryggt",
        "ganska otrygg|ganska otryggt",
        "ganska trygg|ganska tryggt",
        "mycket trygg|mycket tryggt",
    ),
    (
        "inte alls trygg|inte alls tryggt",
        "inte särskilt trygg|inte särskilt tryggt|inte så trygg|inte så tryggt",
        "ganska trygg|ganska tryggt",
        "mycket trygg|mycket tryggt",
        "helt trygg|helt tryggt",
    ),
    (
        "instämmer inte alls|instämmer absolut inte|tar helt avstånd|tar helt avstånd från",
        "instämmer till liten del|instämmer i liten grad|instämmer knappast|tar delvis avstånd",
        "varken instämmer eller tar avstånd|varken eller|instämmer varken eller",
        "instämmer delvis|instämmer till viss del|instämmer i viss grad",
        "instämmer",
        "instämmer till stor del|instämmer i stort sett|instämmer i hög grad",
        "instämmer helt|instämmer helt och hållet|instämmer fullständigt",
    ),
    (
        "stämmer inte alls|stämmer mycket dåligt|stämmer aldrig",
        "stämmer ganska dåligt|stämmer dåligt|stämmer till liten del|stämmer inte särskilt bra",
        "varken eller|stämmer varken bra eller dåligt",
        "stämmer delvis|stämmer till viss del|stämmer ibland",
        "stämmer ganska bra|stämmer till stor del|stämmer bra|stämmer ofta",
        "stämmer mycket bra|stämmer helt|stämmer helt och hållet|stämmer precis|stämmer alltid",
    ),
    (
        "aldrig",
        "nästan aldrig|mycket sällan",
        "sällan",
        "ibland",
        "ganska ofta",
        "ofta|för det mesta",
        "mycket ofta|nästan alltid|oftast",
        "alltid",
    ),
    (
        "aldrig",
        "någon enstaka gång|någon gång|en gång",
        "några gånger per år|några gånger om året",
        "några gånger i månaden|varje månad",
        "några gånger i veckan|varje vecka",
        "varje dag|dagligen",
    ),
    (
        "mycket dåligt|mycket dålig|mycket dåliga",
        "ganska dåligt|ganska dålig|ganska dåliga|dåligt|dålig|dåliga",
        "varken bra eller dåligt|varken eller|varken bra eller dålig|godkänt|okej",
        "ganska bra|bra",
        "mycket bra",
    ),
    (
        "mycket missnöjd",
        "ganska missnöjd|missnöjd",
        "varken nöjd eller missnöjd|varken eller",
        "ganska nöjd|nöjd",
        "mycket nöjd",
    ),
    (
        "inte alls nöjd",
        "inte särskilt nöjd|inte så nöjd",
        "ganska nöjd",
        "mycket nöjd",
    ),
    (
        "inte alls orolig|aldrig orolig",
        "inte särskilt orolig|inte så orolig|lite orolig|något orolig",
        "ganska orolig|orolig",
        "mycket orolig",
    ),
    (
        "aldrig",
        "mycket sällan",
        "ganska sällan",
        "ganska ofta",
        "mycket ofta",
    ),
    (
        "mycket litet|mycket lite|mycket liten",
        "ganska litet|ganska lite|ganska liten|litet|lite|liten",
        "varken stort eller litet|varken eller",
        "ganska stort|ganska stor|stort|stor",
        "mycket stort|mycket stor",
    ),
    (
        "inte alls",
        "i liten utsträckning|i liten grad|lite|litet|mycket lite|till liten del",
        "inte särskilt mycket|inte så mycket",
        "i viss utsträckning|i viss mån|delvis|till viss del|något",
        "ganska mycket",
        "i stor utsträckning|i hög grad|i stor grad|mycket|till stor del",
        "i mycket stor utsträckning|i mycket hög grad|väldigt mycket|mycket mycket",
        "helt och hållet|fullständigt|helt",
    ),
    (
        "inget förtroende alls|inget förtroende|mycket litet förtroende",
        "ganska litet förtroende|litet förtroende",
        "varken stort eller litet förtroende|varken eller",
        "ganska stort förtroende|stort förtroende",
        "mycket stort förtroende",
    ),
    (
        "mycket lågt|mycket låg",
        "ganska lågt|ganska låg|lågt|låg",
        "varken högt eller lågt|varken eller|medel",
        "ganska högt|ganska hög|högt|hög",
        "mycket högt|mycket hög",
    ),
    (
        "mycket svårt",
        "ganska svårt|svårt",
        "varken lätt eller svårt|varken eller",
        "ganska lätt|lätt",
        "mycket lätt",
    ),
    (
        "mycket mindre trygg|mycket otryggare",
        "mindre trygg|otryggare|något mindre trygg",
        "lika trygg|oförändrat|ingen skillnad|som tidigare",
        "tryggare|mer trygg|något tryggare",
        "mycket tryggare|mycket mer trygg",
    ),
    (
        "mycket sämre",
        "sämre|något sämre|lite sämre",
        "oförändrat|lika|ingen skillnad|varken eller|samma|varken bättre eller sämre",
        "bättre|något bättre|lite bättre",
        "mycket bättre",
    ),
    (
        "minskat mycket",
        "minskat|minskat något",
        "oförändrat|varken eller|varken ökat eller minskat",
        "ökat|ökat något",
        "ökat mycket",
    ),
    (
        "mycket osannolikt",
        "ganska osannolikt|osannolikt",
        "varken eller|varken sannolikt eller osannolikt",
        "ganska sannolikt|sannolikt",
        "mycket sannolikt",
    ),
    (
        "inte alls viktigt|oviktigt",
        "inte särskilt viktigt|mindre viktigt",
        "varken eller|varken viktigt eller oviktigt",
        "ganska viktigt|viktigt",
        "mycket viktigt",
    ),
    (
        "nej, aldrig|nej aldrig",
        "nej, sällan|ja, någon gång|ja, en gång|ja någon gång",
        "ja, ibland|ja, flera gånger|ja ibland",
        "ja, ofta|ja ofta|ja, många gånger",
        "ja, alltid|ja alltid",
    ),
    (
        "nej, inte alls|nej inte alls",
        "nej, inte särskilt|nej, knappast",
        "delvis|ja, delvis|ja delvis|ja, till viss del",
        "ja, till stor del|ja, i stort sett",
        "ja, helt|ja, helt och hållet|ja absolut|ja, absolut",
    ),
)

#: Scales as surveys use them, whole and in one wording, from the lowest level: what tells which levels there are when
#: nobody chose some of them.
STANDARD: tuple[str, ...] = (
    "mycket otrygg|ganska otrygg|ganska trygg|mycket trygg",
    "mycket otrygg|ganska otrygg|varken trygg eller otrygg|ganska trygg|mycket trygg",
    "mycket otrygg|ganska otrygg|varken eller|ganska trygg|mycket trygg",
    "går sällan eller aldrig ut|mycket otrygg|ganska otrygg|ganska trygg|mycket trygg",
    "går aldrig ut|mycket otrygg|ganska otrygg|ganska trygg|mycket trygg",
    "går inte ut|mycket otrygg|ganska otrygg|ganska trygg|mycket trygg",
    "mycket otryggt|ganska otryggt|ganska tryggt|mycket tryggt",
    "mycket otryggt|ganska otryggt|varken tryggt eller otryggt|ganska tryggt|mycket tryggt",
    "mycket otryggt|ganska otryggt|varken eller|ganska tryggt|mycket tryggt",
    "inte alls trygg|inte särskilt trygg|ganska trygg|mycket trygg",
    "inte alls trygg|inte så trygg|ganska trygg|mycket trygg",
    "instämmer inte alls|instämmer delvis|instämmer helt",
    "instämmer inte alls|instämmer till liten del|instämmer till stor del|instämmer helt",
    "instämmer inte alls|instämmer i liten grad|instämmer i hög grad|instämmer helt",
    "tar helt avstånd|tar delvis avstånd|instämmer delvis|instämmer helt",
    "tar helt avstånd|tar delvis avstånd|varken eller|instämmer delvis|instämmer helt",
    "stämmer inte alls|stämmer ganska dåligt|stämmer ganska bra|stämmer helt och hållet",
    "stämmer inte alls|stämmer ganska dåligt|stämmer ganska bra|stämmer mycket bra",
    "stämmer mycket dåligt|stämmer ganska dåligt|stämmer ganska bra|stämmer mycket bra",
    "stämmer inte alls|stämmer delvis|stämmer helt",
    "aldrig|sällan|ibland|ofta",
    "aldrig|sällan|ibland|ofta|alltid",
    "aldrig|sällan|ibland|ofta|mycket ofta",
    "aldrig|mycket sällan|ganska sällan|ganska ofta|mycket ofta",
    "mycket dåligt|ganska dåligt|ganska bra|mycket bra",
    "mycket dåligt|ganska dåligt|varken bra eller dåligt|ganska bra|mycket bra",
    "mycket dåligt|ganska dåligt|varken eller|ganska bra|mycket bra",
    "mycket missnöjd|ganska missnöjd|ganska nöjd|mycket nöjd",
    "mycket missnöjd|ganska missnöjd|varken nöjd eller missnöjd|ganska nöjd|mycket nöjd",
    "mycket missnöjd|ganska missnöjd|varken eller|ganska nöjd|mycket nöjd",
    "inte alls nöjd|inte särskilt nöjd|ganska nöjd|mycket nöjd",
    "inte alls orolig|inte särskilt orolig|ganska orolig|mycket orolig",
    "inte alls orolig|inte så orolig|ganska orolig|mycket orolig",
    "inte alls orolig|lite orolig|ganska orolig|mycket orolig",
    "mycket litet|ganska litet|ganska stort|mycket stort",
    "mycket litet|ganska litet|varken stort eller litet|ganska stort|mycket stort",
    "mycket litet|ganska litet|varken eller|ganska stort|mycket stort",
    "mycket litet förtroende|ganska litet förtroende|ganska stort förtroende|mycket stort förtroende",
    "mycket litet förtroende|ganska litet förtroende|varken stort eller litet förtroende|ganska stort förtroende"
    "|mycket stort förtroende",
    "inte alls|i liten utsträckning|i viss utsträckning|i stor utsträckning",
    "inte alls|i liten grad|i viss mån|i hög grad",
    "inte alls|inte särskilt mycket|ganska mycket|mycket",
    "inte alls|inte så mycket|ganska mycket|mycket",
    "mycket lågt|ganska lågt|ganska högt|mycket högt",
    "mycket låg|ganska låg|ganska hög|mycket hög",
    "mycket svårt|ganska svårt|ganska lätt|mycket lätt",
    "mycket svårt|ganska svårt|varken lätt eller svårt|ganska lätt|mycket lätt",
    "sämre|oförändrat|bättre",
    "mycket sämre|sämre|oförändrat|bättre|mycket bättre",
    "minskat|oförändrat|ökat",
    "minskat mycket|minskat|oförändrat|ökat|ökat mycket",
    "mycket osannolikt|ganska osannolikt|ganska sannolikt|mycket sannolikt",
    "inte alls viktigt|inte särskilt viktigt|ganska viktigt|mycket viktigt",
    "nej, aldrig|ja, ibland|ja, ofta",
)

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

"""How names are told in German."""

from engine.flow.answers.names.words import NameWords

GERMAN = NameWords(
    frame=r"(?:kannst|könnt|können sie)(?: ruhig| auch| gerne?| einfach| mich)* {} (?:zu mir sagen|nennen|sagen)"
    r"|sag(?:t|en sie)? {} zu mir|(?:alle|freunde|die leute) sagen {} zu mir",
    call=r"nenn(?:t|en sie|e)? mich|(?:man|alle|freunde|meine freunde|alle anderen) (?:nennt|nennen|ruft"
    r"|rufen) mich"
    r"|sag(?:t|en sie)? (?:einfach|ruhig)|mein spitzname ist|spitzname",
    name=r"(?:ich )?hei(?:ß|ss)e|mein (?:voller |vollst[aä]ndiger |ganzer )?(?:name|vorname"
    r"|nachname)(?: ist| lautet|:| w[aä]re)"
    r"|(?:vor|nach)?name(?: ist|:| -| lautet)|auf (?:den |meinen )?namen?(?: von)?|hier (?:ist|spricht"
    r"|schreibt)|werde"
    r"|unter (?:dem namen )?|das ist auf|l[aä]uft auf",
    am=r"ich bin'?s|ich bin|bin'?s|bin|das ist",
    weak=r"hier|f[uü]r|es ist|von|auf",
    tail=r"am apparat|ist mein name|hei(?:ß|ss)e ich|hier|zu mir sagen|nennen|mein name|bin ich",
    after="der die das den herr herrn frau einfach auch nur also ruhig ich",
    around="hallo hi hey moin servus grüezi gruezi grüß_gott gruss_gott guten_tag guten_morgen guten_abend"
    " ja nein klar gerne gern bitte bitte_schön danke danke_schön dankeschön vielen_dank schönen_dank"
    " okay ok freut_mich sehr_erfreut na also natürlich hallöchen einfach nur",
    titles="herr herrn frau fräulein dr prof dipl ing mag doktor professor",
    stops="""
    der die das den dem des ein eine einen einem einer eines und oder aber wenn weil dass denn sondern nicht
    nein ja doch kein keine keinen was wer wen wem wessen welche welcher welches wann wo wohin woher wie warum
    wieso weshalb wozu wofür mit ohne für gegen über unter auf aus bei nach seit zu zum zur an am im in vor
    hinter zwischen bis durch um mein meine meinen meiner dein deine deiner sein seine ihr ihre unser unsere
    euer eure ich du er sie es wir mich dich sich uns euch mir dir ihm ihnen dies diese dieser dieses jener man
    bin bist ist sind seid war waren gewesen habe hab hast hat haben hatte hätte werde wird werden würde mache
    macht machen gehe geht gehen komme kommt will willst wollen wollte möchte möchten möchtest mag brauche
    braucht brauchen kann kannst können könnte könnt darf muss soll sollte suche warte wartet frage fragen
    wissen sage sagen sagt gebe geben gib sehe sehen schau reden spreche sprechen bestellen bestelle bestellung
    kaufen bezahlen zahlen schicken senden bringen ändern stornieren hilfe helfen hallo guten tag morgen abend
    danke dank bitte gerne klar okay gut schlecht besser sehr viel viele vielen wenig mehr weniger alles alle
    nichts niemand nie immer etwas jemand andere anderer gleiche selbe auch schon noch jetzt heute gestern
    später nachher vorher früh spät hier da dort vielleicht lol haha hihi zusammen eins zwei drei vier fünf
    sechs sieben acht neun zehn erste zweite große großen kleine kleinen mittel pizza pizzen burger kaffee essen
    speisekarte karte menü preis preise tisch rechnung reservierung adresse straße strasse weg platz nummer
    telefon handy mail name namen person personen mensch menschen mitarbeiter kunde kundin chef inhaber student
    studentin lehrer lehrerin vegetarier vegetarierin veganer veganerin vegan vegetarisch allergisch müde
    hungrig krank fertig bereit sicher unsicher verheiratet ledig bestellt reserviert mann freund freundin
    bruder schwester sohn tochter interessiert verloren egal wichtig dringend geheim anonym privat sache problem
    stunde stunden minute minuten jahre jahr monat woche käse salami schinken hähnchen fleisch wasser bier wein
    hunger euro lieferung abholen laden rate geht's nö nee naja tja ähm hm leider deutscher österreicher
    schweizer wieviel kostet kosten gebt bringt wollten wohne wohnt arbeite beschäftigt schwanger glücklich
    traurig zufrieden nervös sauer verwirrt gelangweilt wach verfügbar frei allein alleine geboren montag
    dienstag mittwoch donnerstag freitag samstag sonntag wochenende öffnungszeiten offen geöffnet geschlossen
    filiale ecke etage stock postleitzahl stadt land foto video nachricht nachrichten chat bot roboter maschine
    app whatsapp internet seite link bar kreditkarte zahlung überweisung geschenk geburtstag feier hochzeit
    kinder kind familie gruppe paar erwachsene gäste hund katze auto zug hotel arzt ärztin anwalt ingenieur
    angestellter rentner rentnerin dumm verrückt witz wahr wahrheit falsch richtig genau korrekt dann während
    obwohl laut mal manchmal fast genug außerdem information informationen daten datenschutz persönlich
    persönlichen konto passwort kundendienst verkauf liebe hasse verstehe verstehen bedeutet hör leute ding
    dinge frühstück mittagessen abendessen nachtisch getränk soße extra unverträglich diabetiker laktose gluten
    nüsse lust stopp fragst fragt meinst meint kannste haste biste was'n türke türkin deutsch deutsche polizei
    gesund froh rot rote blau blaue grün grüne gelb gelbe schwarze schwarzes weiße weißes orange lila grau
    braune silbern golden dunkel hell schuhe schuh hemd kleid jacke hose rock hut tasche leder baumwolle wolle
    keiner keins niemanden tschüss tschüs ciao wiedersehen wiederhören bald glückwunsch billig teuer kostenlos
    umsonst schnell langsam lange breit hoch tief schwer leicht voll leer sauber schmutzig trocken nass weich
    hart einfach schwierig schwach alte alter modern mittag mitternacht halb halbe viertel moment augenblick
    gemüse obst reis nudeln brot butter milch zucker salz pfeffer zwiebel tomate tomaten kartoffel kartoffeln
    pommes fisch garnelen speck ei eier suppe salat kuchen keks schokolade vanille eis süß scharf bitter saft
    glas flasche tasse teller gabel messer löffel kiste paket größe farbe farben haus wohnung tür fenster küche
    bad garten garage schule universität büro fabrik krankenhaus bibliothek museum kirche bahnhof flughafen
    hafen brücke park strand fluss meer dorf welt norden süden osten westen links rechts vorne hinten oben unten
    ende anfang teil teile stück dutzend kilo gramm liter meter grad gesamt summe quittung rabatt angebot
    gutschein code steuer trinkgeld wechselgeld umtausch rückgabe garantie reparatur kaputt gestohlen angekommen
    gesendet erhalten geliefert status einzelheiten anmeldung profil auswahl wählen wähle annehmen ablehnen
    erlauben vergessen erinnern glaube denke vermute hören fühle spielen schlafen laufen fahren fliegen sitzen
    bleiben bleibe leben sterben kochen trinken waschen reparieren holen tragen behalten lassen lass verlassen
    treffen anfangen beenden weiter aufhören notieren entschuldigung verzeihung hoffentlich offensichtlich toll
    super perfekt ausgezeichnet unglaublich schrecklich seltsam nervig ahnung drauf mitnehmen gute gutes bester
    besten mach
    """,
)

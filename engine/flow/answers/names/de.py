"""How names are told in German."""

from engine.flow.answers.names.words import NameWords

GERMAN = NameWords(
    frame=r"(?:kannst|könnt|können(?: sie)?)(?: ruhig| auch| gerne?| einfach| mich)* {} (?:zu mir sagen"
    r"|nennen|sagen)"
    r"|sag(?:t|en sie)? {} zu mir|(?:alle|freunde|die leute) sagen {} zu mir",
    call=r"nenn(?:t|en sie|e)? mich|(?:man|alle|freunde|meine freunde|alle anderen) (?:nennt|nennen"
    r"|ruft"
    r"|rufen) mich"
    r"|sag(?:t|en sie)? (?:einfach|ruhig)|mein spitzname ist|spitzname"
    r"|(?:nennen|nennt|rufen|ruft|kennen) mich(?: als)?",
    name=r"(?:ich )?hei(?:ß|ss)e|mein (?:voller |vollst[aä]ndiger |ganzer )?(?:name|vorname"
    r"|nachname)(?: ist| lautet|:| w[aä]re)"
    r"|(?:vor|nach)?name(?: ist|:| -| lautet)|auf (?:den |meinen )?namen?(?: von)?|hier (?:ist|spricht"
    r"|schreibt)|werde"
    r"|unter (?:dem namen )?|das ist auf|l[aä]uft auf"
    r"|(?:ich |i |ig )?hei(?:ß|ss)e?|(?:i |ich )?hoa(?:ß|ss)|mei(?:n)? nam(?:e|a)?(?: is| isch)?"
    r"|min name(?: isch)?|(?:du sprichst|sie sprechen|du redest|sie reden|du schreibst"
    r"|sie schreiben) mit|da(?:s)? (?:isch|is)|(?:trag|tragen sie|schreib|schreiben sie|notier"
    r"|notieren sie|merk|merken sie|reservier|reservieren sie|buch|buchen sie)e? (?:es |mich |uns "
    r"|das |bitte |mal |ein )*(?:als|unter(?: dem namen)?|auf(?: den namen)?)|auf den namen"
    r"|mein(?:er|s|e) (?:ist|lautet|w[aä]re)",
    am=r"ich bin'?s|ich bin|bin'?s|bin|das ist"
    r"|(?:i|ig|ech) (?:bi|bin)(?:'?s)?|i bins|bins",
    weak=r"hier|f[uü]r|es ist|von|auf"
    r"|(?:schreib|notier|nimm|nehmen sie|schreiben sie|notieren sie|trag)(?:e|t)?(?: bitte| mal"
    r"| einfach)?|w[aä]re"
    r"|ich|i|mia",
    seeks="bin sprechen reden suche sucht warte termin paket geschenk nachricht arbeite frage",
    tail=r"am apparat|ist mein name|hei(?:ß|ss)e ich|hier|zu mir sagen|nennen|mein name|bin ich",
    given=r"vorname(?: ist| lautet|:| -)?",
    family=r"(?:nach|familien|zu)name(?: ist| lautet|:| -)?",
    aside=r"(?:(?:ge)?schrieben )?(?:mit|ohne) (?:einem |zwei |hartem |weichem |scharfem "
    r"|doppel[- ]?)*(?:[a-zäöüß]{1,2}|ypsilon|umlaut|akzent"
    r"|bindestrich)(?: und (?:einem )?[a-zäöüß]{1,2})?(?: (?:am ende|am anfang|hinten|vorne?"
    r"|in der mitte))?",
    back=r"und (?:du|sie|deine?r?|ihr(?:er|e)?|selbst)",
    trade=r"(?:(?:der|die|da|de|a|ein|eine) )?\w+(?:bote|fahrer|händler|arbeiter|techniker|berater"
    r"|besitzer|leiter|mieter|kunde|bauer|ologe|pfleger|handwerker)(?:in)?",
    after="der die das den herr herrn frau einfach auch nur also ruhig ich da dr d de s dä",
    around="hallo hi hey moin servus grüezi gruezi grüß_gott gruss_gott guten_tag guten_morgen guten_abend"
    " ja nein klar gerne gern bitte bitte_schön danke danke_schön dankeschön vielen_dank schönen_dank"
    " okay ok freut_mich sehr_erfreut na also natürlich hallöchen einfach nur"
    " sorry entschuldigung entschuldige verzeihung vertippt verschrieben tippfehler ups"
    " ich_meine ich_meinte meinte reicht reicht_mir reicht_völlig genügt langt passt und_du"
    " und_sie lg vg mfg gruß grüße liebe_grüße ebenso angenehm äh ähm servas habedere merci"
    " tschuldigung sry mal halt"
    " yo jo huhu halli_hallo hoi tach mahlzeit grüß_dich griaß_di ahoi heyy hello"
    " ach_so achso ah_ok ach_ja ok_gut alles_klar ah_so ach",
    titles="herr herrn frau fräulein dr prof dipl ing mag doktor professor",
    binders="",
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
    unterwegs zuhause daheim zuhaus draußen drinnen drüben gleich raus überfragt erkältet neugierig gespannt
    begeistert enttäuscht überrascht einverstanden dagegen dran drin online offline erreichbar spontan
    flexibel verspätet spätdran zurück soweit startklar genervt gestresst dankbar besorgt wütend durstig
    satt neu neukunde neukundin stammkunde stammkundin bestandskunde gast mitglied abonnent anfänger tourist
    besucher käufer verkäufer mieter vermieter handwerker klempner elektriker kurier bote nachbar nachbarin
    kollege kollegin chefin sekretärin assistent assistentin mama mutter papa vater oma opa tante onkel
    cousin cousine nichte neffe schwager schwägerin ehefrau ehemann gatte gattin verlobte verlobter partner
    partnerin witwe witwer zwilling eltern i vllt evtl bzw hdl lg vg mfg kp kb wtf omg jo joa basst passt
    isch
    stau stecke steck stecken fahrer
    versuch mühe idee quatsch blödsinn unsinn hau verschwinde verzieh halt klappe ruhe nerv nervt
    scheiß scheiße mist verdammt netter nette nettes schöner schöne schönes guter böser wurscht     schnauze pech
    tut tue tust tun nutzt nützt spielt
    """,
)

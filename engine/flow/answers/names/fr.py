"""How names are told in French."""

from engine.flow.answers.names.words import NameWords

FRENCH = NameWords(
    frame=r"",
    call=r"(?:vous pouvez |tu peux |on peut |vous pouvez aussi )?m'appeler|appel(?:ez|le)[- ]moi"
    r"|(?:tout le monde |on "
    r"|mes amis |les gens )?m'appellent|(?:tout le monde |on )m'appelle|on me surnomme"
    r"|mon surnom,? c'est"
    r"|mon surnom est"
    r"|surnom",
    name=r"(?:moi )?je m'appel+e?s?|j'?m'appel+e?|je mapp?el+e|moi c'est|(?:mon |le )?nom(?: complet"
    r"| de famille)?"
    r"(?: est|,? c'est|\s*:)|(?:mon )?pr[eé]nom(?: est|,? c'est|\s*:)?|je me pr[eé]nomme|je me nomme"
    r"|(?:c'est )?au nom de"
    r"|mets|mettez|ici|je me pr[eé]sente|de la part de|nom"
    r"|(?:vous parlez|tu parles|vous [eê]tes) (?:[aà]|avec)|(?:note[zr]?|notez|inscris|inscrivez"
    r"|marque[zr]?|[eé]cri[st]|[eé]crivez|enregistre[zr]?|mets|mettez|r[eé]serve[zr]?)[- ]?(?:moi"
    r"|le|[cç]a|la|nous)?(?: (?:au nom de|sous le nom(?: de)?|comme|en tant que))"
    r"|sous le nom(?: de)?|ton interlocuteur est"
    r"|(?:le mien|la mienne),? (?:c'est|est)",
    am=r"moi,? je suis|je suis|chui|j'suis|moi|c'est"
    r"|jsuis|chuis|j suis|cest|moi cest|c moi|c",
    weak=r"c'est pour|pour|avec"
    r"|cest pour|c pour|note[zr]?|notez|marque[zr]?|[eé]cri[st]|[eé]crivez|ce serait|ce sera"
    r"|utilise[zr]?",
    seeks="suis reste viens parler discuter rendez-vous rdv cherche cherchant attends demande colis cadeau message"
    " travaille viens vais",
    tail=r"[aà] l'appareil|est mon (?:pr[eé])?nom|c'est mon (?:pr[eé])?nom|ici|pour vous servir"
    r"|[aà] votre service",
    given=r"pr[eé]nom(?: est|,? c'est|\s*:| -)?",
    family=r"nom(?: de famille)?(?: est|,? c'est|\s*:| -)?",
    aside=r"(?:[cç]a s'[eé]crit )?(?:avec|sans) (?:une? |deux |le |l')*(?:[a-zç]{1,2}|accent(?: \w+)?"
    r"|tr[eé]ma|c[eé]dille|trait d'union|tiret)(?: et (?:une? )?[a-z]{1,2})?(?: [aà] la fin"
    r"| au d[eé]but)?",
    back=r"et (?:vous|toi|le v[oô]tre|le tien)",
    trade=r"\w{3,}(?:iste|ologue|icien(?:ne)?|trice)",
    after="monsieur madame mademoiselle m mme mlle aussi donc est bien c'est",
    around="bonjour bonsoir salut coucou hello allô allo oui non bien_sûr bien_sur s'il_vous_plaît"
    " s'il_vous_plait s'il_te_plaît s'il_te_plait svp stp merci merci_beaucoup ok d'accord alors"
    " enchanté enchantée ravi_de_vous_connaître juste voilà bonne_journée bonne_soirée"
    " pardon désolé désolée oups je_veux_dire je_voulais_dire erreur faute_de_frappe excusez-moi"
    " excuse-moi dsl et_vous et_toi de_même bisous ça_suffit suffit c'est_tout tout_court ah euh"
    " voila merci_bien mci tkt"
    " yo wesh hey re cc bjr slt hi ola salutations bonjour_bonjour"
    " ah_ok ah_oui ah_d'accord ok_d'accord",
    titles="m mr mme mlle mm monsieur madame mademoiselle dr docteur pr prof professeur maître me",
    binders="",
    stops="""
    un une des les au aux et ou mais donc or ni car si non oui ne pas plus que quoi qui quel quelle quels
    quelles quand où comment combien pourquoi parce par pour avec sans sous sur dans chez entre vers depuis
    jusque à en y mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je tu il elle on nous vous ils
    elles me te se moi toi lui eux ce cet cette ces ça cela ceci celui celle suis es est sommes êtes sont étais
    était être ai as a avons avez ont avoir j'ai j'attends j'aime j'aimerais j'en c'est c'était n'ai n'est
    d'accord qu'est fais fait faire vais va vas allons allez aller viens vient veux veut voulez voudrais
    voudrait vouloir peux peut pouvez pourrais pourrait besoin préfère prefere aimerais cherche attends attend
    demande demander sais sait savoir dire dis dit donner donne voir vois regarde parler parle commander
    commande acheter payer envoyer changer annuler aide aider bonjour bonsoir salut coucou merci beaucoup svp
    stp plaît plait bien mal mieux pire très tres trop peu moins tout toute tous toutes rien personne jamais
    toujours quelque quelqu'un autre même meme aussi déjà deja encore maintenant aujourd'hui demain hier après
    apres avant tard tôt ici là là-bas peut-être mdr ptdr lol haha ok journée soirée matin soir nuit bonne bon
    deux trois quatre cinq six sept huit neuf dix premier deuxième grande grandes petite moyenne pizza pizzas
    burger café nourriture carte menu prix table addition réservation adresse rue avenue place boulevard numéro
    numero téléphone telephone mail nom noms prénom personnes agent humain client cliente patron gérant étudiant
    étudiante prof végétarien végétarienne végan végane allergique coeliaque nouveau nouvelle marié mariée
    célibataire homme femme garçon fille ami amie frère soeur fils intéressé intéressée perdu perdue fatigué
    fatiguée prêt prête sûr sûre pressé pressée désolé désolée malade content contente importe important urgent
    secret anonyme privé chose problème question regardent fromage fromages jambon poulet viande eau bière vin
    faim ans an mois semaine jour heure heures minutes euros livraison emporter magasin devine égal dépend
    français belge suisse québécois ouais nan ben euh bah coûte coute coûtent met donnez envoyez apportez
    voulons habite travaille travailles occupé occupée enceinte heureux heureuse triste contentes nerveux fâché
    énervé confus ennuyé endormi réveillé affamé affamée disponible libre seul seule né née lundi mardi mercredi
    jeudi vendredi samedi dimanche week-end horaires ouvert ouverte ouvre ouvrez fermé fermée local quartier
    coin étage porte code postal ville pays photo vidéo audio message messages bot robot machine appli whatsapp
    internet site page lien espèces crédit paiement virement cadeau offrir anniversaire fête mariage enfants
    enfant famille groupe couple adultes invités chien voiture bus train hôtel médecin avocat avocate ingénieur
    employé retraité retraitée canadien sénégalais ivoirien algérien marocain tunisien bête fou folle blague
    vrai faux sérieux exact correct incorrect puis pendant selon contre durant fois presque assez seulement
    uniquement information informations données confidentialité personnel personnelles compte mot passe service
    support ventes équipe chef déteste adore comprends comprendre signifie écoute mec gens truc choses déjeuner
    dîner petit-déjeuner dessert boisson sauce supplément intolérant diabétique lactose gluten noix envie
    secours arrête stop j'habite j'suis qu'est-ce est-ce rouge bleu bleue vert verte jaune noire noires noirs
    blanche blancs orange rose-pâle violet gris marron argenté doré foncé clair chaussures chaussure chemise
    robe veste pantalon jupe chapeau sac cuir coton laine aucun aucune revoir adieu ciao bye félicitations cher
    chère pas-cher gratuit rapide lent long longue court courte large haut bas lourd léger plein vide propre
    sale sec mouillé doux dur facile difficile simple fort faible jeune vieux vieille moderne ancien midi minuit
    moitié demi demie quart moment instant attendez attendre patientez légumes fruit fruits riz pâtes pain
    beurre lait sucre sel poivre oignon tomate tomates pomme pommes frites poisson crevette lard oeuf œuf oeufs
    sandwich soupe salade gâteau biscuit chocolat vanille glace sucré épicé amer jus verre bouteille tasse
    assiette fourchette couteau cuillère boîte paquet colis taille couleur couleurs maison appartement fenêtre
    cuisine salle jardin garage école université bureau usine hôpital banque bibliothèque musée église gare
    aéroport parc plage montagne rivière village monde nord sud ouest gauche droite devant derrière dessus
    dessous côté fin début partie parties pièce pièces paire douzaine kilo kilos gramme grammes litre litres
    mètre mètres degré degrés total somme facture reçu remise offre promotion promo taxe pourboire monnaie
    échange retour garantie réparation cassé cassée volé arrivé envoyé livré statut détails inscription profil
    option options choisir choisis accepter accepte refuser refuse permettre oublier oublié rappeler souviens
    croire crois pense suppose imagine écouter entendre sentir jouer dormir courir marcher conduire voler
    asseoir rester reste vivre mourir manger cuisiner boire laver réparer casser apporter garder laisser laisse
    laissez tomber sortir entrer rencontrer commencer finir continuer arrêter n'importe notez noter pardon
    excusez excuse évident génial parfait parfaite excellent incroyable horrible bizarre pénible mauvais
    mauvaise bancaire bleus l'instant l'heure d'abord j'veux j'sais j'peux t'inquiète
    jsuis jpeux jveux jsais jai jsp tkt pk pq bcp mtn dsl jpp osef oklm tg mdrr mdrrr ptdrr cc slt bjr maman
    papa mère père grand-mère grand-père mamie papi papy tante oncle tata tonton cousine cousin nièce neveu
    voisine voisin copine copain fiancée fiancé épouse époux compagne compagnon collègue patronne secrétaire
    assistante assistant nounou locataire propriétaire acheteur acheteuse vendeur vendeuse veuve veuf jumeau
    jumelle plombier route arrive arrivée coincé coincée retard proche loin dehors dedans curieux curieuse
    nerveuse excité excitée inquiet inquiète surpris surprise reconnaissant déçu déçue ravi ravie énervée
    stressé stressée nouveaux habitué habituée abonné abonnée membre
    embouteillage bouchons bouchon livreur électricien coursier
    essayé essai effort idée chance bêtise bêtises dégage dégagez casse tais-toi ferme devinez cherchez
    merde putain zut bref va-t'en barre tire
    """,
)

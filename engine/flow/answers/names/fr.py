"""How names are told in French."""

from engine.flow.answers.names.words import NameWords

FRENCH = NameWords(
    frame=r"",
    call=r"(?:vous pouvez |tu peux |on peut |vous pouvez aussi )?m'appeler|appel(?:ez|le)[- ]moi"
    r"|(?:tout le monde |on "
    r"|mes amis |les gens )?m'appellent|(?:tout le monde |on )m'appelle|on me surnomme|mon surnom,? c'est"
    r"|mon surnom est"
    r"|surnom",
    name=r"(?:moi )?je m'appel+e?s?|j'?m'appel+e?|je mapp?el+e|moi c'est|(?:mon |le )?nom(?: complet| de famille)?"
    r"(?: est|,? c'est| ?:)|(?:mon )?pr[eé]nom(?: est|,? c'est| ?:)?|je me pr[eé]nomme|je me nomme"
    r"|(?:c'est )?au nom de"
    r"|mets|mettez|ici|de la part de|nom",
    am=r"moi,? je suis|je suis|chui|j'suis|c'est pour|c'est|moi|pour|avec",
    tail=r"[aà] l'appareil|est mon (?:pr[eé])?nom|c'est mon (?:pr[eé])?nom|ici|pour vous servir|[aà] votre service",
    after="le la monsieur madame mademoiselle m mme mlle aussi donc est bien c'est",
    around="bonjour bonsoir salut coucou hello allô allo oui bien sûr sur s'il vous te plaît plait svp stp"
    " merci beaucoup"
    " ok d'accord alors enchanté enchantée ravi juste voilà à vous",
    titles="m mr mme mlle mm monsieur madame mademoiselle dr docteur pr prof professeur maître me",
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
    deux trois quatre cinq six sept huit neuf dix premier deuxième grande grandes petit petite moyenne pizza
    pizzas burger café nourriture carte menu prix table addition réservation adresse rue avenue place boulevard
    numéro numero téléphone telephone mail nom noms prénom personnes agent humain client cliente patron gérant
    étudiant étudiante prof végétarien végétarienne végan végane allergique coeliaque nouveau nouvelle marié
    mariée célibataire homme femme garçon fille ami amie frère soeur fils intéressé intéressée perdu perdue
    fatigué fatiguée prêt prête sûr sûre pressé pressée désolé désolée malade content contente importe important
    urgent secret anonyme privé chose problème question regardent fromage fromages jambon poulet viande eau
    bière vin faim ans an mois semaine jour heure heures minutes euros livraison emporter magasin devine égal
    dépend français belge suisse québécois ouais nan ben euh bah coûte coute coûtent met donnez envoyez apportez
    voulons habite travaille travailles occupé occupée enceinte grand heureux heureuse triste contentes nerveux
    fâché énervé confus ennuyé endormi réveillé affamé affamée disponible libre seul seule né née lundi mardi
    mercredi jeudi vendredi samedi dimanche week-end horaires ouvert ouverte ouvre ouvrez fermé fermée local
    quartier coin étage porte code postal ville pays photo vidéo audio message messages chat bot robot machine
    appli whatsapp internet site page lien espèces crédit paiement virement cadeau offrir anniversaire fête
    mariage enfants enfant famille groupe couple adultes invités chien voiture bus train hôtel médecin avocat
    avocate ingénieur employé retraité retraitée canadien sénégalais ivoirien algérien marocain tunisien bête
    fou folle blague vrai faux sérieux exact correct incorrect puis pendant selon contre durant fois presque
    assez seulement uniquement information informations données confidentialité personnel personnelles compte
    mot passe service support ventes équipe chef déteste adore comprends comprendre signifie écoute mec gens
    truc choses déjeuner dîner petit-déjeuner dessert boisson sauce supplément intolérant diabétique lactose
    gluten noix envie secours arrête stop j'habite j'suis qu'est-ce est-ce
    """,
)

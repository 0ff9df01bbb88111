"""How names are told in English."""

from engine.flow.answers.names.words import NameWords

ENGLISH = NameWords(
    frame=r"",
    call=r"(?:you can |please |just |u can )?call me|(?:i )?go by|(?:everyone|everybody|people|friends"
    r"|they"
    r"|they all"
    r"|my friends) calls? me|(?:i'?m |i am )?known as|i prefer|i prefer to be called"
    r"|nickname(?:'?s| is)?"
    r"|(?:you can |just |please |u can )?(?:address me as|refer to me as|call me by)|(?:i'?m "
    r"|i am )?(?:better |also )?known (?:to friends )?as|my friends say|goes by|i answer to"
    r"|knows? me as"
    r"|(?:everyone|everybody|people|friends|they|mates|my mates) (?:just |all |always "
    r"|usually )?(?:says?|calls? me)",
    name=r"(?:my|the) (?:full |first |last |given |family )?name(?:'?s| is| would be|:)|name(?:'?s| is"
    r"|:"
    r"| -)|full name"
    r"|first name|last name|surname|this is|myself|put (?:it |me )?(?:under|down as|down for)"
    r"|(?:it'?s )?under(?: the name)?"
    r"|in the name of|under the name(?: of)?|named|i was named|my names"
    r"|(?:full|first|last|family|given) name(?:'?s| is|:)|surname(?:'?s| is|:)|(?:you'?re|you are"
    r"|u r|ur) (?:talking|speaking|chatting|texting) (?:to|with)|(?:put|save|register|book|reserve"
    r"|sign|write|note|list|enter|add) (?:it |me |us |that |this |my name )?(?:down )?(?:under|as"
    r"|in as|up as)|(?:put|write|type|enter|jot) (?:down )?(?:the name|my name as)"
    r"|mine(?:'?s| is| would be)",
    am=r"i'?m called|i am called|i'?m|i am|im|me|it'?s|it is|its|that'?s",
    weak=r"that would be|for"
    r"|(?:you can |u can |just |please )?(?:use|put|write|say|type)|it would be|make it|(?:booking"
    r"|reservation|order) (?:is )?for|(?:book|reserve|put) (?:it|me|us|that"
    r"|a table)? ?(?:down )?for"
    r"|that'?ll be|it'?ll be|this'?ll be|it will be",
    seeks="i'm im meeting looking look searching search waiting wait asking ask calling call message parcel"
    " package gift present delivery with about",
    tail=r"here|speaking|is my name|is the name|is my full name|is what they call me|'?s my name"
    r"|this side"
    r"|on the line"
    r"|is fine|will do|works",
    given=r"(?:first|given) name(?:'?s| is|:| -)?",
    family=r"(?:last|family|second) name(?:'?s| is|:| -)?|surname(?:'?s| is|:| -)?",
    aside=r"(?:spel[lt](?:ed)? )?(?:with|without) (?:an? |one |two |no |the |double "
    r"|silent )*[a-z]{1,2}(?:'?s)?(?: and (?:an? )?[a-z]{1,2})?(?: at the (?:end|start"
    r"|beginning))?|(?:with|without) (?:an? |the )?(?:accent|hyphen|dash|umlaut)",
    back=r"and (?:you|u|yours?|urs|what'?s yours)",
    trade=r"(?!irv|sterl|flem|chann)\w{3,}ing|\w+(?:ologist|ographer|technician)",
    after="mr mrs ms called actually just still also really name's again",
    around="phd md hi hello hey hiya yo please pls plz thanks thank_you thank_you_very_much thanks_a_lot"
    " many_thanks thx ok okay sure yes yeah yep yup no just well of_course good_morning good_afternoon"
    " good_evening good_day greetings dear sir madam hi_there hello_there hey_there hi_everyone"
    " hello_everyone hi_team nice_to_meet_you pleased_to_meet_you it's_here"
    " sorry oops typo my_bad whoops i_mean i_meant correction autocorrect btw by_the_way cheers"
    " ta u lol all hiya_there sure_thing yeah_sure happy_to_meet_you pleasure my_pleasure"
    " that's_me that's_all and_yours and_you as_always again"
    " x xx xo xoxo"
    " ey oi howdy g'day hola heya what's_up sup wassup evening morning afternoon heyy hii"
    " ah_ok oh_ok ah_right oh_right i_see got_it ah oh"
    " hun hon love luv babe darling sweetie thanks_hun thanks_love",
    titles="mr mrs ms miss mx dr prof sir madam master rev eng",
    binders="",
    stops="""
    a an the this that these those there here it its he she they them we us you your yours my mine me i our his
    her who whom whose what which when where why how and or but so because if then than as of to from in on at
    by for with without about into over under after before again is are was were be been being am do does did
    done doing don't dont can can't cant cannot could couldn't should would won't wont not no nope nah none
    nothing nobody never yes yeah yep ok okay sure fine maybe perhaps please thanks thank hello hi hey bye
    goodbye sorry welcome good great nice bad better best morning afternoon evening today tonight tomorrow
    yesterday now later soon still already just only also too very really quite much many more most some any all
    every each other another both few little lot lots have has had having get gets got getting give gave go goes
    going went gone come came coming want wants wanted need needs needed like likes liked love make made take
    took send sent order orders ordered ordering buy buying bought pay paid paying know knows think thinks say
    says said tell told ask asked asking call called calling talk talking speak see look looking wait waiting
    help helping try trying use work working works hungry tired busy ready late early new lost interested happy
    sad angry glad afraid unsure confused curious vegan vegetarian allergic available free back home away
    outside inside customer client member student teacher driver owner manager agent human person people man
    woman girl boy someone anyone everybody everyone friend wife husband son daughter mother father mom dad
    pizza pizzas burger coffee tea food menu price prices cost table room delivery pickup address street road
    avenue number phone email mail name names birthday size small medium large big two three four five six seven
    eight nine ten one first second last time week month year hour hours minute minutes money euros dollars
    pounds question questions problem issue refund cancel stop start restart skip anonymous unknown private
    secret guess whatever whichever forget mind matters business urgent important possible right wrong true
    false same different idk dunno lol haha lmao omg wtf hmm huh test testing nvm na rather prefer let lets
    let's it's i'm im i'll i'd i've you're he's she's that's what's who's doesn't isn't aren't wasn't haven't
    hasn't didn't wouldn't shouldn't short spelled spelt aka formerly pepperoni cheese chicken beef salad water
    beer wine hot cold open closed check next alone leave sup pregnant single married engaged divorced
    unavailable sick ill well awake asleep outta gonna wanna gotta deliver delivers opened opens closing place
    places location near nearby corner dinner lunch breakfast meal drink drinks dessert sauce extra kind type
    sort thing things something anything everything somewhere anywhere website link photo picture video voice
    message messages text chat bot robot real machine computer app whatsapp facebook instagram google online
    offline card cash credit debit gift present party wedding kids kid children child baby family group couple
    adult adults guest guests dog cat car bus train flight hotel doctor nurse lawyer developer engineer designer
    retired employed unemployed spanish german american british indian chinese stupid crazy annoyed annoying
    joking kidding serious seriously honest honestly actually probably definitely absolutely exactly indeed
    correct incorrect nevermind whatsup yo bro dude mate buddy monday tuesday wednesday thursday friday saturday
    sunday weekend between against during till until since though although while whether either neither nor yet
    once twice ever always often sometimes usually almost enough else instead together surely taking making
    hoping booked reserved cancelled privacy personal info information details data account password service
    support sales team staff hate wish mean means meant understand understood spoken write written read show
    shown red blue yellow orange pink purple dark light bright shoes shoe shirt dress jacket jeans trousers
    pants hat bag leather cotton wool sounds brb gtg ttyl cya farewell congrats congratulations cheap expensive
    fast slow quick wide narrow high low deep heavy full empty clean dirty dry wet soft hard easy difficult
    simple weak old modern ancient noon midnight half quarter past later'd moment hold wait'll vegetables fruit
    fruits pasta bread butter milk sugar onion onions tomato tomatoes potato potatoes fries shrimp egg eggs soup
    sushi cake cookie chocolate vanilla cream ice sour sweet spicy veggie juice soda coke lemonade glass bottle
    cup plate fork knife spoon box package parcel sizes colour color colours colors house flat apartment floor
    door window kitchen bathroom garage school university office factory hospital bank library museum station
    airport port beach mountain river city town village country world south east left front behind top bottom
    middle side end beginning part parts piece pieces pair dozen kilo kilos gram grams liter liters meter meters
    mile miles inch inches degree degrees percent total sum receipt discount offer deal promo coupon code
    voucher tax fee tip change return exchange warranty repair broken missing damaged stolen arrived received
    delivered shipped tracking status update upgrade install download upload login logout register sign signed
    signup profile settings option options choice choose choosing select selected pick picked prefer'd decide
    decided agree agreed disagree accept accepted refuse refused decline declined reject rejected allow allowed
    deny forgot remember remembered believe believed guessing suppose suppose'd wonder wondering hear heard
    listen feel feeling felt watch watching play playing sleep sleeping run running walk walking drive driving
    fly sit stand stay staying live living lives lived die born grow eat eating cooking drinking wash clean'd
    fix fixed break bring bringing brought carry keep kept left'd meet meeting met join joined started starting
    finish finished finishing ended begin began continue stopped stopping church fish ham sandwich salt rice
    ridiculous terrible awful amazing awesome
    btw tbh ngl fyi asap rn atm jk smh ikr wbu hbu ur r u bc cuz coz tho thru imo imho afaik tmi lmk tysm
    rofl lmfao hehe typo autocorrect mistake book booking reserve reservation mum mummy mama daddy papa
    grandma grandpa grandmother grandfather aunt auntie uncle cousin nephew niece neighbour neighbor
    colleague boyfriend girlfriend roommate flatmate partner parent parents sister brother boss assistant
    secretary landlord tenant plumber electrician courier visitor regular newbie beginner subscriber fan
    buyer seller bride groom widow widower twin orphan leaving arriving heading parking parked stuck delayed
    nearly downstairs upstairs nervous excited bored sleepy thirsty starving freezing furious worried
    stressed fed pissed gutted disappointed pleased delighted grateful thankful thrilled surprised shocked
    traffic jam paypal venmo visa mastercard usual picking
    attempt effort idea luck joke nonsense rubbish bullshit shut shutup scram off piss screw bother
    bothering annoy
    """,
)

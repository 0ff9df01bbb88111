"""How names are told in Hindi, in its own letters and in Latin ones."""

from engine.flow.answers.names.words import NameWords

HINDI = NameWords(
    frame=r"(?:(?:aap|tum|आप|तुम)(?: to| तो)?(?: mujhe| mujhko| मुझे| मुझको)?|pyar se"
    r"|प्यार से) {} (?:bul|keh|kah|bol|pukar|बुल"
    r"|कह|बोल|पुकार)[^ ]*|(?:mujhe|mujhko|मुझे|मुझको)(?: sab| log| ghar me| pyar se| सब| लोग"
    r"| प्यार से)* {}"
    r" (?:bul|keh|kah|bol|pukar|बुल|कह|बोल|पुकार)[^ ]*",
    call=r"nickname(?: hai)?|ghar ka naam|घर का नाम",
    name=r"mera (?:pura |poora |shubh |full )?(?:n[a]+m|name)|मेरा (?:पूरा |शुभ )?नाम|n[a]+m(?: hai| to"
    r"|:| -)?|नाम(?: है"
    r"| तो|:| -)?"
    r"|apna naam|अपना नाम"
    r"|(?:aap |tum )?baat kar rahe (?:ho|hain) |(?:likh|likho|rakh|rakho|daal|daalo|लिख|लिखो|रख"
    r"|रखो) (?:lo|do|lijiye|dijiye|लो|दो|लीजिए|दीजिए)|(?:n[a]+m|नाम) (?:likh|likho|rakh|daal|लिख"
    r"|लिखो|रख)(?: lo| do| lijiye| dijiye| लो| दो| लीजिए| दीजिए)?|(?:n[a]+m|नाम) (?:mera"
    r"|मेरा)(?: hai| है)?",
    am=r"mai?n?(?: to| hoon| hu)?|मैं|मै",
    weak=r"ye|यह|ये",
    seeks="looking waiting asking dhoondh intezar",
    tail=r"mera naam hai|naam hai(?: mera)?|hai mera naam|है मेरा नाम|मेरा नाम है|नाम है(?: मेरा)?"
    r"|ke naam (?:se|pe|par)|के नाम (?:से|पर)|hoon main"
    r"|हूँ मैं|bol rah[ai]|बोल रहा|बोल रही|hoon|hu|hun|हूँ|हूं|this side|here|naam hai|kehte hain"
    r"|bulate hain|नाम"
    r"|(?:n[a]+m )?(?:likh|likho|rakh|daal)(?: lo| do| lijiye| dijiye| dena| dijie)|likho"
    r"|(?:नाम )?(?:लिख|रख|डाल)(?: लो| दो| लीजिए| दीजिए| देना)|लिखो|ke n[a]+m|के नाम"
    r"|baat kar rah[ai]|बात कर रहा|बात कर रही|hi likho|bulao|बुलाओ|bulaiye|बुलाइए|bol sakte"
    r"|kah sakte|keh sakte|कह सकते",
    given=r"(?:first|pehla|पहला) (?:name|naam|नाम)(?: hai| है|:| -)?",
    family=r"(?:last name|surname|upnaam|aakhri naam|उपनाम|सरनेम)(?: hai| है|:| -)?",
    aside=r"\w{1,2} (?:se|से)",
    back=r"aur (?:aap|aapka|apka|tum|tumhara|tera)(?: naam)?|और (?:आप|आपका|तुम|तुम्हारा)(?: नाम)?",
    trade=r"\w+(?:wala|wali|वाला|वाली)",
    after="to toh hai तो है ही hi hun shri shree श्री श्रीमती ek एक pyar se प्यार से ka का",
    around="namaste namaskar namskar pranam haan ha han ji jee haanji hanji नमस्ते नमस्कार प्रणाम हाँ हां जी"
    " ok please plz thanks dhanyavad shukriya धन्यवाद शुक्रिया कृपया accha acha अच्छा अरे are arey"
    " bhai भाई sir madam सर bas बस"
    " sorry galat_likha galti_se galat_likh_diya maaf_kijiye maaf_karna matlab माफ़_कीजिए सॉरी"
    " गलत_लिखा मतलब aur_aap aur_aapka और_आप hi_hai hi_kaafi_hai bas_itna ok_ji haan_to arre oh o"
    " btw bhaiya bhaiyya didi भैया दीदी yaar यार likh_lo लिख_लो ram_ram राम_राम sat_sri_akal"
    " jai_hind salaam"
    " hey hii hlo helo yo sup kya_haal kya_haal_hai kaise_ho kaise_hain क्या_हाल_है नमस्कार_जी"
    " hello_ji"
    " accha_ok acha_ok ok_accha oh_accha"
    " main_hi_hoon main_hi_hu मैं_ही_हूँ",
    titles="shri shree shrimati smt ji जी श्री श्रीमती सुश्री डॉ डा mr mrs sir sahab साहब saab",
    binders="",
    stops="""
    hai hain hoon hun hu ho h tha thi the hoga hogi raha rahi rahe kar karo karna karke karta karti karte kiya
    kya kyu kyun kyon kaun kaise kaisa kab kahan kaha kitna kitne kitni aur ya lekin magar par pe se ko ka ki ke
    me mein mai main mera meri mere tera teri tumhara aap aapka aapki aapko tum tumse tu hum hamara mujhe mujhko
    isko usko ye yeh wo woh yahan wahan abhi aaj kal parso phir fir bhi hi toh to na nahi nahin nai mat haan ji
    bas sab kuch koi kisi chahiye chahte dena dedo do de lo lena le bhejo bhej batao bata batana batata batati
    bolo bol bula bulate bulao kehte kahte pata matlab order pizza burger chai khana paani menu rate daam paisa
    rupaye address ghar makan gali nagar dilli bada badi bade chhota chota ek teen char paanch chhe saat aath
    nau das number insaan aadmi admi baat karao intezar wait vegetarian shakahari thaka bhookh naya customer
    grahak shukriya dhanyavad namaste theek thik accha acha sahi galat kyunki isliye jaldi der baad pehle likh
    likho wala wali wale naam hello yes no ok okay sorry hehe haha है हैं हूँ हूं हो था थी थे होगा रहा रही रहे
    कर करो करना करके करता करती किया क्या क्यों क्यूँ कौन कैसे कैसा कब कहाँ कहां कितना कितने और या लेकिन मगर पर
    से को का की के में मे मैं मेरा मेरी मेरे तेरा तुम्हारा आप आपका आपकी आपको तुम तुमसे तू हम हमारा मुझे इसको
    उसको ये यह वो वह यहाँ वहाँ अभी आज कल फिर भी ही तो ना न नहीं मत हाँ हां जी बस सब कुछ कोई किसी चाहिए चाहते
    देना दो दे लो लेना ले भेजो भेज बताओ बता बताना बोलो बोल बुला बुलाते बुलाओ कहते पता मतलब ऑर्डर पिज़्ज़ा पिज्जा
    बर्गर चाय खाना पानी मेन्यू दाम पैसा रुपये घर मकान गली नगर बड़ा बड़ी छोटा छोटी एक तीन चार पाँच पांच छह सात आठ
    नौ दस नंबर इंसान आदमी बात कराओ इंतज़ार इंतजार शाकाहारी भूख भूखा नया ग्राहक शुक्रिया धन्यवाद नमस्ते नमस्कार
    ठीक अच्छा सही गलत क्योंकि इसलिए जल्दी देर बाद पहले लिख लिखो वाला वाली वाले नाम हा शुभ प्रभात रात्रि संध्या
    परेशान बीमार kidhar idhar udhar yahi wahi agar jab tab tak liye saath bina andar bahar upar neeche paas dur
    rehta rehti rehte karunga karungi jaunga aaunga milega milegi milta rakho rakhna lagta lagti bimar busy free
    pareshan khush gussa tension somvar mangalvar budhvar guruvar shukravar shanivar ravivar monday tuesday
    wednesday thursday friday saturday sunday dukan shop khula band time samay ghanta minute shaadi party
    bachche bachcha parivar log dost bhaiya didi photo video message chat bot app whatsapp paise cash card
    online bhugtan help madad cancel radd stop private gupt purana achha bura bahut bohot thoda zyada jyada kam
    sirf samajh samjha samjhe arre oye abe yaar chalo chal ruko ruk sun suno dekh dekho paneer mirchi tikka naan
    roti chawal dal sabzi thanda garam meetha teekha किधर इधर उधर यही वही अगर जब तब तक लिए साथ बिना अंदर बाहर
    ऊपर नीचे पास दूर रहता रहती रहते करूँगा करूंगा जाऊँगा मिलेगा मिलेगी मिलता रखो लगता खुश गुस्सा सोमवार मंगलवार
    बुधवार गुरुवार शुक्रवार शनिवार रविवार दुकान खुला बंद समय टाइम घंटा मिनट शादी पार्टी बच्चे बच्चा परिवार लोग
    दोस्त भैया दीदी फोटो वीडियो मैसेज पैसे मदद रद्द पुराना बुरा बहुत थोड़ा ज़्यादा ज्यादा कम समझ यार चलो रुको
    सुनो देखो पनीर रोटी चावल दाल सब्ज़ी गुप्त निजी ज़रूरी जरूरी neela hara peela kaala kaale kaali safed joote
    joota chappal kameez shirt kapde chamda alvida bye mehnga mehngi mahanga sasta muft tez dheere lamba lambi
    chauda ooncha neecha bhaari halka bhara khaali saaf ganda sookha geela naram sakht aasan mushkil mazboot
    kamzor jawan boodha dopahar raat subah shaam aadha aadhi baje second pal sabziyan phal doodh cheeni namak
    mirch pyaz tamatar aloo machhli anda ande salad mithai bottle glass plate dabba size rang kamra darwaza
    khidki rasoi school daftar office hospital bank mandir masjid station bazaar shahar gaon desh duniya uttar
    dakshin purab paschim baayen daayen aage peeche side shuru khatam hissa jodi darjan kilo gram litre meter
    bill rasid chhoot offer tax wapas badal garantee kharab toota tuta chori pahuncha mila status jaankari chuno
    manzoor inkaar bhool yaad soch lagna suna mehsoos khel sote daudna chalna rehna jeena marna pakana peena
    dhona rakh chhod chhodo nikal nikalna janamdin mubarak badhai maaf maafi zaroor shayad accha-khasa zabardast
    bekaar ajeeb galti bataunga bataungi नीला हरा पीला काला काले काली सफ़ेद सफेद गुलाबी जूते जूता चप्पल कमीज़
    शर्ट कपड़े अलविदा महंगा महँगा सस्ता मुफ़्त तेज़ धीरे लंबा चौड़ा ऊँचा भारी हल्का भरा खाली साफ़ गंदा सूखा गीला
    नरम आसान मुश्किल मज़बूत कमज़ोर जवान बूढ़ा दोपहर रात सुबह शाम आधा बजे पल सब्ज़ियाँ फल दूध चीनी नमक मिर्च
    प्याज टमाटर आलू मछली अंडा मिठाई बोतल गिलास डिब्बा साइज़ रंग कमरा दरवाज़ा खिड़की रसोई स्कूल दफ़्तर अस्पताल
    बैंक मंदिर मस्जिद स्टेशन बाज़ार शहर गाँव देश दुनिया आगे पीछे शुरू खत्म हिस्सा जोड़ी दर्जन किलो ग्राम लीटर
    बिल रसीद छूट वापस बदल खराब टूटा चोरी पहुँचा मिला जानकारी चुनो मंज़ूर इनकार भूल याद सोच खेल सोते चलना रहना
    पकाना पीना रख छोड़ छोड़ो जन्मदिन मुबारक बधाई माफ़ माफ़ी ज़रूर शायद बढ़िया बेकार अजीब गलती बताऊँगा बताऊंगा
    मिलते तुम्हें
    aa ja so ro kha pee gir baith uth padh dhoondh maa maaji papa pitaji mummy dadi dada nana nani chacha
    chachi mama mami bua mausi padosi biwi pati patni beta beti saas sasur jija saali devar nanad malik
    kirayedar raste raaste rasta late dukhi bhookha bhookhi pyaasa thaki beemar taiyar tayyar excited
    nervous bore माँ मम्मी पापा पिताजी दादी दादा नाना नानी चाचा चाची मामा मामी बुआ मौसी पड़ोसी बीवी पति
    पत्नी बेटा बेटी सास ससुर मालिक रास्ते रास्ता आ जा व्यस्त भूखी थका थकी तैयार
    uski uska uske iski iska iske unki unka unke apni apna apne jiski jiska phasa phansa phasi phansi atka
    atki traffic jam उसकी उसका उसके इसकी इसका उनकी उनका अपनी अपना फँसा फंसा फंसी ट्रैफिक जाम khada khadi
    खड़ा खड़ी pahunch nikla nikli
    achhi acchi achhe acche koshish kosis mazaak mazak bakwas bakwaas chale jao jaao jaa hato hat nikalo
    chup kismat luck idea wohi purani khud dhundh dhoondho कोशिश मज़ाक बकवास जाओ हटो निकलो चुप किस्मत खुद
    अच्छी अच्छे
    job naukri nokri नौकरी zaroori jaruri
    """,
)

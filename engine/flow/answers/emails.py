"""How people say the signs of an e-mail address, in each language, and the mail services that most of them use."""

import re
from collections.abc import Mapping

AT: Mapping[str, str] = {
    "en": "at|at the rate|at the rate of|at-the-rate|at sign",
    "es": "arroba|aroba|arrova",
    "pt": "arroba|aroba",
    "fr": "arobase|arobas|arrobase|arrobas|chez|a commercial",
    "de": "ät|klammeraffe|at-zeichen",
    "hi": "एट|ऐट|एट द रेट|ऐट द रेट|एट दी रेट|ऐट दी रेट|एट रेट",
    "ar": "آت|ات|أت|إت|آت ساين|علامة آت",
}

DOT: Mapping[str, str] = {
    "en": "dot|period|fullstop|full stop",
    "es": "punto",
    "pt": "ponto",
    "fr": "point",
    "de": "punkt",
    "hi": "डॉट|डाट|डोट|बिंदु",
    "ar": "نقطة|نقطه|دوت|نقطت",
}

UNDERSCORE: Mapping[str, str] = {
    "en": "underscore|under score|under-score|underline",
    "es": "guion bajo|guión bajo|barra baja|raya baja|subguion",
    "pt": "underline|sublinhado|traço baixo|anderline",
    "fr": "tiret bas|tiret du bas|tiret du 8|souligné",
    "de": "unterstrich|unterstrich-zeichen",
    "hi": "अंडरस्कोर|अन्डरस्कोर",
    "ar": "شرطة سفلية|شرطه سفليه|اندرسكور|أندرسكور|اندر سكور",
}

HYPHEN: Mapping[str, str] = {
    "en": "dash|hyphen|minus",
    "es": "guion|guión|guion medio|guión medio",
    "pt": "traço|hífen|hifen|tracinho|menos",
    "fr": "tiret|tiret du 6|trait d'union",
    "de": "bindestrich|strich|minus",
    "hi": "हाइफन|डैश",
    "ar": "شرطة|شرطه|داش",
}

PARTS: Mapping[str, str] = {
    "gmail": "जीमेल|जी मेल|جيميل|جي ميل|جميل|g mail|g-mail",
    "hotmail": "हॉटमेल|हाटमेल|هوتميل|هوت ميل|hot mail",
    "yahoo": "याहू|ياهو",
    "outlook": "आउटलुक|اوتلوك|أوتلوك|out look",
    "rediffmail": "रेडिफमेल|रेडिफ मेल",
    "icloud": "आईक्लाउड|ايكلاود|آيكلاود",
    "com": "कॉम|काम|كوم",
    "in": "इन",
    "co": "को",
    "net": "नेट|نت",
    "org": "ऑर्ग|اورج",
}
"""Parts of a domain as they are written in another script, or in two words."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SERVICES = _set(
    """
    gmail.com googlemail.com hotmail.com hotmail.es hotmail.fr hotmail.de hotmail.it hotmail.co.uk
    hotmail.com.br hotmail.com.ar outlook.com outlook.es outlook.fr outlook.de outlook.in outlook.com.br
    outlook.pt outlook.sa yahoo.com yahoo.es yahoo.fr yahoo.de yahoo.in yahoo.co.in yahoo.co.uk yahoo.com.br
    yahoo.com.mx yahoo.com.ar ymail.com rocketmail.com icloud.com live.com live.fr live.de live.nl live.co.uk
    live.com.mx msn.com aol.com proton.me protonmail.com mail.com email.com gmx.com gmx.de gmx.net gmx.at
    gmx.ch web.de freenet.de t-online.de posteo.de mailbox.org arcor.de orange.fr wanadoo.fr free.fr sfr.fr
    laposte.net bbox.fr neuf.fr numericable.fr uol.com.br bol.com.br terra.com.br terra.com terra.es ig.com.br
    globo.com sapo.pt telefonica.net rediffmail.com rediff.com zoho.com zoho.in fastmail.com maktoob.com
    bluewin.ch skynet.be
    """
)
"""Domains that are right as they are; what nearly is one of them is asked back."""

ALONE = frozenset({"gmail", "googlemail", "icloud", "rediffmail"})
"""Services that have one ending alone."""

SHORTEST = 8
"""Domains shorter than this are too near to each other to be mistaken ones."""

ENDINGS = _set(
    """
    com net org info biz io me co edu gov app dev es mx ar cl pe ec ve uy py bo br pt ao mz fr be ch ca lu ma
    tn dz sn ci de at li in uk us au nz ie za ng ke ph sg my ae sa eg iq jo lb kw qa om bh ly sd ye it nl eu
    cat
    """
)
"""What a domain ends in where its last dot was left out: "ana@gmail com"."""

COMMON = frozenset({"com", "net", "org", "co"})
"""Endings that are no words of a language."""

SLIPS: Mapping[str, str] = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "vom": "com",
    "xom": "com",
    "cim": "com",
    "rf": "fr",
    "ed": "de",
}
"""Endings that are none, and what was meant."""

ELSEWHERE = _set(
    """
    insta instagram ig fb facebook telegram twitter tiktok snapchat snap threads linkedin discord
    انستا انستقرام انستغرام انستجرام بالانستا فيسبوك تويتر تيك سناب इंस्टा इंस्टाग्राम फेसबुक टेलीग्राम
    """
)
"""Where "@" begins a person's name, with no address before it."""

FILLERS: Mapping[str, str] = {
    "en": "my the is it its it's email e-mail mail gmail id address that that's thats would be that'd write to me on"
    " sent send use please yes yeah sure ok hi hello and here here's in via contact reach under with for"
    " i'm im was you can at",
    "es": "mi el la es correo email e-mail mail electrónico electronico dirección direccion sería seria escríbeme"
    " escribeme escríbame a al en por favor porfa sí si claro este ese mío mio manda mándalo mandalo enviar ponle"
    " hola y con dice",
    "pt": "meu o a é e email e-mail mail endereço endereco seria me escreve escreva no na em para pra pro por favor"
    " sim claro esse este manda mande envia oi olá do da anota aí ai",
    "fr": "mon ma mes c'est est le la mail email e-mail adresse courriel mél serait écrivez écris ecrivez ecris à a au"
    " sur oui bonjour voici voilà svp moi m'écrire et par envoyez",
    "de": "meine mein ist die das e-mail email mail adresse mailadresse lautet wäre schreib schreibt an unter ja hallo"
    " bitte schick schickt es und ich bin auf",
    "hi": "mera meri hai ye yeh email mail id e-mail address gmail the par pe is bhejo bhej do likho likh lo haan ji"
    " मेरा मेरी है ये यह ईमेल मेल आईडी पता इस पर भेजो भेज दो हाँ जी और",
    "ar": "ايميلي إيميلي ايميل إيميل الايميل الإيميل بريدي البريد الإلكتروني الالكتروني هو هذا على عنواني لي اكتب"
    " ارسل أرسل نعم ايوه تفضل حقي ال عندي",
}
"""Words before an address that is said, which are no part of it."""


def sign(words: Mapping[str, str]) -> str:
    """Return the pattern of a sign's names, the longest first: whoever speaks mixes languages."""
    names = {name for line in words.values() for name in line.split("|")}
    return "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True)
    )

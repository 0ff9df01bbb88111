"""Where people speak a language, likeliest first, and the words that stand around telephone numbers."""

import re
from collections.abc import Mapping

_COUNTRIES = {
    "en": "US GB IN AU CA NG ZA KE PK PH IE NZ SG GH UG AE MY TZ ZM ZW HK JM TT",
    "es": "MX ES CO AR PE CL VE EC GT BO DO CU HN PY SV NI CR PA UY PR US GQ",
    "pt": "BR | PT AO MZ CV GW ST TL",
    "fr": "FR BE CI CM SN MA DZ TN CD CH CA MG ML BF BJ TG GN HT LU GA CG NE MU RE",
    "hi": "IN | AE SA NP QA KW OM BH US GB CA AU",
    "ar": "EG SA DZ IQ MA AE SD YE SY JO TN LY LB PS KW OM QA BH MR",
    "de": "DE AT CH LU LI",
}

COUNTRIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    language: tuple(tuple(tier.split()) for tier in tiers.split("|"))
    for language, tiers in _COUNTRIES.items()
}
"""Countries by language, in tiers: a number that is valid in a tier is not looked for in the next one."""

PLUS = re.compile(r"(?<!\w)(?:plus|más|mais|प्लस|زائد)\s*(?=\(?\d)", re.IGNORECASE)
"""The word for the sign before a country's code."""

LINK = re.compile(r"(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)\+?(?=\d)")

OTHER = re.compile(
    r"""(?<!\w)(?:
        orders?|invoice|booking|reservation|ticket|account|acct|card|tracking|reference|ref|policy|passport|iban|id
        |customer|client|membership|serial|licen[cs]e|utr|gst\w*|imei|barcode|isbn
        |pedido|factura|reserva|cuenta|tarjeta|pasaporte|dni|nif|nie|rfc|curp|c[eé]dula|rut|clabe|cbu|cuit
        |socio|socia|cliente|abonado|matr[ií]cula|serie|expediente|gu[ií]a|contrato
        |encomenda|fatura|conta|cart[aã]o|passaporte|cpf|cnpj|rg|s[oó]ci[oa]|rastreio|protocolo|boleto|nif|iban
        |commande|facture|r[eé]servation|compte|carte|dossier|colis|siret|siren|client|adh[eé]rent\w*|membre|abonn[eé]\w*
        |s[eé]rie|suivi|contrat|s[eé]cu
        |bestellung|bestell\w*|rechnung\w*|buchung\w*|auftrag\w*|kunden\w*|konto\w*|karten\w*|vorgang\w*|ticket\w*
        |kd|mitglied\w*|serien\w*|vertrag\w*|sendung\w*|ausweis\w*|steuer\w*
        |aadhaar|aadhar|pan|pin|grahak|khata|आधार|ऑर्डर|खाता|खाते|पिन|बिल|ग्राहक|सदस्य\w*|बुकिंग|टिकट
        |(?:ال)?(?:طلب|طلبية|طلبيه|[اأ]وردر|فاتورة|فاتوره|حجز|حساب|هوية|هويه|بطاقة|بطاقه|جواز|تذكرة|تذكره|شحنة|شحنه
        |عميل|زبون|عضوية|عضويه|[إا]قامة|[إا]قامه|قومي|آيبان|ايبان|مرجع|بوليصة|بوليصه|عقد|تتبع)
        |طلبي|طلبيتي|[اأ]وردري|حسابي|هويتي|بطاقتي|فاتورتي|حجزي|[إا]قامتي|شحنتي
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
"""What else has long numbers."""

CLAUSE = re.compile(r"[,;!?،؛؟।\n]|(?<=[^\W\d_]{4})\.\s")
"""Where what was said of something else ends; no short word's dot, as in "order no. 12"."""

CARRIER = re.compile(r"(?<!\w)0[xX]{2}(?=[ (]*\d)")
"""What stands for the carrier's two digits before a Brazilian number: "0xx11"."""

TELEPHONE = re.compile(
    r"(?<!\w)(?:phone|mobile|cell\w*|tel\w*|whats\w*|wpp|zap|m[oó]vil|fijo|handy\w*|portable|mob\w*|call\w*|फ़ोन|मोबाइल"
    r"|جوال\w*|هاتف\w*|تلفون\w*|موبايل\w*|واتس\w*)(?!\w)",
    re.IGNORECASE,
)
"""What says that a long number is a telephone's after all."""

"""`Email`: an e-mail address as it is typed or said ("ana dot lopez at gmail dot com"); reads with email-validator.

Nothing is looked up in the network. A domain that nearly is a well-known one is asked back.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers import emails
from engine.flow.answers.given import corrected, is_asked_about, is_gone, is_refused
from engine.flow.answers.kind import Kind
from engine.flow.answers.plain import plain
from engine.flow.answers.reader import Expected, Here, Hint, Reader

EMAIL = Kind("e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+").fullmatch)

Email = Annotated[str, EMAIL]

LONGEST = 1000
"""A longer message is read up to here."""
SHORTEST_ENDING = 2
MOST_SIGNS = 12
"""A message with more signs is no answer."""

_APART = r"\s@,;:!?<>()\[\]{}\"“”„«»،؛؟।|/\\*"
"""What no part of an address holds."""

_AT, _DOT = emails.sign(emails.AT), emails.sign(emails.DOT)
_SIGN = re.compile(
    rf"\s*[(\[{{<]\s*(?:{_AT}|@)\s*[)\]}}>]|@(?:\s*(?:the\s+rate(?:\s+of)?|[दद]\s+रेट|दी\s+रेट)(?!\w))?"
    rf"|(?<=\S)\s+(?:{_AT})(?=\s)",
    re.IGNORECASE,
)
_SPLIT = re.compile(rf"([^.{_APART}]+\.) +$")
_LABEL = re.compile(rf"[^.{_APART}]+")
_PART = re.compile(rf"(?:{emails.sign(emails.PARTS)})(?=[.,\s]|$)", re.IGNORECASE)
_PARTS = {
    re.sub(r"\s+", " ", name): part
    for part, names in emails.PARTS.items()
    for name in names.split("|")
}
_SAID_DOT = re.compile(
    rf"\s*[(\[{{<]\s*(?:{_DOT}|\.)\s*[)\]}}>]\s*|\s+(?:{_DOT})\s+|\s+(?:dot|punto|ponto|point|punkt)(?=com\b)",
    re.IGNORECASE,
)
_LOOSE_DOT = re.compile(r"\s*[.,]\s*|\s+")
_BEFORE = re.compile(rf"[^{_APART}]+$")
_JOINED = (
    (_SAID_DOT, "."),
    (re.compile(rf"\s+(?:{emails.sign(emails.UNDERSCORE)})\s+", re.IGNORECASE), "_"),
    (re.compile(rf"\s+(?:{emails.sign(emails.HYPHEN)})\s+", re.IGNORECASE), "-"),
)
_CLAUSE = re.compile(r"[,;:!?،؛؟।\n<>()\"“”„«»]|\.\s")


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of e-mail addresses, else None."""
    return Reader(Expected("email"), _read) if EMAIL in hint.metadata else None


def _read(content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    text = plain(content.body[:LONGEST]).strip()
    text = corrected(text, [sign.span() for sign in _SIGN.finditer(text)], here.language)
    signs = list(_SIGN.finditer(text))
    if not 0 < len(signs) <= MOST_SIGNS or is_asked_about(text, here.language):
        return None
    written = [sign for sign in signs if "@" in sign.group()]
    for tried in (written, [sign for sign in signs if sign not in written]):
        meant = {one for sign in tried if (one := _addresses(text, sign, here.language))}
        if meant:
            return _answer(meant.pop()) if len(meant) == 1 else None
    return None


def _answer(addresses: tuple[str, ...]) -> Answer | Unsure:
    answers = tuple(map(Answer, addresses))
    return answers[0] if len(answers) == 1 else Unsure(answers)


def _addresses(text: str, sign: re.Match[str], language: str) -> tuple[str, ...]:
    """Return what the address around the sign may be; none where there is no address, or it is refused."""
    said = sign.group() != "@"
    after = text[sign.end() :].lstrip()
    domain, end = _domain(after, said)
    ending = domain.rpartition(".")[2]
    apart = said or text[: sign.start()][-1:].isspace()
    if "." not in domain or len(ending) < SHORTEST_ENDING or (apart and not _ends(ending)):
        return ()
    locals_, before = _locals(text[: sign.start()], language, said)
    if is_refused(before, language) or is_gone(after[end:], language):
        return ()
    found = [
        address
        for local in locals_
        for right in _domains(domain)
        for spelled in _spellings(local, right)
        if (address := _valid(f"{spelled}@{right}"))
    ]
    return tuple(dict.fromkeys(found))


def _locals(before: str, language: str, said: bool) -> tuple[list[str], str]:
    """Return what the part before the sign may be, and the words before that."""
    words = before.split()
    if before[-1:].isspace() and words and words[-1].casefold().strip(":") in emails.ELSEWHERE:
        return [], before
    if not said and (attached := _BEFORE.search(before)):
        local, before = _own(attached.group()), before[: attached.start()]
        # "john. doe@": the space may have slipped in.
        return (
            [split.group(1) + local, local] if (split := _SPLIT.match(before)) else [local]
        ), before
    clause = _CLAUSE.split(before.rstrip())[-1]
    for pattern, sign in _JOINED:
        clause = pattern.sub(sign, clause)
    words = clause.split()
    fillers = _fillers(language)
    kept: list[str] = []
    while words and words[-1].casefold() not in fillers:
        kept.insert(0, _own(words.pop()))
    rest = " ".join(words)
    if len(kept) < 2:
        return kept, rest
    if all(len(word) == 1 for word in kept) or (len(kept) == 2 and kept[-1].isdecimal()):
        return ["".join(kept)], rest
    return (["".join(kept), ".".join(kept), kept[-1]] if len(kept) == 2 else []), rest


def _fillers(language: str) -> frozenset[str]:
    return _FILLERS.get(language, _FILLERS["en"])


_FILLERS = {
    language: frozenset(f"{words} {emails.FILLERS['en']}".split())
    for language, words in emails.FILLERS.items()
}


def _own(local: str) -> str:
    """Return the part before the sign without what was only put around or glued to it."""
    local = local.lstrip("'`’‘.").removeprefix("mailto:")
    latin = re.search(r"[\x21-\x7e]+$", local)
    glued = latin and local[: latin.start()].isalpha() and not _is_latin(local[: latin.start()])
    return latin.group() if latin and glued else local


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text)


def _ends(ending: str) -> bool:
    """Tell whether it is an ending of domains, or a slip of one."""
    return ending in emails.ENDINGS or ending in emails.SLIPS


def _domain(text: str, said: bool) -> tuple[str, int]:
    """Return the domain that the text begins with, and its end; signs may be said, mistyped or left out."""
    labels: list[str] = []
    at = 0
    loose = False
    while True:
        label, end = _label(text, at)
        if not label:
            break
        labels.append(label)
        at = end
        if text[at : at + 1] == "." and _LABEL.match(text, at + 1):
            at += 1
        elif (dot := _SAID_DOT.match(text, at)) and (said or loose or len(labels) == 1):
            at, loose = dot.end(), True
        elif (loose or len(labels) == 1) and (step := _loosely(text, at, labels)):
            at, loose = step, True
        else:
            break
    return ".".join(labels).casefold(), at


def _label(text: str, at: int) -> tuple[str, int]:
    if part := _PART.match(text, at):
        return _PARTS.get(re.sub(r"\s+", " ", part.group().casefold()), part.group()), part.end()
    label = _LABEL.match(text, at)
    return (label.group().strip("'`’"), label.end()) if label else ("", at)


def _loosely(text: str, at: int, labels: list[str]) -> int | None:
    """Return where the next label stands, if what is between can only be a dot: "gmail ,com", "gmail com"."""
    gap = _LOOSE_DOT.match(text, at)
    if gap is None:
        return None
    following, end = _label(text, gap.end())
    ending, whole = following.casefold(), ".".join([*labels, following]).casefold()
    known = any(f"{service}.".startswith(f"{whole}.") for service in emails.SERVICES)
    if gap.group() == "," or gap.group().lstrip() == ".":
        fits = len(labels) == 1 and ending in emails.ENDINGS
    elif gap.group().strip():
        fits = known
    else:  # "ana@yahoo es" may be an address, "ana@yahoo es mi correo" is none yet
        fits = known and (ending in emails.COMMON or _CLAUSE.match(f"{text[end:]}\n") is not None)
    return gap.end() if fits else None


def _domains(domain: str) -> Iterator[str]:
    """Yield what the domain may be, the likeliest first: a slip of the fingers, and as it is."""
    if domain not in emails.SERVICES:
        name, _, ending = domain.rpartition(".")
        near = [one for one in sorted(emails.SERVICES) if _is_near(domain, one)]
        if ending in emails.SLIPS:
            yield f"{name}.{emails.SLIPS[ending]}"
        elif near:
            yield min(near, key=lambda one: OSA.distance(domain, one))
    yield domain


def _is_near(domain: str, service: str) -> bool:
    if len(service) < emails.SHORTEST or OSA.distance(domain, service, score_cutoff=1) > 1:
        return False
    name, _, ending = domain.partition(".")
    # yahoo.it is not a mistaken yahoo.in
    return name != service.partition(".")[0] or ending not in emails.ENDINGS or name in emails.ALONE


def _spellings(local: str, domain: str) -> Iterator[str]:
    """Yield the part before the sign without the accents that well-known services do not have, then as it is."""
    if domain in emails.SERVICES and not local.isascii():
        bare = "".join(
            sign for sign in unicodedata.normalize("NFKD", local) if not unicodedata.combining(sign)
        )
        if not bare.isascii():
            return  # "विकास@gmail.com": no such service gives out other letters than Latin ones
        yield bare
    yield local


def _valid(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None

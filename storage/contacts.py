"""From senders to conversations: who is known, who is new, and who turns out to be somebody already known.

When one message names both a phone and a user id that so far belonged to two contacts, they are one person. The
conversation with the latest message of the contact goes on (the older one if neither has any), because that is where
the talk stands; its contact takes over all addresses of the other. The other contact and its conversation stay as
they are, with their history and whatever they still have to send; only nothing new arrives there.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.core.addresses import canonical_phone
from engine.core.conversation import Contact, Conversation
from engine.core.errors import ConcurrentUpdate, ValueRefused
from engine.core.ids import ContactId, ConversationId, LineId
from engine.core.signals import Sender
from engine.ports import IdFactory
from storage import statements
from storage.cache import Address, Cache, Key
from storage.clean import clean_text, maybe_clean
from storage.mapping import contact_cells, dump_state, latest
from storage.statement import Call
from storage.transaction import Transaction


@dataclass(slots=True)
class _Person:
    """The senders of a batch that share an address, as one."""

    line: LineId
    addresses: set[Address] = field(default_factory=set)
    senders: list[Sender] = field(default_factory=list)
    known: set[ConversationId] = field(default_factory=set)


class Finder:
    """Finds the conversations of one batch's senders, and makes the missing ones."""

    def __init__(
        self,
        transaction: Transaction,
        *,
        cache: Cache,
        is_current: bool,
        ids: IdFactory,
        kept: dict[Key, Conversation],
    ) -> None:
        """Prepare for one batch.

        Args:
            transaction: Where the questions are asked.
            cache: Read only here; what a batch finds enters it after the commit.
            is_current: Whether the cache's addresses can be trusted: nobody else joins contacts.
            ids: Gives the ids of new contacts and conversations.
            kept: The batch's own conversations; what is found or made is put there.
        """
        self._transaction = transaction
        self._cache = cache
        self._is_current = is_current
        self._ids = ids
        self._kept = kept
        self.leads: dict[Address, Key] = {}
        """Where the addresses of this batch lead."""
        self._presumed: dict[Key, set[Address]] = {}
        """Where memory led although others write too: right only if the claim says so."""
        self._made: list[Conversation] = []
        """New, and not inserted yet."""
        self.joined: set[Key] = set()
        """Conversations that lost their addresses to another's contact."""

    async def find(self, senders: Sequence[tuple[LineId, Sender]]) -> list[ConversationId]:
        """Return each sender's conversation, in the same order."""
        wanted = [_addresses(line, sender) for line, sender in senders]
        found = [
            self._recall(addresses, sender)
            for (_, sender), addresses in zip(senders, wanted, strict=True)
        ]
        if None in found:
            missing = [
                (line, sender, addresses)
                for (line, sender), addresses, key in zip(senders, wanted, found, strict=True)
                if key is None
            ]
            await self._look_up(missing)
            found = [
                key or self.leads[addresses[0]]
                for key, addresses in zip(found, wanted, strict=True)
            ]
        keys = [key for key in found if key is not None]
        for (_, sender), key in zip(senders, keys, strict=True):
            if sender.name is not None or (sender.phone is not None and not sender.is_typed):
                self._learn(key, sender)
        return [key[1] for key in keys]

    async def confirm(
        self, keys: Sequence[Key], held: Container[ConversationId], moved: Collection[Key]
    ) -> None:
        """Take in what the claim of conversations says of those to which memory led.

        Args:
            keys: What was to be claimed.
            held: What was.
            moved: Those of them whose contact was joined to another since.

        Raises:
            ConcurrentUpdate: An address leads elsewhere now. The rollback forgets it: the batch is to be done again.
        """
        if not self._presumed:
            return
        if any(key in self._presumed for key in moved):
            raise ConcurrentUpdate("a contact was joined to another")
        elsewhere = [key for key in keys if key in self._presumed and key[1] not in held]
        if elsewhere:
            known = {address: key for key in elsewhere for address in self._presumed[key]}
            if await self._found(sorted(known)) != known:
                raise ConcurrentUpdate("an address leads to another contact")

    def _recall(self, addresses: list[Address], sender: Sender) -> Key | None:
        """Return where all of a sender's addresses lead, if memory knows it."""
        first = self._lead(addresses[0])
        if first is None or any(self._lead(other) != first for other in addresses[1:]):
            return None
        if not self._is_current and first not in self._kept:
            remembered = self._cache.get(first)
            if remembered is None or _has_news(sender, remembered.contact):
                return None
            self._presumed.setdefault(first, set()).update(addresses)
        return first

    def _lead(self, address: Address) -> Key | None:
        return self.leads.get(address) or self._cache.find(address)

    def _learn(self, key: Key, sender: Sender) -> None:
        """Take over the profile name and the provider's spelling of the number where they are news.

        The contact's row follows at once.
        """
        conversation = self._kept.get(key) or (self._cache.get(key) if self._is_current else None)
        if conversation is None:
            return
        # The batch claims it next; from here it has it without asking the cache again.
        self._kept[key] = conversation
        known = conversation.contact
        name, phone = sender.name, sender.phone
        if not _has_news(sender, known):
            return  # nearly always
        name = known.name if name is None else clean_text(name)
        phone = known.phone if phone is None or sender.is_typed else clean_text(phone)
        if (name, phone) != (known.name, known.phone):
            contact = known.model_copy(update={"name": name, "phone": phone})
            self._kept[key] = conversation.model_copy(update={"contact": contact})
            self._transaction.later(
                Call(statements.KNOW_CONTACTS, [contact_cells(key[0], contact)])
            )

    # --- the database ----------------------------------------------------------------------------

    async def _look_up(self, missing: list[tuple[LineId, Sender, list[Address]]]) -> None:
        people = _people(missing)
        wanted = sorted({address for person in people for address in person.addresses})
        await self._recognise(people, wanted)
        if any(len(person.known) != 1 for person in people):
            # Somebody is new: no other replica may make the same contact meanwhile, so look again under lock.
            await self._transaction.ask(Call(statements.LOCK_ADDRESSES, wanted))
            if not self._is_current:
                await self._recognise(people, wanted)
        addresses = [row for person in people for row in self._settle(person)]
        if self._made:
            self._add(self._made)
            self._made = []
        if addresses:
            self._transaction.later(Call(statements.ADD_ADDRESSES, sorted(addresses)))

    async def _recognise(self, people: list[_Person], wanted: list[Address]) -> None:
        """Note the conversations that the addresses already lead to."""
        owners = {address: person for person in people for address in person.addresses}
        for person in people:
            person.known.clear()
        for address, key in (await self._found(wanted)).items():
            owners[address].known.add(key[1])
            self.leads[address] = key

    async def _found(self, wanted: list[Address]) -> dict[Address, Key]:
        """Return where addresses lead; those of nobody are missing."""
        rows = [(place, *address) for place, address in enumerate(wanted)]
        (answers,) = await self._transaction.ask(Call(statements.FIND_ADDRESSES, rows))
        leads: dict[Address, Key] = {}
        for row in answers:
            found = latest(row, self._remembered)
            key = leads[wanted[row[-1]]] = (found.line, found.id)
            self._kept[key] = found
        return leads

    def _remembered(self, key: Key) -> Conversation | None:
        return self._kept.get(key) or self._cache.get(key)

    def _settle(self, person: _Person) -> list[tuple[str, str, str, int]]:
        """Lead every address of a person to one conversation, made if there is none, joined if there are two.

        Returns the rows of the addresses that are new to it.
        """
        found = [self._kept[person.line, conversation] for conversation in person.known]
        if not found:
            conversation = self._make(person)
        else:
            conversation = max(found, key=_liveliness)
            for other in found:
                if other.id != conversation.id:
                    self._join(other, into=conversation)
            conversation = self._complete(conversation, person, found)
        key = (conversation.line, conversation.id)
        self._kept[key] = conversation
        new = [address for address in sorted(person.addresses) if self.leads.get(address) != key]
        self.leads.update(dict.fromkeys(new, key))
        return [(*address, conversation.contact.id) for address in new]

    def _make(self, person: _Person) -> Conversation:
        contact = Contact(
            id=ContactId(self._ids()),
            phone=_told_phone(person.senders) or _typed_phone(person.senders),
            user_id=_first(maybe_clean(sender.user_id) for sender in person.senders),
            name=_first(maybe_clean(sender.name) for sender in person.senders),
        )
        conversation = Conversation(
            id=ConversationId(self._ids()), line=person.line, contact=contact
        )
        self._made.append(conversation)
        return conversation

    def _add(self, made: Sequence[Conversation]) -> None:
        """Insert contacts and conversations that are new."""
        contacts = [
            (one.line, one.contact.id, one.contact.phone, one.contact.user_id, one.contact.name)
            for one in made
        ]
        conversations = [
            (one.line, one.id, one.contact.id, one.version, one.mode, False, dump_state(one))
            for one in made
        ]
        self._transaction.later(Call(statements.ADD_CONTACTS, contacts))
        self._transaction.later(Call(statements.ADD_CONVERSATIONS, conversations))

    def _join(self, other: Conversation, *, into: Conversation) -> None:
        """Move the other contact's addresses, and note on it who it became."""
        row = (other.line, other.contact.id, into.contact.id)
        self._transaction.later(Call(statements.MOVE_ADDRESSES, [row]))
        self._transaction.later(Call(statements.JOIN_CONTACTS, [row]))
        key = (other.line, other.id)
        self.joined.add(key)
        self._kept.pop(key, None)

    def _complete(
        self, conversation: Conversation, person: _Person, found: Sequence[Conversation]
    ) -> Conversation:
        """Add what the senders tell of the contact that was not known, and what it wanted under another address."""
        contact = conversation.contact
        complete = contact.model_copy(
            update={
                "phone": _told_phone(person.senders)
                or contact.phone
                or _typed_phone(person.senders),
                "user_id": _first(maybe_clean(s.user_id) for s in person.senders)
                or contact.user_id,
                "opted_out_at": _latest(one.contact.opted_out_at for one in found),
                "marketing_stopped_at": _latest(one.contact.marketing_stopped_at for one in found),
            }
        )
        if complete == contact:
            return conversation
        self._transaction.later(
            Call(statements.KNOW_CONTACTS, [contact_cells(conversation.line, complete)])
        )
        return conversation.model_copy(update={"contact": complete})


def _has_news(sender: Sender, known: Contact) -> bool:
    """Tell whether a sender's name or number may be another than the one that is known."""
    return sender.name != known.name or sender.phone != known.phone


def _addresses(line: LineId, sender: Sender) -> list[Address]:
    """Return what a sender can be found by. Raises ValueRefused where there is nothing."""
    found: list[Address] = []
    if sender.phone:
        found.append((line, "phone", clean_text(canonical_phone(sender.phone))))
    if sender.user_id:
        found.append((line, "user_id", clean_text(sender.user_id)))
    if not found:
        raise ValueRefused("a sender has neither a phone nor a user id")
    return found


def _people(missing: list[tuple[LineId, Sender, list[Address]]]) -> list[_Person]:
    """Put senders that share an address, directly or through a third, into one person."""
    by_address: dict[Address, _Person] = {}
    for line, sender, addresses in missing:
        person = _Person(line)
        for other in {id(p): p for a in addresses if (p := by_address.get(a))}.values():
            person.addresses |= other.addresses
            person.senders += other.senders
        person.addresses |= set(addresses)
        person.senders.append(sender)
        by_address.update(dict.fromkeys(person.addresses, person))
    return list({id(person): person for person in by_address.values()}.values())


def _liveliness(conversation: Conversation) -> tuple[datetime, int]:
    """Order conversations by their contact's latest message; among equals the older one counts more."""
    return (conversation.last_inbound_at or datetime.min.replace(tzinfo=UTC), -conversation.id)


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    """Return the latest time that is there."""
    return max((time for time in times if time is not None), default=None)


def _told_phone(senders: Sequence[Sender]) -> str | None:
    """Return the number as the provider writes it, which is what it sends to."""
    return _first(maybe_clean(sender.phone) for sender in senders if not sender.is_typed)


def _typed_phone(senders: Sequence[Sender]) -> str | None:
    return _first(maybe_clean(sender.phone) for sender in senders if sender.is_typed)


def _first(values: Iterable[str | None]) -> str | None:
    """Return the latest value that is there."""
    return next((value for value in reversed(list(values)) if value), None)

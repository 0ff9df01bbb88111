"""From senders to conversations: who is known, who is new, and who turns out to be somebody already known.

When one message names both a phone and a user id that so far belonged to two contacts, they are one person. The
conversation with the latest message of the contact goes on (the older one if neither has any), because that is where
the talk stands; its contact takes over all addresses of the other. The other contact and its conversation stay as
they are, with their history and whatever they still have to send; only nothing new arrives there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.core.addresses import canonical_phone
from engine.core.conversation import Contact, Conversation
from engine.core.errors import ValueRefused
from engine.core.ids import ContactId, ConversationId, LineId
from engine.core.signals import Sender
from engine.ports import IdFactory
from storage import statements
from storage.cache import Address, Cache, Key
from storage.clean import clean_text, maybe_clean
from storage.mapping import contact_cells, dump_state, load_conversation
from storage.statement import Call
from storage.transaction import Transaction


@dataclass(slots=True)
class _Person:
    """The senders of a batch that share an address, as one."""

    line: LineId
    addresses: set[Address] = field(default_factory=set)
    senders: list[Sender] = field(default_factory=list)
    known: dict[ConversationId, ContactId] = field(default_factory=dict)


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
        self.joined: set[Key] = set()
        """Conversations that lost their addresses to another's contact."""

    async def find(self, senders: Sequence[tuple[LineId, Sender]]) -> list[ConversationId]:
        """Return each sender's conversation, in the same order."""
        wanted = [_addresses(line, sender) for line, sender in senders]
        found = [self._recall(addresses) for addresses in wanted]
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

    def _recall(self, addresses: list[Address]) -> Key | None:
        """Return where all of a sender's addresses lead, if memory knows it."""
        first = self._lead(addresses[0])
        if first is None or any(self._lead(other) != first for other in addresses[1:]):
            return None
        return first

    def _lead(self, address: Address) -> Key | None:
        key = self.leads.get(address)
        if key is None and self._is_current:
            return self._cache.find(address)
        return key

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
        if name == known.name and phone == known.phone:
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
        await self._load(people)
        for person in people:
            self._settle(person)

    async def _recognise(self, people: list[_Person], wanted: list[Address]) -> None:
        """Note which contacts the addresses already lead to."""
        owners = {address: person for person in people for address in person.addresses}
        rows = [(place, *address) for place, address in enumerate(wanted)]
        (answers,) = await self._transaction.ask(Call(statements.FIND_ADDRESSES, rows))
        for person in people:
            person.known.clear()
        for place, contact, conversation in answers:
            address = wanted[place]
            owners[address].known[ConversationId(conversation)] = ContactId(contact)
            self.leads[address] = (address[0], ConversationId(conversation))

    async def _load(self, people: list[_Person]) -> None:
        """Read the conversations found, for their contacts' names and the times that decide a joining."""
        keys = sorted(
            {
                (person.line, conversation)
                for person in people
                for conversation in person.known
                if (person.line, conversation) not in self._kept
            }
        )
        if keys:
            (answers,) = await self._transaction.ask(Call(statements.LOAD_CONVERSATIONS, keys))
            for row in answers:
                conversation = load_conversation(row)
                self._kept[conversation.line, conversation.id] = conversation

    def _settle(self, person: _Person) -> None:
        """Lead every address of a person to one conversation, made if there is none, joined if there are two."""
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
        if new:
            self._transaction.later(
                Call(
                    statements.ADD_ADDRESSES,
                    [(*address, conversation.contact.id) for address in new],
                )
            )
        for address in new:
            self.leads[address] = key

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
        self._transaction.later(
            Call(
                statements.ADD_CONTACTS,
                [
                    (
                        person.line,
                        contact.id,
                        contact.phone,
                        contact.user_id,
                        contact.name,
                    )
                ],
            )
        )
        self._transaction.later(
            Call(
                statements.ADD_CONVERSATIONS,
                [
                    (
                        person.line,
                        conversation.id,
                        contact.id,
                        conversation.version,
                        conversation.mode,
                        False,
                        dump_state(conversation),
                    )
                ],
            )
        )
        return conversation

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

"""One contract for every store; a backend's test class inherits it and brings the `world` fixture."""

from tests.storage.contract_conversations import ConversationContract
from tests.storage.contract_signals import SignalContract


class StoreContract(ConversationContract, SignalContract):
    """What the loops may rely on, whatever the database."""

"""One contract for every store; a backend's test class inherits it and brings the `world` fixture."""

from tests.storage.contract_closed import ClosedContract
from tests.storage.contract_conversations import ConversationContract
from tests.storage.contract_deeds import DeedsContract
from tests.storage.contract_missed import MissedContract
from tests.storage.contract_outbox import OutboxContract
from tests.storage.contract_rest import RestContract
from tests.storage.contract_signals import SignalContract
from tests.storage.contract_templates import TemplateContract


class StoreContract(
    ConversationContract,
    SignalContract,
    OutboxContract,
    ClosedContract,
    DeedsContract,
    MissedContract,
    TemplateContract,
    RestContract,
):
    """What the loops and the pages may rely on, whatever the database."""

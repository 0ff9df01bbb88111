"""One contract for every store; a backend's test class inherits it and brings the `world` fixture."""

from tests.storage.contract_agents import AgentsContract
from tests.storage.contract_api import ApiContract
from tests.storage.contract_assigning import AssigningContract
from tests.storage.contract_broadcasts import BroadcastContract
from tests.storage.contract_chat import ChatContract
from tests.storage.contract_closed import ClosedContract
from tests.storage.contract_consent import ConsentContract
from tests.storage.contract_conversations import ConversationContract
from tests.storage.contract_deeds import DeedsContract
from tests.storage.contract_figures import FiguresContract
from tests.storage.contract_inbox import InboxListContract
from tests.storage.contract_missed import MissedContract
from tests.storage.contract_news import NewsContract
from tests.storage.contract_order import OrderContract
from tests.storage.contract_outbox import OutboxContract
from tests.storage.contract_reports import ReportContract
from tests.storage.contract_rest import RestContract
from tests.storage.contract_search import SearchContract
from tests.storage.contract_signals import SignalContract
from tests.storage.contract_statuses import StatusContract
from tests.storage.contract_templates import TemplateContract


class StoreContract(
    AgentsContract,
    ApiContract,
    AssigningContract,
    BroadcastContract,
    ChatContract,
    ConversationContract,
    ConsentContract,
    SearchContract,
    SignalContract,
    OutboxContract,
    ReportContract,
    OrderContract,
    ClosedContract,
    DeedsContract,
    FiguresContract,
    InboxListContract,
    MissedContract,
    StatusContract,
    NewsContract,
    TemplateContract,
    RestContract,
):
    """What the loops and the pages may rely on, whatever the database."""

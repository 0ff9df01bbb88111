"""The named ceilings of the engine, each with its unit and its reason. A provider's limits are its capabilities."""

from datetime import timedelta

STEPS_PER_TURN = 50
"""Steps that one turn may visit before it is handed to a person: a talk this long without a question is a loop."""

FAILURES_PER_RUN = 3
"""How often a run goes where `on_failed` leads; then a person takes over. What is said there may fail as well."""

RUNS_PER_CONVERSATION = 8
"""Runs that may wait on each other in one conversation: a ninth call is a loop of flows."""

NEXT_FLOWS = 20
"""Flows that may wait for the end of one talk: more of them is a system that asks in a loop."""

OPTION_ID_BYTES = 200
"""The longest option id; WhatsApp's row ids hold 200 characters. Source: Cloud API, interactive lists, read 2026-08."""

STATUS_GRACE = timedelta(seconds=3)
"""How long a send without an answer waits for a status that resolves it."""

STATUS_WAITS = timedelta(seconds=30)
"""How long what is behind a send without an answer waits for its status, where that is never sent again: a template, an
agent's message, what the business asked for."""

CLOCKS_APART = timedelta(seconds=5)
"""What was written at a time further ahead than this was written by a clock that was set back since: replicas whose
clocks are kept agree far better."""

FILE_ARRIVES_WITHIN = timedelta(seconds=5)
"""How long what follows a file waits for the file to be delivered: a phone that is off must not hold up the talk."""

REPLY_TTL = timedelta(hours=1)
"""After this a flow's unsent reply answers nobody's question any more and is dropped, visibly."""

HOLD_TTL = timedelta(days=3)
"""What was held for longer when the contact writes is dropped as stale, visibly; a line's `hold_ttl` replaces it."""

ACKNOWLEDGE_EVERY = timedelta(minutes=30)
"""Who writes while the chat waits for a person is told that it is kept at most this often; `[handoffs]` replaces it."""

UNCLAIMED_AFTER = timedelta(minutes=15)
"""After this a contact whose chat nobody has taken is told so: longer in silence, and people write elsewhere."""

PHONE_QUIET = timedelta(minutes=30)
"""How long the flows are silent after the business wrote from its own phone: nobody tells when it is done."""

RESUME_AFTER = timedelta(hours=12)
"""How long the flows are silent after a handoff to a helpdesk that does not tell when it is done: over its night."""

SCHEDULED_PER_CONVERSATION = 20
"""Messages that may wait for their time in one conversation: more of them are a loop, and its state is written anew
with every message."""

DEED_TTL = timedelta(days=1)
"""After this what was to be told to the provider is dropped, visibly: its reports would show it on a wrong day."""

WINDOW_MARGIN = timedelta(seconds=60)
"""The sender treats the window as closed this long before it is: clocks differ and a request takes time."""

THANKS_QUIET = timedelta(minutes=10)
"""After a flow's end a thanks, an ok or an emoji alone gets no reply for this long."""

NO_FLOW_TEXT_EVERY = timedelta(days=1)
"""Where no flow begins, the engine's own text is said at most this often."""

STEP_ATTEMPTS = 3
"""How often a signal whose step raised, or a code step that raised, is tried before the fallback."""

STEP_RETRY_WITHIN = timedelta(seconds=10)
"""The attempts of a code step fall within this time."""

STEP_TIMEOUT = timedelta(seconds=30)
"""How long a code step may run unless it says otherwise."""

STEP_TIMEOUT_GRACE = timedelta(seconds=5)
"""The durable timer of a code step fires this long after its timeout: it is the net for a process that died."""

BURST = timedelta(seconds=10)
"""Photos of one album and the like that come within this time of each other are one message to the flow."""

JOINED_LENGTH = 16_384
"""Characters of an answer that comes in several messages, after which it is waited for no longer: four of the longest
messages there are (4,096). A conversation's state is written anew with every message."""

CALLABLE_MS = 20
"""A plain callable of a flow (options, when, a text) that takes longer than this is reported by name."""

SIGNAL_KEPT = timedelta(days=8)
"""Signals outlive the longest redelivery, 7 days. Source: Meta webhooks, read 2026-08."""

SEND_ATTEMPTS = 12
"""How often a retryable send is tried; with the back-off below that is over an hour."""

SEND_BACKOFF_FIRST = timedelta(seconds=1)
SEND_BACKOFF_MOST = timedelta(minutes=10)

DEED_ATTEMPTS = 20
"""How often telling the provider of something is tried; with the back-off below that is about 16 hours."""

DEED_BACKOFF_MOST = timedelta(hours=2)

MEDIA_WAITS = tuple(min(timedelta(seconds=5) * 2**tries, timedelta(hours=2)) for tries in range(39))
"""How long a file that could not be fetched is left alone, by how often it was tried before: over three days in all;
the provider's reference lives 7. Source: Cloud API media, read 2026-08."""

NEWS_BACKOFF_MOST = timedelta(minutes=10)
"""How long what a server of the business did not take is left alone at the most."""

BODY_BYTES = 3 * 1024 * 1024 + 64 * 1024
"""The largest webhook body accepted: Meta sends up to 3 MB. Source: webhooks reference, read 2026-08."""

FUZZY_LETTERS = 4
"""Shorter words are never taken for a typing error: everything is near to everything. From here on one letter may be
missing, too many, or swapped with its neighbour."""

FUZZY_OTHER_LETTER = 7
"""From this length on a word may have one wrong letter; before it, that makes another word ("Boat", "coat")."""

FUZZY_TWO_SLIPS = 9
"""From this length on a word may have one wrong letter and one missing or too many ("margarita" for "Margherita");
"Tuesday" and "Thursday" are that far apart too."""

FUZZY_LEAD = 8
"""How far the likeness (0-100) of the option that is meant must lead the next one's."""

NEAR_OPTIONS = 5
"""How many options a few words may mean and still be asked back; more of them are no narrower than the question."""

BUTTON_TITLE = 20
"""UTF-16 units of the engine's own titles: the shortest button any line shows."""

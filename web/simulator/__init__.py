"""The simulator: a phone in the browser that talks to the bot through a pretended Meta. Served by `--dev` alone.

The page's every deed is a real, signed webhook to `/webhooks/simulator`; the bot's replies leave through the real
sender for the pretended Meta, which this process mounts below `/simulator/cloud`. What the page shows is read from
Parley's own database. `setup_simulator` wires it.
"""

from web.simulator.phones import SIMULATOR, Phones
from web.simulator.setup import setup_simulator

__all__ = ["SIMULATOR", "Phones", "setup_simulator"]

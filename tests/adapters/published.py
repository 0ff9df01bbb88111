"""Where the providers' published payloads are, if they are here: replayed as a second opinion, never copied.

They are in `provider-docs/payloads` of the folder that PARLEY_SHARED names, or of `shared` beside the repository.
"""

import os
from pathlib import Path

_SHARED = Path(__file__).resolve().parents[3] / "shared"

PAYLOADS = Path(os.environ.get("PARLEY_SHARED", _SHARED)) / "provider-docs" / "payloads"

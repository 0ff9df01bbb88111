"""What is collected only where the providers' documents are present."""

from tests.adapters.published import PAYLOADS

collect_ignore = [] if PAYLOADS.is_dir() else ["test_examples.py"]

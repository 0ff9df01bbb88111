"""`Annotated[str, Kind(...)]`: text of one kind, such as a phone number; stored answers are checked as well."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks text that is more than words; the reader of free text leaves it alone."""

    name: str
    fits: Callable[[str], object]
    """Tells, by what is true, whether a stored text is of this kind."""

    def check(self, text: str) -> str:
        """Return the text. Raises ValueError where it is of another kind."""
        if not self.fits(text):
            raise ValueError(f"no {self.name}")
        return text

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check what is stored: a type narrowed later makes such answers unanswered."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

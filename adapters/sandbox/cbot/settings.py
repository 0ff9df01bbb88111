"""How the CBOT sandbox behaves; every value has a default that suits a test."""

from typing import Literal

from adapters.sandbox.cloud.settings import CloudSettings


class CbotSettings(CloudSettings):
    """One number at the sandbox, and how strict its provider is; Cloud's own keys hold in the cloud form."""

    api: Literal["cloud", "onpremise"] = "cloud"
    """Which form it speaks: paths, bodies, webhooks, errors."""
    api_key: str = "sandbox-line-key"
    """The key to ask for."""
    api_key_header: str = "D360-API-KEY"
    """The header that carries it."""
    webhook_user: str | None = None
    """With `webhook_password`: what webhooks bring until another address is registered."""
    webhook_password: str = ""
    """The password beside it."""
    namespace: str = "sandbox_namespace"
    """The account's, which the On-Premises form asks for where templates are given."""
    asks_about_contacts: bool = True
    """On-Premises: whether a contact who never wrote must be asked about first (1006)."""
    errors_with_200: bool = False
    """On-Premises: whether errors come with HTTP 200."""

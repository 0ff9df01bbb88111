"""The aiohttp application: webhooks, health, the simulator."""

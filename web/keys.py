"""The typed keys under which the application holds its parts."""

import aiohttp
from aiohttp import web

from engine.core.ids import LineId
from engine.loops.engine import Engine
from engine.loops.templates import Templates
from engine.ports import Adapter, MediaStore, Store
from storage.database import Database
from storage.ids import TimeIds
from storage.queries import Queries
from web.clock import LineClock
from web.doors import Doors
from web.flows import Flows
from web.lanes import Lanes
from web.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
FLOWS = web.AppKey("flows", Flows)
CLOCK = web.AppKey("clock", LineClock)
DATABASE = web.AppKey("database", Database)
WORKER = web.AppKey("worker", int)
"""Which of several workers on this machine this is, from 1; missing where there is one alone."""
OWNER = web.AppKey("owner", int)
IDS = web.AppKey[TimeIds]("ids")
STORE = web.AppKey[Store]("store")
QUERIES = web.AppKey("queries", Queries)
MEDIA = web.AppKey[MediaStore]("media")
SESSION = web.AppKey("session", aiohttp.ClientSession)
ADAPTERS = web.AppKey[dict[LineId, Adapter]]("adapters")
DOORS = web.AppKey("doors", Doors)
LANES = web.AppKey("lanes", Lanes)
TEMPLATES = web.AppKey("templates", Templates)
ENGINE = web.AppKey("engine", Engine)

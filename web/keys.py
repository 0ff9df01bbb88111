"""The typed keys under which the application holds its parts."""

from aiohttp import web

from engine.loops.engine import Engine
from engine.ports import MediaStore, Store
from web.clock import LineClock
from web.doors import Doors
from web.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
CLOCK = web.AppKey("clock", LineClock)
STORE = web.AppKey[Store]("store")
MEDIA = web.AppKey[MediaStore]("media")
ENGINE = web.AppKey("engine", Engine)
DOORS = web.AppKey("doors", Doors)

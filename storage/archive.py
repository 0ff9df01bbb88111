"""One file that holds a copy of everything: a `.tar.gz` whose first member, the manifest, says what must be in it.

Written under another name and renamed when it is whole. Read with suspicion: nothing of it is placed by the names it
brings, only the members that the manifest announces are taken, and none that is larger than announced.
"""

import hashlib
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.core.errors import ParleyError

MANIFEST = "manifest.json"
MANIFEST_BYTES = 1024 * 1024
CHUNK = 1024 * 1024
QUICK = 1
"""gzip's level: a higher one takes several times the CPU, for a tenth less of what is mostly pictures."""

OURS_ALONE = 0o600

PARTS = re.compile(r"parley\.(?:db|dump)|spool/[1-9][0-9]{0,2}|media/\.link-key")
MEDIA = re.compile(r"media/([0-9a-f]{2})/(\1[0-9a-f]{62})")

_DAMAGED = (tarfile.TarError, EOFError, zlib.error)


class CopyFailed(ParleyError):
    """The copy could not be made, or cannot be used."""

    code = "copy_failed"


class Part(BaseModel):
    """One file of the archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """What an archive holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    parley: str
    """The version that wrote it."""
    made_at: datetime
    """When the copy of the database was begun: everything committed before is in it."""
    dialect: Literal["sqlite", "postgresql"]
    revision: str
    """The schema's."""
    served: bool
    """Whether a server ran meanwhile, so that what was unfinished has gone on there."""
    tool: int | None = None
    """The major version of the `pg_dump` that wrote it."""
    counts: dict[str, int]
    """Rows of some tables, at the moment of the copy."""
    parts: tuple[Part, ...]
    media_files: int
    media_bytes: int
    media_sha256: str
    """Of the media files' keys and sizes; the key of each is the hash of what is in it."""

    @property
    def size_bytes(self) -> int:
        """How much all of it takes."""
        return self.media_bytes + sum(part.size for part in self.parts)


class MediaFile(NamedTuple):
    """A file of the media folder."""

    path: Path
    size: int

    @property
    def key(self) -> str:
        """Its name: the hash of its bytes."""
        return self.path.name


def media_in(folder: Path) -> list[MediaFile]:
    """Return the media folder's files by key, without those that are still being written."""
    if not folder.is_dir():
        return []
    found = (path for path in folder.glob("[0-9a-f][0-9a-f]/*") if is_media(path))
    return [MediaFile(path, path.stat().st_size) for path in sorted(found)]


def is_media(path: Path) -> bool:
    """Tell whether a path is one that a media folder gives a file."""
    return bool(MEDIA.fullmatch(f"media/{path.parent.name}/{path.name}")) and path.is_file()


def media_digest(files: Iterable[tuple[str, int]]) -> str:
    """Return the hash of which files there are, however they are ordered."""
    listed = "".join(f"{key} {size}\n" for key, size in sorted(files))
    return hashlib.sha256(listed.encode()).hexdigest()


def part_of(name: str, path: Path) -> Part:
    """Describe a file as it will stand in the archive."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Part(name=name, size=path.stat().st_size, sha256=digest.hexdigest())


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """Make a folder on the same disk that nobody else can read; it goes with the block, whatever happens."""
    folder = Path(mkdtemp(prefix=f".{beside.name}.", suffix=".part", dir=beside.absolute().parent))
    try:
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    for inner, folders, files in os.walk(folder, topdown=False):
        for name in files:
            (Path(inner) / name).unlink()
        for name in folders:
            (Path(inner) / name).rmdir()
    folder.rmdir()


# --- out ------------------------------------------------------------------------------------------------


def write_archive(
    target: Path,
    manifest: Manifest,
    parts: Iterable[tuple[Part, Path]],
    media: Iterable[MediaFile],
) -> None:
    """Write the archive whole to the target: readable for its owner alone, on the disk when this returns.

    Raises:
        OSError: Such as for a full disk, or a file that changed meanwhile.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OURS_ALONE)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=QUICK) as archive:
            said = manifest.model_dump_json(indent=2).encode()
            head = _member(MANIFEST, len(said), manifest.made_at)
            archive.addfile(head, BytesIO(said))
            for part, path in parts:
                _add(archive, part.name, path, part.size, manifest.made_at)
            for one in media:
                name = f"media/{one.key[:2]}/{one.key}"
                _add(archive, name, one.path, one.size, manifest.made_at)
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, path: Path, size: int, at: datetime) -> None:
    with path.open("rb") as source:
        archive.addfile(_member(name, size, at), source)


def _member(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, OURS_ALONE, int(at.timestamp())
    return member


# --- in -------------------------------------------------------------------------------------------------


def read_manifest(source: Path) -> Manifest:
    """Return what an archive says of itself.

    Raises:
        CopyFailed: It is no archive of ours, or of a later form.
    """
    with _opened(source) as archive:
        return _manifest(source, archive)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with source.open("rb") as file, tarfile.open(fileobj=file, mode="r|gz") as archive:
            yield archive
    except FileNotFoundError:
        raise CopyFailed(f"{source}: no such file") from None
    except _DAMAGED as error:
        raise CopyFailed(f"{source} is damaged, or is no copy of Parley's: {error}") from None
    except OSError as error:
        if error.errno is None:  # gzip's own: not a gzip file, or a wrong checksum
            raise CopyFailed(f"{source} is damaged, or is no copy of Parley's: {error}") from None
        raise


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or not _is_plain(first):
        raise CopyFailed(f"{source} is no copy of Parley's: it does not begin with {MANIFEST}")
    data = _stream(archive, first).read(MANIFEST_BYTES + 1)
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"])) or "the whole"
        raise CopyFailed(
            f"{source}: its {MANIFEST} is not one that this version of Parley reads: {where}"
        ) from None
    odd = [part.name for part in manifest.parts if not PARTS.fullmatch(part.name)]
    if odd:
        raise CopyFailed(f"{source} announces {odd[0]!r}, which no copy of Parley's holds")
    return manifest


def _is_plain(member: tarfile.TarInfo) -> bool:
    """Tell whether it is a file of bytes: no folder, link, device or file with holes."""
    return member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()


def _stream(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    assert stream is not None  # of a plain file
    return stream


class Unpacked(NamedTuple):
    """What an archive held, in folders of ours."""

    manifest: Manifest
    parts: dict[str, Path]
    media: Path
    broken: list[str]
    """Media files whose bytes are not what their name says: they were so when the copy was made, and are left out."""


def unpack(source: Path, into: Path, media: Path) -> Unpacked:
    """Write an archive's files into two empty folders, each under a name of our own.

    Raises:
        CopyFailed: It holds what it should not, lacks what it should hold, or is damaged.
        OSError: Such as for a full disk.
    """
    with _opened(source) as archive:
        manifest = _manifest(source, archive)
        wanted = {part.name: part for part in manifest.parts}
        found: dict[str, Path] = {}
        kept: dict[str, int] = {}
        broken: list[str] = []
        left = manifest.media_bytes
        for member in archive:
            name, picture = member.name, MEDIA.fullmatch(member.name)
            if name == MANIFEST:
                continue
            if not _is_plain(member):
                raise CopyFailed(f"{source}: {name!r} is no plain file")
            if name in wanted and name not in found:
                part = wanted[name]
                path = into / name.replace("/", "-")
                if member.size != part.size or _save(archive, member, path) != part.sha256:
                    raise CopyFailed(f"{source}: {name} is not what its manifest says")
                found[name] = path
            elif picture and picture[2] not in kept and member.size <= left:
                key = picture[2]
                left -= member.size
                kept[key] = member.size
                path = media / key[:2] / key
                path.parent.mkdir(mode=0o700, exist_ok=True)
                if _save(archive, member, path) != key:
                    path.unlink()
                    broken.append(key)
            else:
                raise CopyFailed(f"{source} holds {name!r}, which its manifest does not announce")
    if set(found) != set(wanted) or media_digest(kept.items()) != manifest.media_sha256:
        raise CopyFailed(f"{source} lacks files that its manifest announces")
    return Unpacked(manifest, found, media, broken)


def _save(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> str:
    """Write one member to the disk and return the hash of what was in it."""
    digest = hashlib.sha256()
    stream = _stream(archive, member)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, OURS_ALONE), "wb") as file:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()

import io
import zlib
from hashlib import sha1

import pytest
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.pack import apply_delta, create_delta, pack_object_header, write_pack_header

from evenfall.integrations.git.packs import MOST_OBJECTS, Pack
from evenfall.integrations.git.trees import files_below
from evenfall.runbooks.errors import RepositoryUnreadable

BLOB, OFS, REF = 3, 6, 7
OLD = b"one\n" * 100
NEW = OLD + b"two\n"


def packed(*entries: tuple[int, bytes, int | bytes | None], size: int | None = None) -> bytes:
    """A pack of (type, content or delta, base); `size` is what heads lie about."""
    out = io.BytesIO()
    write_pack_header(out.write, len(entries))
    for kind, content, base in entries:
        said = len(content) if size is None else size
        # dulwich wants the distance of a base in the pack, or its binary id
        out.write(bytes(pack_object_header(kind, base, said, DEFAULT_OBJECT_FORMAT)))
        out.write(zlib.compress(content))
    return out.getvalue() + sha1(out.getvalue()).digest()


def name_of(content: bytes) -> ObjectID:
    return Blob.from_string(content).id


def delta() -> bytes:
    return b"".join(create_delta(OLD, NEW))


def test_deltas_are_applied_wherever_their_base_is() -> None:
    base = bytes.fromhex(name_of(OLD).decode())
    first = 12
    length = len(packed((BLOB, OLD, None))) - first - 20
    for pack in (
        packed((BLOB, OLD, None), (OFS, delta(), length)),
        packed((BLOB, OLD, None), (REF, delta(), base)),
        packed((REF, delta(), base), (BLOB, OLD, None)),
    ):
        items = Pack(pack).items
        assert items[name_of(NEW)].content == NEW == b"".join(apply_delta(OLD, delta()))
        assert set(items) == {name_of(OLD), name_of(NEW)}


def test_a_delta_whose_base_is_missing_is_left_out() -> None:
    assert Pack(packed((REF, delta(), bytes(20)))).items == {}


def test_what_unfolds_to_too_much_is_refused_before_it_does() -> None:
    with pytest.raises(RepositoryUnreadable, match="Unpacked"):
        Pack(packed((BLOB, OLD, None)), most=len(OLD) - 1)
    base = bytes.fromhex(name_of(OLD).decode())
    pack = packed((BLOB, OLD, None), (REF, delta(), base))
    Pack(pack, most=len(OLD) + len(delta()) + len(NEW))
    with pytest.raises(RepositoryUnreadable, match="Unpacked"):
        Pack(pack, most=len(OLD) + len(delta()) + len(NEW) - 1)
    many = io.BytesIO()
    write_pack_header(many.write, MOST_OBJECTS + 1)
    with pytest.raises(RepositoryUnreadable, match="50,000"):
        Pack(many.getvalue())


def test_a_head_that_lies_is_found_out() -> None:
    with pytest.raises(zlib.error):
        Pack(packed((BLOB, OLD, None), size=3))


def test_a_few_trees_that_are_endless_come_to_an_end() -> None:
    tree, objects = Tree(), []
    tree.add(b"a.md", 0o100644, name_of(OLD))
    for _ in range(30):
        objects.append(tree)
        outer = Tree()
        for name in (b"a", b"b", b"c"):
            outer.add(name, 0o040000, tree.id)
        tree = outer
    objects.append(tree)
    commit = commit_of(tree.id)
    entries = [(2, one.as_raw_string(), None) for one in objects]
    pack = packed((1, commit.as_raw_string(), None), (BLOB, OLD, None), *entries)
    with pytest.raises(RepositoryUnreadable, match="more files than are read"):
        files_below(Pack(pack).items, commit.id, "", wanted=lambda _: True)


def test_a_file_that_the_server_left_out_is_named() -> None:
    tree = Tree()
    tree.add(b"a.md", 0o100644, name_of(OLD))
    commit = commit_of(tree.id)
    pack = packed((1, commit.as_raw_string(), None), (2, tree.as_raw_string(), None))
    with pytest.raises(RepositoryUnreadable, match=r"a\.md: It is too large"):
        files_below(Pack(pack).items, commit.id, "", wanted=lambda _: True)


def commit_of(tree: ObjectID) -> Commit:
    commit = Commit()
    commit.tree = tree
    commit.author = commit.committer = b"Ada <ada@example.org>"
    commit.author_time = commit.commit_time = 1_790_000_000
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = b"change"
    return commit

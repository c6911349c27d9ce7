"""A bucket takes what is signed right, and what it says of mistakes is told in words."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.scenarios.rehearsal import Stage, stage

from evenfall.fakes.s3 import BUCKET, KEY_ID, REGION, S3, SECRET
from evenfall.integrations.s3.place import Bucket
from evenfall.platform.http import outgoing
from evenfall.statuspages.ports import CopyNotStored, File, PlaceNotUsable

NAME = "a b/ü+(1)&=.html"


@pytest.fixture(scope="module")
def fakes() -> Iterator[Stage]:
    with stage([S3()]) as ready:
        yield ready


@pytest.fixture(autouse=True)
def clean(fakes: Stage) -> None:
    fakes.clear("s3")


def values(fakes: Stage, **more: str) -> dict[str, str]:
    told = {
        "endpoint": f"{fakes.url}/s3",
        "bucket": BUCKET,
        "region": REGION,
        "prefix": "shop",
        "key_id": KEY_ID,
        "secret": SECRET,
    }
    return {**told, **more}


def file(name: str = "index.html", **more: Any) -> File:
    return File(name=name, body=b"<!doctype html>", content_type="text/html", **more)


async def put(fakes: Stage, *files: File, **more: str) -> None:
    try:
        await Bucket().put(values(fakes, **more), files)
    finally:
        await outgoing.close()


async def test_files_are_stored_in_their_order_as_they_are(fakes: Stage) -> None:
    await put(fakes, file("assets/a.css", is_lasting=True), file(NAME), file())
    names = [message["to"] for message in fakes.messages("s3")]
    assert names == ["shop/assets/a.css", f"shop/{NAME}", "shop/index.html"]
    async with httpx.AsyncClient(base_url=f"{fakes.url}/s3/{BUCKET}", trust_env=False) as reader:
        style = await reader.get("/shop/assets/a.css")
        index = await reader.get("/shop/index.html")
    assert "immutable" in style.headers["cache-control"]
    assert index.headers["cache-control"] == "public, max-age=30"
    assert index.headers["content-type"].startswith("text/html")
    assert index.content == b"<!doctype html>"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"secret": "another"}, "403 SignatureDoesNotMatch; the secret key is not"),
        ({"key_id": "NOBODY"}, "403 InvalidAccessKeyId; the service does not know"),
        ({"bucket": "elsewhere"}, "404 NoSuchBucket; there is no such bucket"),
        ({"region": "mars-1"}, "400 AuthorizationHeaderMalformed; the bucket is in another"),
    ],
)
async def test_a_mistake_is_told_in_words(fakes: Stage, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(CopyNotStored, match=words):
        await put(fakes, file(), **wrong)
    assert fakes.messages("s3") == []


async def test_a_request_for_a_pause_ends_the_round(fakes: Stage) -> None:
    fakes.plan("s3", "status", status=503, containing="feed")
    with pytest.raises(CopyNotStored, match=r"feed\.atom: the service answered 503 SlowDown"):
        await put(fakes, file("a.css"), file("feed.atom"), file())
    assert [message["to"] for message in fakes.messages("s3")] == ["shop/a.css"]


async def test_an_answer_that_is_cut_is_a_failure(fakes: Stage) -> None:
    fakes.plan("s3", "crash")
    with pytest.raises(CopyNotStored):
        await put(fakes, file())


async def test_a_service_that_says_nothing_is_not_waited_for(
    fakes: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenfall.integrations.s3.place.TIMEOUT_S", 0.2)
    fakes.plan("s3", "hang", seconds=2)
    with pytest.raises(CopyNotStored, match="did not answer within"):
        await put(fakes, file())


async def test_an_address_inside_is_refused(fakes: Stage) -> None:
    with pytest.raises(CopyNotStored, match="not public"):
        await put(fakes, file(), endpoint="http://169.254.169.254")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "ftp://s3.example.org"),
        ("endpoint", "https://user:word@s3.example.org"),
        ("endpoint", "https://s3.example.org/?x=1"),
        ("endpoint", "https://[::1"),
        ("bucket", "Up"),
        ("bucket", "a/b"),
        ("region", "eu central"),
        ("prefix", "a/../b"),
        ("prefix", "a//b"),
        ("key_id", ""),
        ("secret", "line\nbreak"),
    ],
)
def test_what_cannot_be_a_bucket_is_refused(fakes: Stage, name: str, value: str) -> None:
    with pytest.raises(PlaceNotUsable) as refused:
        Bucket().check(values(fakes, **{name: value}))
    assert refused.value.field == name


def test_a_place_is_told_without_secrets(fakes: Stage) -> None:
    kept = Bucket().check(values(fakes, prefix="/shop/"))
    told = Bucket().described(kept)
    assert told.startswith("Bucket status/shop at 127.0.0.1:")
    assert SECRET not in told
    assert KEY_ID not in told

"""Signatures are those of the examples in Amazon's own reference."""

from datetime import UTC, datetime

from evenfall.integrations.s3.signature import Key, encoded, signed

# the example keys of the reference; they open nothing
KEY = Key(
    key_id="AKIAIOSFODNN7EXAMPLE",
    secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
)
NOW = datetime(2013, 5, 24, tzinfo=UTC)
HOST = "https://examplebucket.s3.amazonaws.com"


def test_reading_an_object_is_signed_as_in_the_reference() -> None:
    headers = signed(
        "GET", f"{HOST}/test.txt", headers={"Range": "bytes=0-9"}, body=b"", key=KEY, now=NOW
    )
    assert headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_storing_an_object_is_signed_as_in_the_reference() -> None:
    about = {
        "Date": "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }
    url = f"{HOST}/{encoded('test$file.text')}"
    body = b"Welcome to Amazon S3."
    headers = signed("PUT", url, headers=about, body=body, key=KEY, now=NOW)
    assert headers["Authorization"].endswith(
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )


def test_names_are_encoded_once_and_slashes_kept() -> None:
    assert encoded("a b/ü+(1).html") == "a%20b/%C3%BC%2B%281%29.html"

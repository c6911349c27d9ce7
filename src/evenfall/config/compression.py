"""Pages travel compressed: a page on a phone has to arrive over a bad network, too."""

from typing import override

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Django's, which adds random bytes against BREACH, but for what is streamed.

    The live stream is a few words at a time: they must leave at once, and shrink little.
    """

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming:
            return response
        return super().process_response(request, response)

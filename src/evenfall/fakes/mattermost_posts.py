"""How Mattermost's fake names things, reads posts and refuses."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

LONGEST_MESSAGE = 16_383
_WORDS = {
    400: ("api.context.invalid_body_param.app_error", "Invalid or missing parameter."),
    401: ("api.context.session_expired.app_error", "Invalid or expired session."),
    403: ("api.context.permissions.app_error", "You do not have the appropriate permissions."),
    404: ("app.user.get_by_username.app_error", "Unable to find the requested resource."),
    429: ("", "limit exceeded"),
}


def id_of(what: str) -> str:
    """26 small letters and digits, always the same for the same thing."""
    digest = hashlib.sha256(what.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:26]


def text_of(post: dict[str, Any]) -> str:
    """All words of a post, without the marks of Markdown that only escape."""
    words = [post.get("message", "")]
    for attachment in post.get("props", {}).get("attachments", []):
        words += [attachment.get("title", ""), attachment.get("text", "")]
        words += [f"{one['title']}: {one['value']}" for one in attachment.get("fields", [])]
    return "\n".join(filter(None, words)).replace("\\", "")


def shown(post: dict[str, Any]) -> dict[str, Any]:
    """A post as the server answers it: the context of a button is for its integration alone."""
    return {name: post[name] for name in ("id", "channel_id", "message")}


def flaw_of(post: dict[str, Any]) -> Response | None:
    """The refusal of a post that the server would not take."""
    actions = [
        action
        for attachment in post.get("props", {}).get("attachments", [])
        for action in attachment.get("actions", [])
    ]
    if not post.get("channel_id") or len(post.get("message", "")) > LONGEST_MESSAGE:
        return refused(400)
    if any(not action["id"].isalnum() for action in actions):
        return refused(400)
    return None


def refused(status: int, headers: dict[str, str] | None = None) -> Response:
    code, message = _WORDS.get(status, ("api.unknown.app_error", f"fault {status}"))
    body = {"id": code, "message": message, "request_id": "r", "status_code": status}
    return JSONResponse(body, status_code=status, headers=headers)


def form_of(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()

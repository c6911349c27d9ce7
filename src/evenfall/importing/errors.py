"""What can go wrong with imports. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class VendorUnknown(Invalid):
    """{vendor} is not a tool that can be moved from. Choose one of: {known}."""

    code = "importing.vendor_unknown"


class ExportUnreadable(Invalid):
    """{where}: {why}"""

    code = "importing.export_unreadable"


class FileMissing(Invalid):
    """Send a file: the JSON or zip of what was exported."""

    code = "importing.file_missing"


class UploadNotFound(NotFound):
    """There is no upload {upload_id}. Upload the file again."""

    code = "importing.upload_not_found"


class UploadForgotten(Conflict):
    """The content of this upload was forgotten after {days} days. Upload the file again."""

    code = "importing.upload_forgotten"

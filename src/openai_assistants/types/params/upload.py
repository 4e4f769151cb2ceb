"""Parameters: uploads, which make one file of many parts.

Generated from codegen/specs/v2/uploads.yaml; do not edit.
"""

from typing import Required, TypedDict

from ..._files import FileTypes
from .files import FileExpiresAfterParam, FilePurpose


class UploadCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads`."""

    filename: Required[str]
    """Name of the file."""

    purpose: Required[FilePurpose]
    """What the file is for; the same words as for files that are uploaded whole."""

    bytes: Required[int]
    """Size of the whole file in bytes."""

    mime_type: Required[str]
    """Media type of the file, such as `application/pdf`. It must be one that the purpose allows."""

    expires_after: FileExpiresAfterParam
    """When the file is to be deleted by itself. Left out, `batch` files live for 30 days and all others until you
    delete them.
    """


class UploadCompleteParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/complete`."""

    part_ids: Required[list[str]]
    """Ids of the parts, in the order in which they make the file."""

    md5: str
    """MD5 checksum of the whole file in hexadecimal; the server refuses a file that does not match."""


class PartCreateParams(TypedDict, total=False):
    """Arguments of `POST /uploads/{upload_id}/parts`."""

    data: Required[FileTypes]
    """The bytes of the part."""

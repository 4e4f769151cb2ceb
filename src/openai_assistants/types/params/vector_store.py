"""Parameters: vector stores, and what searching them gives.

Generated from codegen/specs/v2/vector_stores.yaml; do not edit.
"""

from typing import Literal, Required, TypedDict

from ..._models import UnknownValue
from ..shared import Metadata
from ..vector_store import VectorStoreExpiresAfter
from .shared import AttributeFilterParam, FileChunkingStrategyParam


class VectorStoreExpiresAfterParam(TypedDict, total=False):
    """A rule that lets a vector store expire when nobody uses it."""

    anchor: Required[Literal["last_active_at"] | UnknownValue]
    """Time from which the days count."""

    days: Required[int]
    """Days from the anchor to the end of the vector store, from 1 to 365."""


class VectorStoreSearchRankingOptionsParam(TypedDict, total=False):
    """How search results are ranked."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | UnknownValue
    """Method that puts the results in order. `none` leaves that step out, which is faster."""

    score_threshold: float
    """Lowest score that is returned, from 0 (everything) to 1."""


class VectorStoreCreateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores`."""

    file_ids: list[str]
    """Ids of the files to put in, at most 500. More can follow later."""

    name: str
    """A name for people."""

    description: str
    """What the vector store is for."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter
    """When it is to expire by itself. Left out, it stays until you delete it."""

    chunking_strategy: FileChunkingStrategyParam
    """How the files in `file_ids` are cut into chunks; `auto` if left out."""

    metadata: Metadata | None
    """Notes to keep with the vector store. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreUpdateParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}`."""

    name: str | None
    """Its new name."""

    expires_after: VectorStoreExpiresAfterParam | VectorStoreExpiresAfter | None
    """When it is to expire by itself; null for never."""

    metadata: Metadata | None
    """Notes to keep instead of those so far. At most 16 entries. Keys up to 64 characters. Values up to 512 characters.
    """


class VectorStoreListParams(TypedDict, total=False):
    """Arguments of `GET /vector_stores`."""

    limit: int
    """Vector stores per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a vector store; the page starts behind it."""

    before: str
    """Id of a vector store; the page ends in front of it."""


class VectorStoreSearchParams(TypedDict, total=False):
    """Arguments of `POST /vector_stores/{vector_store_id}/search`."""

    query: Required[str | list[str]]
    """The question, or several questions that are searched together."""

    rewrite_query: bool
    """Whether the server may put the question into words that search better."""

    max_num_results: int
    """How many results to return at most, from 1 to 50. The server's own choice is 10."""

    filters: AttributeFilterParam
    """Look only in files whose attributes pass this filter."""

    ranking_options: VectorStoreSearchRankingOptionsParam
    """How results are ordered, and which are too weak to return."""

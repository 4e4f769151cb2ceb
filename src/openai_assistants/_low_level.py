"""Requests to endpoints that the specs do not know: `client.get`, `post`, `put`, `patch`, `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ._answers import checked_type, is_json_type
from ._bodies import encode_json
from ._calls import Call, Operation
from ._guards import is_mapping
from ._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from ._raw_types import AsyncRequest, Request


def low_level_call(
    verb: str,
    path: object,
    *,
    into: Any = None,
    cast_to: Any = None,
    body: Any = None,
    content: Any = None,
    files: Mapping[str, Any] | None = None,
    is_async: bool = False,
) -> Call[Any]:
    """A call of an endpoint given by its path.

    Raises:
        TypeError: Nothing can be read as `into`, or arguments do not go together.
        ValueError: The path is empty.
    """
    if not isinstance(path, str):
        raise TypeError(f"path must be a string, not {type(path).__name__}")
    if not path.strip():
        raise ValueError("path is empty; pass a path below base_url, such as '/assistants', or an absolute URL")
    if into is not None and cast_to is not None:
        raise TypeError("pass into= or its older name cast_to=, not both")
    if content is not None and (body is not None or files is not None):
        raise TypeError("content= is the whole body; pass it without body= and files=")
    if files is not None and body is not None and not is_mapping(body):
        raise TypeError(f"beside files= the body must be a mapping of form fields, not {type(body).__name__}")
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)  # pyright: ignore[reportUnknownArgumentType]
    if content is not None and not (isinstance(content, (bytes, str)) or _can_iterate(content, is_async)):
        kind = "an async iterable" if is_async else "an iterable"
        raise TypeError(f"content must be bytes, text or {kind} of bytes, not {type(content).__name__}")
    into = checked_type(into, "into") if cast_to is None else checked_type(cast_to, "cast_to")
    is_form = files is not None
    is_value = body is not None and not is_mapping(body)  # such as a list: it takes no extra_body
    return Call(
        Operation(
            f"client.{verb.lower()}", verb, path.partition("#")[0], files=None if files is None else tuple(files)
        ),
        body={**(body or {}), **(files or {})} if is_form else None if is_value else body,
        content=encode_json(body) if is_value else content,
        content_type="application/json" if is_value else "application/octet-stream",
        into=into,
        accept="application/json" if is_json_type(into) else "*/*",
    )


def _can_iterate(content: object, is_async: bool) -> bool:
    return not is_mapping(content) and hasattr(content, "__aiter__" if is_async else "__iter__")


def _verb(verb: str) -> Any:
    """The method of a client that sends requests with an HTTP method; on the async client its outcome is awaited."""

    def request(
        self: Any,
        path: str,
        *,
        into: Any = None,
        cast_to: Any = None,
        body: Any = None,
        content: Any = None,
        files: Any = None,
        stream: bool = False,
        **options: Any,
    ) -> Any:
        call = low_level_call(
            verb,
            path,
            into=into,
            cast_to=cast_to,
            body=body,
            content=content,
            files=files,
            is_async=isinstance(self, AsyncResource),
        )
        if stream:
            return self._connection.stream(call.streaming(Any if call.into is None else call.into), options)
        return self._connection.send(call, options)

    request.__name__ = verb.lower()
    request.__qualname__ = f"client.{verb.lower()}"
    request.__doc__ = f"""Send a {verb} request to an endpoint that this library does not know.

        The client's settings apply: key, headers, retries, deadline, errors. Redirects are followed. An absolute URL
        of another host gets nothing of them: no key, no default headers, no default query.

        Args:
            path: Path below `base_url`, or an absolute URL; a query in it is kept.
            into: What the answer is read as: a model class, a union, a list or dict type, a TypedDict, `str`, `bytes`
                or `httpx.Response`. Plain JSON data unless given.
            cast_to: Older name of `into`.
            body: JSON body; with `files` the fields of the form.
            content: Body sent as it is, bytes, text or an iterable of bytes (on the async client an async one);
                `application/octet-stream` unless `extra_headers` has a `content-type`. A request with an iterable is
                not repeated.
            files: Files of a form, by name of the field.
            stream: Whether the answer is a stream of events: of this API, read as `into`, or of any other with
                `into=ServerSentEvent`, which gives them as they come, up to `[DONE]` or the end of the body.
            **options: Request options, see `RequestOptions`.

        Returns:
            The answer as `into`; with `stream=True` a stream of `into`.

        Raises:
            APIStatusError: The server answered with an error; the subclass tells which.
            APIConnectionError: No answer arrived, or not in time, or a stream broke off.
            APIResponseValidationError: The answer cannot be read as `into`.
            TypeError: Nothing can be read as `into`, or arguments do not go together.
            ValueError: The path is empty.
        """
    return request


class Root(Resource):
    """Base of `OpenAI`: the methods beside the resources."""

    get: Request = _verb("GET")
    post: Request = _verb("POST")
    put: Request = _verb("PUT")
    patch: Request = _verb("PATCH")
    delete: Request = _verb("DELETE")


class AsyncRoot(AsyncResource):
    """Base of `AsyncOpenAI`: the methods beside the resources."""

    get: AsyncRequest = _verb("GET")
    post: AsyncRequest = _verb("POST")
    put: AsyncRequest = _verb("PUT")
    patch: AsyncRequest = _verb("PATCH")
    delete: AsyncRequest = _verb("DELETE")

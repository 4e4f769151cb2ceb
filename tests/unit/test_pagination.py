"""Lists: pages, cursors in both directions, and servers that page in odd ways."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import warnings
from typing import Any, Literal

import httpx
import pytest
from pydantic import Field

from openai_assistants import (
    APIResponseValidationError,
    AsyncCursorPage,
    AsyncOpenAI,
    AsyncPage,
    BaseModel,
    SyncCursorPage,
    SyncPage,
    UnknownValue,
    omit,
)
from openai_assistants._requests import Call, Operation

from . import support
from .support import FLAVOURS, KEY, Flavour, serve


class Item(BaseModel):
    """An item of a list."""

    id: str
    n: int | None = None


LIST = Operation("listItems", "GET", "/items")
WHOLE = Operation("listAll", "GET", "/all")


def call(*, into: type[BaseModel] = Item, **query: object) -> Call[Any]:
    return Call(LIST, query=query, into=into)


class Store:
    """A server with items 0 to n-1 that pages as this API does."""

    def __init__(self, count: int, *, limit: int = 3, **changes: Any) -> None:
        self.ids = [f"item_{n}" for n in range(count)]
        self.limit = limit
        self.changes = changes
        self.queries: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params.multi_items())
        self.queries.append(query)
        ids, limit = self.ids, int(query.get("limit", self.limit))
        if "before" in query:
            end = ids.index(query["before"])
            some, more = ids[max(0, end - limit) : end], end > limit
        else:
            start = ids.index(query["after"]) + 1 if "after" in query else 0
            some, more = ids[start : start + limit], start + limit < len(ids)
        body = {
            "object": "list",
            "data": [{"id": i, "n": int(i[5:])} for i in some],
            "first_id": some[0] if some else None,
            "last_id": some[-1] if some else None,
            "has_more": more,
        }
        return httpx.Response(200, json={k: v for k, v in {**body, **self.changes}.items() if v != "left out"})


def items(flavour: Flavour, server: Any, wanted: Call[Any] | None = None, **settings: Any) -> list[Any]:
    """All items of a list."""
    connection = flavour.connection(server, **settings)
    return flavour.collect(lambda: connection.page(wanted or call(), {}))


def first_page(flavour: Flavour, server: Any, wanted: Call[Any] | None = None, **settings: Any) -> Any:
    connection = flavour.connection(server, **settings)
    return flavour.do(lambda: connection.page(wanted or call(), {}))


def numbers(found: list[Any]) -> list[int]:
    return [item.n for item in found]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_iteration_gives_everything_once_in_order(flavour: Flavour, count: int) -> None:
    store = Store(count)
    assert numbers(items(flavour, store)) == list(range(count))
    assert len(store.queries) == max(1, -(-count // 3))
    assert [query.get("after") for query in store.queries] == [None, "item_2", "item_5"][: len(store.queries)]


class Sink(list[Any]):
    """Keeps nothing."""

    def append(self, item: Any) -> None:
        pass


def test_the_items_of_a_page_are_gone_before_the_next_one_is_fetched(flavour: Flavour) -> None:
    store, alive = Store(15), list[int]()

    def server(request: httpx.Request) -> httpx.Response:
        alive.append(sum(type(each) is Item for each in gc.get_objects()))
        return store(request)

    connection = flavour.connection(server)
    gc.collect()
    flavour.collect(lambda: connection.page(call(), {}), into=Sink())
    before = alive[0]
    assert len(alive) == 5
    # The last item is still in the hand of the loop; the first page of the sync client is what the loop began with.
    assert [count - before for count in alive[2:]] == [1 if flavour.is_async else 4] * 3


def test_a_page(flavour: Flavour) -> None:
    page = first_page(flavour, Store(5), call(limit=2, order="asc"))
    assert type(page) is (AsyncCursorPage if flavour.is_async else SyncCursorPage)
    assert [item.id for item in page.data] == ["item_0", "item_1"]
    assert all(type(item) is Item for item in page.data)
    assert (page.has_more, page.first_id, page.last_id, page.object) == (True, "item_0", "item_1", "list")
    assert page.response_record.status_code == 200
    assert page.deviations == ()
    assert page.has_next_page() is True
    assert page.to_dict()["data"] == [{"id": "item_0", "n": 0}, {"id": "item_1", "n": 1}]
    assert json.loads(page.to_json()) == page.to_dict() == page.model_dump()
    assert "item_0" in repr(page)
    assert page.to_json() == json.dumps(page.to_dict(), indent=2)
    assert page.to_json(indent=None).count("\n") == 0


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_a_list_that_was_not_awaited_says_so(flavour: Flavour) -> None:
    store = Store(2)
    found = flavour.connection(store).page(call(), {})
    for use in (list, lambda it: [*it], lambda it: next(iter(it))):
        with pytest.raises(TypeError, match=r"await client.*async for"):
            use(found)
    for name in ("data", "has_more", "has_next_page", "to_dict", "_request_id"):
        with pytest.raises(AttributeError, match=r"await client.*async for"):
            getattr(found, name)
    with pytest.raises(AttributeError, match=r"^'AsyncPaginator' object has no attribute 'dat'$"):
        _ = found.dat
    for name in ("data", "dat"):
        with pytest.raises(AttributeError) as caught:
            getattr(found, name)
        assert (caught.value.name, caught.value.obj) == (name, found)
    assert not hasattr(found, "data") and copy.copy(found) is not found
    assert (flavour.do(lambda: found)).data and len(store.queries) == 1


def test_a_page_is_dumped_as_a_model_is(flavour: Flavour) -> None:
    page = first_page(flavour, Store(5, last_id=None), call(limit=2))
    model = Item.model_validate({"id": "item_0", "n": 0})
    assert json.loads(page.model_dump_json()) == page.model_dump() == page.model_dump(mode="json")
    assert page.model_dump()["data"][0] == model.model_dump()
    assert "\n" not in page.model_dump_json() and "\n  " in page.model_dump_json(indent=2)
    assert page.model_dump_json(include={"has_more"}) == '{"has_more":true}'
    assert page.model_dump(exclude={"data": {"__all__": {"n"}}})["data"] == [{"id": "item_0"}, {"id": "item_1"}]
    assert page.to_dict()["last_id"] is None
    for dump in (page.to_dict, page.model_dump):
        assert "last_id" not in dump(exclude_none=True)
    assert "last_id" not in page.to_json(exclude_none=True)
    assert page.to_dict(mode="python", use_api_names=True, exclude_unset=False, exclude_defaults=True, warnings=True)
    with pytest.raises(TypeError, match="sorted"):
        page.model_dump(sorted=True)


class Renamed(BaseModel):
    """An item with a name that Python does not allow, a default, and a field that is often left out."""

    id: str
    class_: str | None = Field(default=None, alias="class")
    size: float = 1.0


ODD_PAGE = b"""{"object": "list", "has_more": null, "first_id": "a", "x": null, "data": [
    {"id": "a", "class": "c", "size": 1.0, "more": null}, {"id": "b", "class": null, "size": NaN}, {"id": 7}]}"""


@pytest.mark.parametrize("mode", ["json", "python"])
@pytest.mark.parametrize("use_api_names", [True, False])
@pytest.mark.parametrize("exclude_unset", [True, False])
@pytest.mark.parametrize("exclude_defaults", [True, False])
@pytest.mark.parametrize("exclude_none", [True, False])
def test_a_page_is_dumped_as_its_items_are(
    mode: Literal["json", "python"],
    use_api_names: bool,
    exclude_unset: bool,
    exclude_defaults: bool,
    exclude_none: bool,
) -> None:
    page = first_page(FLAVOURS[0], serve(httpx.Response(200, content=ODD_PAGE)), call(into=Renamed))
    options: Any = {
        "use_api_names": use_api_names,
        "exclude_unset": exclude_unset,
        "exclude_defaults": exclude_defaults,
        "exclude_none": exclude_none,
    }
    around = {"object": "list", "first_id": "a", **({} if exclude_none else {"has_more": None, "x": None})}
    expected = {**around, "data": [each.to_dict(mode=mode, **options) for each in page.data]}
    assert repr_sorted(page.to_dict(mode=mode, **options)) == repr_sorted(expected)
    of_pydantic = {"by_alias": use_api_names, **{name: options[name] for name in options if name != "use_api_names"}}
    assert repr_sorted(page.model_dump(mode=mode, **of_pydantic)) == repr_sorted(expected)
    items = [json.loads(each.to_json(**options)) for each in page.data]
    for text in (page.to_json(**options), page.model_dump_json(**of_pydantic)):
        assert json.loads(text) == {**around, "data": items}


def repr_sorted(document: dict[str, Any]) -> str:
    """Comparable also where it contains NaN."""
    return repr({name: document[name] for name in sorted(document)})


def test_by_default_a_page_is_dumped_as_a_model_is_by_default() -> None:
    page = first_page(FLAVOURS[0], serve(httpx.Response(200, content=ODD_PAGE)), call(into=Renamed))
    assert repr(page.to_dict()["data"]) == repr([each.to_dict() for each in page.data])
    assert repr(page.model_dump()["data"]) == repr([each.model_dump() for each in page.data])
    assert json.loads(page.to_json())["data"] == [json.loads(each.to_json()) for each in page.data]
    assert json.loads(page.model_dump_json())["data"] == [json.loads(each.model_dump_json()) for each in page.data]
    for dump in (page.to_dict, page.to_json, page.model_dump, page.model_dump_json):
        with pytest.warns(UserWarning, match="Expected `str`"):
            dump(warnings=True)


class Open(BaseModel):
    """An item whose states are not all known."""

    id: str
    state: Literal["open"] | UnknownValue


def test_in_python_a_page_keeps_the_types_of_values() -> None:
    page = first_page(
        FLAVOURS[0], serve(httpx.Response(200, json={"data": [{"id": "a", "state": "ajar"}]})), call(into=Open)
    )
    dumps = [page.model_dump(), page.model_dump(mode="python"), page.to_dict(mode="python")]
    assert [type(each["data"][0]["state"]) for each in dumps] == [UnknownValue] * 3
    assert [type(each["data"][0]["state"]) for each in (page.to_dict(), page.model_dump(mode="json"))] == [str] * 2


def test_a_page_is_dumped_with_the_items_that_it_has_now() -> None:
    page = first_page(FLAVOURS[0], Store(3))
    page.data = page.data[1:]
    assert [each["n"] for each in page.to_dict()["data"]] == [1, 2]
    assert [each["n"] for each in json.loads(page.to_json())["data"]] == [1, 2]


def test_what_a_server_left_out_is_in_a_dump_of_everything_only(flavour: Flavour) -> None:
    page = first_page(flavour, serve(httpx.Response(200, content=b'{"data": [{"id": "a"}], "x": NaN}')))
    assert page.to_dict()["data"] == [{"id": "a"}]
    assert page.model_dump()["data"] == [{"id": "a", "n": None}]
    assert json.loads(page.model_dump_json(exclude_unset=True)) == {"data": [{"id": "a"}], "x": None}


def test_what_the_answer_calls_itself(flavour: Flavour) -> None:
    assert first_page(flavour, Store(5, object="vector_stores.list")).object == "vector_stores.list"
    assert first_page(flavour, Store(5, object="left out")).object == "list"


PAGES = [httpx.Response(200, json={"data": [{"id": each}], "has_more": each != "c"}) for each in "abc"]


@pytest.mark.filterwarnings("ignore:the server sent the same page again")
@pytest.mark.parametrize("answers", [PAGES, PAGES[:2]], ids=["to the end", "the same again"])
@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_who_asks_on_after_the_end_of_a_list_sends_nothing(flavour: Flavour, answers: list[httpx.Response]) -> None:
    server = serve(*answers)
    pages = flavour.connection(server).page(call(), {}).iter_pages()

    async def ask() -> None:
        async for _ in pages:
            pass
        for _ in range(3):
            with pytest.raises(StopAsyncIteration):
                await anext(pages)

    flavour.do(ask)
    assert len(server.requests) == 3


def test_the_next_page_keeps_the_query(flavour: Flavour) -> None:
    store = Store(5)
    page = first_page(flavour, store, call(limit=2, order="asc"))
    following = flavour.do(page.get_next_page)
    assert numbers(following.data) == [2, 3]
    assert store.queries == [{"limit": "2", "order": "asc"}, {"limit": "2", "order": "asc", "after": "item_1"}]
    last = flavour.do(following.get_next_page)
    assert (numbers(last.data), last.has_next_page()) == ([4], False)
    with pytest.raises(RuntimeError, match="no next page"):
        flavour.do(last.get_next_page)


def test_a_page_that_a_program_made_pickles() -> None:
    page: Any = SyncCursorPage({"data": [{"id": "a"}], "has_more": False})
    assert pickle.loads(pickle.dumps(page)) == page


def test_an_iterator_among_the_arguments_is_sent_with_every_page(flavour: Flavour) -> None:
    store = Store(7)
    wanted = call(include=(name for name in ["a", "b"]))
    connection = flavour.connection(store)
    listed = flavour.do(lambda: connection.page(wanted, {}))
    assert numbers(flavour.collect(lambda: listed)) == list(range(7))
    assert [query.get("include[]") for query in store.queries] == ["b"] * 3  # the last one of two
    pickle.dumps(listed)


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_an_iterator_among_the_arguments_is_sent_each_time_that_the_list_is_fetched(flavour: Flavour) -> None:
    store = Store(1)
    paginator = flavour.connection(store).page(call(include=iter(["a"])), {})
    flavour.do(lambda: paginator)
    flavour.do(lambda: paginator)
    assert [query.get("include[]") for query in store.queries] == ["a", "a"]


def test_options_hold_for_all_pages(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json={"data": [{"id": "a"}], "has_more": True}),
        httpx.Response(200, json={"data": [{"id": "b"}], "has_more": False}),
    )
    connection = flavour.connection(server)
    flavour.collect(lambda: connection.page(call(), {"extra_headers": {"X-Mine": "1"}}))
    assert server.sent("x-mine") == ["1", "1"]


def test_backward(flavour: Flavour) -> None:
    store = Store(10)
    found = items(flavour, store, call(before="item_8"))
    assert numbers(found) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [query.get("before") for query in store.queries] == ["item_8", "item_5", "item_2"]
    assert not any("after" in query for query in store.queries)


def test_the_data_of_a_backward_page_stays_as_sent(flavour: Flavour) -> None:
    page = first_page(flavour, Store(10), call(before="item_8"))
    assert numbers(page.data) == [5, 6, 7]
    following = flavour.do(page.get_next_page)
    assert numbers(following.data) == [2, 3, 4]


def test_from_both_ends_only_before_goes_on(flavour: Flavour) -> None:
    store = Store(10)
    items(flavour, store, call(before="item_8", after="item_1"))
    assert store.queries[0]["after"] == "item_1"
    assert not any("after" in query for query in store.queries[1:])


@pytest.mark.parametrize("sent", ["left out", None])
def test_without_has_more_the_list_goes_on_to_an_empty_page(flavour: Flavour, sent: object) -> None:
    store = Store(6, has_more=sent)
    assert numbers(items(flavour, store)) == list(range(6))
    assert len(store.queries) == 3
    page = first_page(flavour, Store(6, has_more=sent))
    assert page.has_more is None
    assert page.has_next_page() is True


@pytest.mark.parametrize("has_more", [True, False, None])
def test_an_empty_page_is_the_end_whatever_it_says(flavour: Flavour, has_more: object) -> None:
    store = Store(0, has_more=has_more, first_id="none", last_id="")
    assert items(flavour, store) == []
    assert len(store.queries) == 1


@pytest.mark.parametrize("sent", ["left out", None, "", "none", "wrong"])
def test_the_ids_around_a_page_do_not_matter_where_items_have_ids(flavour: Flavour, sent: object) -> None:
    store = Store(7, first_id=sent, last_id=sent)
    assert numbers(items(flavour, store)) == list(range(7))
    backward = Store(7, first_id=sent, last_id=sent)
    assert numbers(items(flavour, backward, call(before="item_6"))) == [5, 4, 3, 2, 1, 0]


class Nameless(BaseModel):
    """An item without id."""

    text: str


def test_items_without_ids_go_on_from_the_ids_around_the_page(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json={"data": [{"text": "a"}], "has_more": True, "last_id": "x"}),
        httpx.Response(200, json={"data": [{"text": "b"}], "has_more": False, "last_id": "y"}),
    )
    connection = flavour.connection(server)
    found = flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))
    assert [item.text for item in found] == ["a", "b"]
    assert server.requests[1].url.params["after"] == "x"


def test_items_without_ids_go_backward_from_the_ids_around_the_page(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json={"data": [{"text": "b"}], "has_more": True, "first_id": "x"}),
        httpx.Response(200, json={"data": [{"text": "a"}], "has_more": False, "first_id": "y"}),
    )
    connection = flavour.connection(server)
    found = flavour.collect(lambda: connection.page(Call(LIST, query={"before": "z"}, into=Nameless), {}))
    assert [item.text for item in found] == ["b", "a"]
    assert server.requests[1].url.params["before"] == "x"


def test_an_id_that_is_no_text_is_none_to_go_on_from(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json={"data": [{"id": 1}], "has_more": True, "last_id": "x"}),
        httpx.Response(200, json={"data": [{"id": 2}], "has_more": False, "last_id": 3}),
    )
    assert [item.id for item in items(flavour, server)] == [1, 2]
    assert server.requests[1].url.params["after"] == "x"


@pytest.mark.parametrize("before", [omit, None])
def test_an_argument_that_is_not_given_does_not_turn_the_list_round(flavour: Flavour, before: object) -> None:
    assert numbers(items(flavour, Store(5), call(before=before))) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("last_id", [None, "", "none"])
def test_no_id_to_go_on_from_ends_the_list_with_a_warning(flavour: Flavour, last_id: object) -> None:
    server = serve(httpx.Response(200, json={"data": [{"text": "a"}], "has_more": True, "last_id": last_id}))
    connection = flavour.connection(server)
    with pytest.warns(UserWarning, match="gives no id") as caught:
        found = flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))
    assert (len(found), len(server.requests), len(caught)) == (1, 1, 1)


def test_the_same_page_again_ends_the_list_with_a_warning(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"id": "a"}, {"id": "b"}], "has_more": True}))
    with pytest.warns(UserWarning, match="same page again") as caught:
        found = items(flavour, server)
    assert [item.id for item in found] == ["a", "b"]
    assert (len(server.requests), len(caught)) == (2, 1)


def test_the_same_page_again_backward(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"id": "a"}, {"id": "b"}], "has_more": True}))
    with pytest.warns(UserWarning, match="same page again"):
        found = items(flavour, server, call(before="c"))
    assert [item.id for item in found] == ["b", "a"]


def by_hand(flavour: Flavour, server: Any, wanted: Call[Any] | None = None) -> list[Any]:
    """All pages, as programs get them one by one."""
    connection = flavour.connection(server)

    def blocking() -> list[Any]:
        pages = [connection.page(wanted or call(), {})]
        while pages[-1].has_next_page():
            pages.append(pages[-1].get_next_page())
        return pages

    async def awaiting() -> list[Any]:
        pages = [await connection.page(wanted or call(), {})]
        while pages[-1].has_next_page():
            pages.append(await pages[-1].get_next_page())
        return pages

    return flavour.do(awaiting if flavour.is_async else blocking)


@pytest.mark.parametrize("before", [None, "c"])
@pytest.mark.parametrize("more", [{}, {"has_more": True}, {"has_more": None, "last_id": "none"}], ids=repr)
def test_walking_by_hand_over_a_server_that_ignores_cursors_ends(
    flavour: Flavour, before: str | None, more: dict[str, Any]
) -> None:
    """That server sends the one page that it has, whatever it is asked for."""
    server = serve(httpx.Response(200, json={"data": [{"id": "a"}, {"id": "b"}], **more}))
    with pytest.warns(UserWarning, match="same page again") as caught:
        pages = by_hand(flavour, server, call(before=before) if before else None)
    assert (len(pages), len(server.requests), len(caught)) == (2, 2, 1)
    assert caught[0].filename == __file__


def test_a_server_that_ignores_where_a_list_is_to_begin(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"id": "a"}, {"id": "b"}], "has_more": True}))
    with pytest.warns(UserWarning, match="same page again"):
        assert [item.id for item in items(flavour, server, call(after="b"))] == ["a", "b"]
    assert len(server.requests) == 1


def test_walking_by_hand_over_pages_of_items_without_ids_ends(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"text": "a"}], "has_more": True, "last_id": "x"}))
    with pytest.warns(UserWarning, match="same page again"):
        assert len(by_hand(flavour, server, Call(LIST, into=Nameless))) == 2


@pytest.mark.parametrize("wanted", [{}, {"before": "item_7"}, {"after": "item_0"}], ids=repr)
def test_walking_by_hand_over_a_good_list_gives_all_of_it(flavour: Flavour, wanted: dict[str, Any]) -> None:
    pages = by_hand(flavour, Store(8), call(**wanted))
    found = [item.n for page in pages for item in page.in_order()]
    assert sorted(found) == list(range(1 if "after" in wanted else 0, 7 if "before" in wanted else 8))


def lists(*pages: str, **more: Any) -> list[httpx.Response]:
    """Answers with these items each, and more to come."""
    return [httpx.Response(200, json={"data": [{"id": id} for id in page], "has_more": True, **more}) for page in pages]


@pytest.mark.parametrize("pages", [("ab", "cd", "ab"), ("a", "b", "c", "a"), ("ab", "cd", "ef", "cd")], ids=str)
def test_a_page_that_came_before_ends_the_list_with_a_warning(flavour: Flavour, pages: tuple[str, ...]) -> None:
    server = serve(*lists(*pages), RuntimeError("asked too often"))
    with pytest.warns(UserWarning, match="same page again") as caught:
        found = items(flavour, server)
    assert "".join(item.id for item in found) == "".join(pages[:-1])
    assert len(caught) == 1


def test_a_cursor_that_was_used_before_ends_the_list_with_a_warning(flavour: Flavour) -> None:
    server = serve(*lists("ab", "cd", "eb"), RuntimeError("asked too often"))
    with pytest.warns(UserWarning, match="leads back") as caught:
        found = items(flavour, server)
    assert "".join(item.id for item in found) == "abcdeb"
    assert (len(server.requests), len(caught)) == (3, 1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"data": [{"text": "a"}], "has_more": True}, "gives no id"),
        ({"data": [{"id": "a"}], "has_more": True}, "same page again"),
        ({"data": [{"text": "a"}], "has_more": True, "last_id": "x"}, "leads back"),
    ],
)
def test_warnings_name_the_line_of_the_program(flavour: Flavour, answer: dict[str, Any], says: str) -> None:
    connection = flavour.connection(serve(httpx.Response(200, json=answer)))
    with pytest.warns(UserWarning, match=says) as caught:
        flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))
    assert [each.filename for each in caught] == [support.__file__]


def test_the_same_page_again_of_which_not_all_items_have_ids(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"text": "a"}, {"id": "b"}], "has_more": True}))
    connection = flavour.connection(server)
    with pytest.warns(UserWarning, match="same page again"):
        found = flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))
    assert (len(found), len(server.requests)) == (2, 2)


@pytest.mark.parametrize("item", [{"text": "a"}, {"text": "a", "id": None}, {"text": "a", "id": ""}])
def test_pages_of_items_without_ids_are_not_the_same_page(flavour: Flavour, item: dict[str, Any]) -> None:
    pages = [{"data": [item], "has_more": bool(more), "last_id": more} for more in ("x", "y", None)]
    connection = flavour.connection(serve(*(httpx.Response(200, json=page) for page in pages)))
    assert len(flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))) == 3


def test_items_without_ids_and_always_the_same_cursor_end_the_list(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"text": "a"}], "has_more": True, "last_id": "x"}))
    connection = flavour.connection(server)
    with pytest.warns(UserWarning, match="leads back"):
        found = flavour.collect(lambda: connection.page(Call(LIST, into=Nameless), {}))
    assert (len(found), len(server.requests)) == (2, 2)


def test_a_page_can_be_iterated_over_again(flavour: Flavour) -> None:
    page = first_page(flavour, Store(8))
    for _ in range(2):
        assert numbers(flavour.collect(lambda: page)) == list(range(8))


def test_a_bare_list(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json=[{"id": "a"}, {"id": "b"}]), httpx.Response(200, json=[]))
    page = first_page(flavour, server)
    assert [item.id for item in page.data] == ["a", "b"]
    assert (page.has_more, page.first_id, page.last_id) == (None, None, None)
    assert len(page.deviations) == 1
    assert flavour.do(page.get_next_page).data == []


@pytest.mark.parametrize("data", [None, "left out", "text", {"id": "a"}, 5, True], ids=repr)
def test_an_answer_without_a_list_gives_no_items(flavour: Flavour, data: object) -> None:
    answer = {"object": "list", "data": data, "has_more": False}
    server = serve(httpx.Response(200, json={k: v for k, v in answer.items() if v != "left out"}))
    try:
        page = first_page(flavour, server)
    except APIResponseValidationError:
        return
    assert page.data == []
    assert page.deviations


def test_deviating_items_keep_their_place(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json={"data": [{"id": "a"}, {"n": 5}, {"id": "c", "n": "x"}], "has_more": False})
    )
    page = first_page(flavour, server)
    assert [(item.id, item.n) for item in page.data] == [("a", None), (None, 5), ("c", "x")]
    assert sorted(d.path for d in page.deviations) == ["data[1].id", "data[2].n"]
    with pytest.raises(APIResponseValidationError, match=r"data\[1\].id.*data\[2\].n"):
        first_page(flavour, server, strict=True)


@pytest.mark.parametrize(("n", "requests"), [(-1, 0), (0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (99, 3)])
def test_first_fetches_no_more_pages_than_it_takes(flavour: Flavour, n: int, requests: int) -> None:
    store = Store(8)
    connection = flavour.connection(store)
    found = flavour.do(lambda: connection.page(call(), {}).first(n))
    assert numbers(found) == list(range(8))[: max(0, n)]
    # The blocking client has its first page before anybody can ask for items.
    assert len(store.queries) == max(requests, 0 if flavour.is_async else 1)


def test_first_of_a_page(flavour: Flavour) -> None:
    store = Store(8)
    page = first_page(flavour, store)
    assert numbers(flavour.do(lambda: page.first(3))) == [0, 1, 2]
    assert len(store.queries) == 1
    assert numbers(flavour.do(lambda: page.first(4))) == [0, 1, 2, 3]
    assert len(store.queries) == 2


def test_breaking_off_fetches_nothing_more(flavour: Flavour) -> None:
    store = Store(8)
    connection = flavour.connection(store)

    async def some() -> list[int]:
        found = []
        async for item in connection.page(call(), {}):
            found.append(item.n)
            if len(found) == 3:
                break
        return found

    def some_now() -> list[int]:
        found = []
        for item in connection.page(call(), {}):
            found.append(item.n)
            if len(found) == 3:
                break
        return found

    assert flavour.do(some if flavour.is_async else some_now) == [0, 1, 2]
    assert len(store.queries) == 1


def test_pages(flavour: Flavour) -> None:
    store = Store(7)
    connection = flavour.connection(store)
    pages = flavour.collect(lambda: connection.page(call(), {}).iter_pages())
    assert [numbers(page.data) for page in pages] == [[0, 1, 2], [3, 4, 5], [6]]


def test_iterating_twice_begins_again(flavour: Flavour) -> None:
    store = Store(4)
    page = first_page(flavour, store)
    assert numbers(flavour.collect(lambda: page)) == numbers(flavour.collect(lambda: page)) == [0, 1, 2, 3]


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_an_async_list_is_not_fetched_before_it_is_wanted(flavour: Flavour) -> None:
    store = Store(4)
    paginator = flavour.connection(store).page(call(), {})
    assert store.queries == []
    assert numbers(flavour.collect(lambda: paginator)) == [0, 1, 2, 3]
    assert numbers(flavour.collect(lambda: aiter(aiter(paginator)))) == [0, 1, 2, 3]
    assert numbers(flavour.do(lambda: paginator).data) == [0, 1, 2]


def test_a_list_that_comes_whole(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={"data": [{"id": "a"}, {"id": "b"}]}))
    connection = flavour.connection(server)
    page = flavour.do(lambda: connection.plain_page(Call(WHOLE, into=Item), {}))
    assert type(page) is (AsyncPage if flavour.is_async else SyncPage)
    assert page.has_next_page() is False
    assert [item.id for item in flavour.collect(lambda: page)] == ["a", "b"]
    assert [item.id for item in flavour.do(lambda: page.first(1))] == ["a"]
    assert len(server.requests) == 1


class Client:
    """What `bind` wants of a client."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection


DUPLICATES: dict[str, Any] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda page, p=p: pickle.loads(pickle.dumps(page, p)) for p in range(6)},
}


@pytest.mark.parametrize("how", DUPLICATES)
def test_a_pickled_page_keeps_its_data_and_goes_on_when_bound(flavour: Flavour, how: str) -> None:
    store = Store(5)
    connection = flavour.connection(store)
    options = {"extra_headers": {"Authorization": f"Bearer {KEY}"}}
    page = flavour.do(lambda: connection.page(call(limit=2), options))
    again = DUPLICATES[how](page)
    assert again == page
    assert again.to_dict() == page.to_dict()
    assert type(again.data[0]) is Item
    assert again.response_record.status_code == 200
    assert again.has_next_page()
    with pytest.raises(RuntimeError, match="bind"):
        flavour.do(again.get_next_page)
    assert again.bind(Client(connection)) is again
    assert numbers(flavour.collect(lambda: again)) == [0, 1, 2, 3, 4]
    assert store.queries[-1]["limit"] == "2"
    assert KEY.encode() not in pickle.dumps(page)


@pytest.mark.parametrize("how", DUPLICATES)
def test_copies_of_a_list_that_comes_whole(flavour: Flavour, how: str) -> None:
    body = {"object": "list", "data": [{"id": "a", "newer": {"b": [1]}}, {"id": 5}], "total": 2}
    headers = {"x-request-id": "req_1", "set-cookie": KEY}
    connection = flavour.connection(serve(httpx.Response(200, json=body, headers=headers)))
    page = flavour.do(lambda: connection.plain_page(Call(WHOLE, into=Item), {}))
    again = DUPLICATES[how](page)
    assert type(again) is type(page)
    assert again == page
    assert again.to_dict() == json.loads(again.to_json()) == body
    assert [type(item) for item in again.data] == [Item, Item]
    assert again.deviations == page.deviations != ()
    assert again._request_id == "req_1"
    assert again.has_next_page() is False
    assert [item.id for item in flavour.collect(lambda: again)] == ["a", 5]
    assert repr(again) == repr(page)
    if how.startswith("pickle"):
        assert KEY.encode() not in pickle.dumps(page, int(how[-1]))


@pytest.mark.parametrize("how", DUPLICATES)
def test_a_backward_page_stays_backward(flavour: Flavour, how: str) -> None:
    store = Store(10)
    again = DUPLICATES[how](first_page(flavour, store, call(before="item_8")))
    again.bind(Client(flavour.connection(store)))
    assert numbers(flavour.collect(lambda: again)) == [7, 6, 5, 4, 3, 2, 1, 0]


def test_a_copy_has_items_of_its_own(flavour: Flavour) -> None:
    page = first_page(flavour, Store(3))
    again = copy.deepcopy(page)
    again.data[0].id = "changed"
    again.data.pop()
    assert [item.id for item in page.data] == ["item_0", "item_1", "item_2"]
    assert len(page.to_dict()["data"]) == 3


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_a_list_that_was_not_awaited_cannot_be_pickled(flavour: Flavour) -> None:
    client = AsyncOpenAI(api_key=KEY, http_client=flavour.http(Store(1)))
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client.beta.assistants.list())


def test_pages_are_equal_by_what_was_sent(flavour: Flavour) -> None:
    page, same, other = (first_page(flavour, Store(count)) for count in (5, 5, 2))
    assert page == same
    assert page != other
    assert page != page.to_dict()


def test_a_page_that_no_client_made() -> None:
    page: SyncCursorPage[Item] = SyncCursorPage({"data": [Item(id="a")], "has_more": True})
    with pytest.raises(RuntimeError, match="client"):
        page.get_next_page()
    with pytest.raises(ValueError, match="list method"):
        page.bind(Client(None))


def test_a_good_list_does_not_warn(flavour: Flavour) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(items(flavour, Store(9))) == 9
        assert len(items(flavour, Store(9, has_more=None))) == 9

"""What the generator refuses, each with the file, the place and the reason.

Each case is one change to the small API in golden/library, which is accepted as it is.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.load import SpecError, load, resolve
from codegen.parse import parse
from codegen.render import render
from codegen.sdk import parse_sdk

LIBRARY = Path(__file__).parent / "golden" / "library"
SPEC = yaml.safe_load((LIBRARY / "specs/v2/library.yaml").read_text(encoding="utf-8"))
BOTH = yaml.safe_load((LIBRARY / "sdk.yaml").read_text(encoding="utf-8"))
SDK = copy.deepcopy(BOTH)
del SDK["versions"]["v1"], SDK["versions"]["v2"]["root"]["children"]["old"]

GONE = object()
"""Remove what is at the pointer."""

BOOK = "/components/schemas/Book"
TITLE = f"{BOOK}/properties/title"
REQUEST = "/components/schemas/CreateBookRequest"
LIST = "/paths/~1shelves~1{shelf_id}~1books/get"
CREATE = "/paths/~1shelves~1{shelf_id}~1books/post"
GET = "/paths/~1shelves~1{shelf_id}~1books~1{book_id}/get"
SCANS = "/paths/~1scans/get"
V2 = "/versions/v2"
TOPIC = f"{V2}/topics/books/schemas"
EVENTS = f"{V2}/topics/events/schemas"
METHODS = f"{V2}/resources/books/methods"
HELPERS = f"{V2}/resources/books/helpers"

OBJECT = {"type": "object", "properties": {}, "description": "d"}
REF_TEXT = {"$ref": "#/components/schemas/Text"}
REF_IMAGE = {"$ref": "#/components/schemas/Image"}
JSON = "application~1json"

SPEC_CASES: list[tuple[str, str, object, str, str]] = [
    ("unknown keyword", f"{TITLE}/contentEncoding", "base64", f"{TITLE}/contentEncoding", "keyword contentEncoding"),
    ("keyword of another type", f"{TITLE}/maximum", 3, f"{TITLE}/maximum", "keyword maximum"),
    (
        "allOf",
        f"{BOOK}/properties/genre",
        {"description": "d", "allOf": []},
        f"{BOOK}/properties/genre",
        "`type: None`",
    ),
    ("deprecated", f"{TITLE}/deprecated", True, f"{TITLE}/deprecated", "keyword deprecated"),
    ("inline object", TITLE, OBJECT, TITLE, "an object with properties must be a schema with a name"),
    ("map of nothing", TITLE, {"type": "object", "description": "d"}, f"{TITLE}/additionalProperties", "a mapping"),
    (
        "unnamed union of objects",
        TITLE,
        {"description": "d", "oneOf": [REF_TEXT, REF_IMAGE]},
        TITLE,
        "a union of objects must be a schema with a name and a discriminator",
    ),
    (
        "unnamed tagged union",
        TITLE,
        {"description": "d", "oneOf": [REF_TEXT, REF_IMAGE], "discriminator": {"propertyName": "type"}},
        TITLE,
        "a tagged union must be a schema with a name",
    ),
    ("no branch", TITLE, {"description": "d", "anyOf": [{"type": "null"}]}, TITLE, "no branch that is not null"),
    (
        "null twice",
        TITLE,
        {"description": "d", "anyOf": [{"type": ["string", "null"]}, {"type": "null"}]},
        TITLE,
        "null must be a branch of its own",
    ),
    ("two types", f"{TITLE}/type", ["string", "integer"], TITLE, "`type: ['string', 'integer']`"),
    ("unknown format", f"{TITLE}/format", "uuid", f"{TITLE}/format", "the format uuid"),
    (
        "number constant",
        f"{BOOK}/properties/object/const",
        1,
        f"{BOOK}/properties/object",
        "a constant must be a string",
    ),
    ("enum of numbers", f"{BOOK}/properties/state/enum", [1], f"{BOOK}/properties/state", "a list of strings"),
    ("enum value twice", f"{BOOK}/properties/state/enum", ["a", "a"], f"{BOOK}/properties/state/enum", "listed twice"),
    ("no description", f"{TITLE}/description", GONE, TITLE, "there is no description"),
    ("required but absent", f"{BOOK}/required/0", "nothing", f"{BOOK}/required/0", "no property nothing"),
    ("properties without type", f"{BOOK}/type", GONE, BOOK, "must say `type: object`"),
    ("open object", f"{BOOK}/additionalProperties", True, f"{BOOK}/additionalProperties", "not both"),
    ("field is a keyword", f"{BOOK}/properties/from", {"type": "string"}, f"{BOOK}/properties/from", "from cannot be"),
    (
        "field hides a method",
        f"{BOOK}/properties/copy",
        {"type": "string"},
        f"{BOOK}/properties/copy",
        "copy cannot be",
    ),
    (
        "field hides the view of a time",
        f"{BOOK}/properties/created_at_datetime",
        {"type": "string", "description": "d"},
        BOOK,
        "created_at_datetime is the name of the view of created_at",
    ),
    ("file in a result", f"{TITLE}/format", "binary", BOOK, "a result cannot contain a file"),
    (
        "tag is missing",
        "/components/schemas/Text/required/0",
        GONE,
        "/components/schemas/Part/oneOf/0",
        "property type",
    ),
    (
        "tag is open",
        "/components/schemas/Text/properties/type",
        {"type": "string", "description": "d"},
        "/components/schemas/Text/properties/type",
        "the tag of a union must be a constant or an enum",
    ),
    (
        "number in a tagged union",
        "/components/schemas/Part/oneOf/0",
        {"type": "integer"},
        "/components/schemas/Part/oneOf/0",
        "references and string enums only",
    ),
    (
        "discriminator with mapping",
        "/components/schemas/Part/discriminator/mapping",
        {},
        "/components/schemas/Part",
        "a discriminator with propertyName only",
    ),
    (
        "reference to a page",
        TITLE,
        {"$ref": "#/components/schemas/ListBooksResponse", "description": "d"},
        TITLE,
        "ListBooksResponse is page",
    ),
    (
        "schema not in sdk.yaml",
        "/components/schemas/Text2",
        copy.deepcopy(OBJECT),
        "/components/schemas/Text2",
        "not in sdk.yaml",
    ),
    ("path parameter not declared", f"{GET}/parameters/0", GONE, GET, "declares ['book_id']"),
    ("path parameter not in the path", f"{LIST}/parameters/1/in", "path", f"{LIST}/parameters/1", "a required string"),
    ("header parameter", f"{LIST}/parameters/1/in", "header", f"{LIST}/parameters/1/in", "parameters in header"),
    ("array without brackets", f"{LIST}/parameters/3/name", "include", f"{LIST}/parameters/3", "name that ends in []"),
    ("unknown keyword of an operation", f"{GET}/callbacks", {}, f"{GET}/callbacks", "keyword callbacks"),
    ("no summary", f"{GET}/summary", GONE, GET, "there is no summary"),
    ("two answers", f"{GET}/responses/202", {}, f"{GET}/responses", "one answer, 200"),
    (
        "answer without name",
        f"{GET}/responses/200/content/{JSON}/schema",
        OBJECT,
        f"{GET}/responses/200/content/{JSON}/schema",
        "an answer must be a schema with a name",
    ),
    (
        "answer of a strange type",
        f"{GET}/responses/200/content",
        {"text/csv": {}},
        f"{GET}/responses/200/content",
        "the media types text/csv",
    ),
    (
        "body without name",
        f"{CREATE}/requestBody/content/{JSON}/schema",
        OBJECT,
        f"{CREATE}/requestBody/content/{JSON}/schema",
        "a request body must be a schema with a name",
    ),
    (
        "body of a strange type",
        f"{CREATE}/requestBody/content",
        {"text/csv": {}},
        f"{CREATE}/requestBody/content",
        "a request body is either",
    ),
    (
        "argument twice",
        f"{REQUEST}/properties/shelf_id",
        {"type": "string", "description": "d"},
        CREATE,
        "shelf_id cannot be an argument",
    ),
    (
        "argument of the request options",
        f"{REQUEST}/properties/timeout",
        {"type": "number", "description": "d"},
        CREATE,
        "timeout cannot be an argument",
    ),
    (
        "argument of our own",
        f"{REQUEST}/properties/options",
        {"type": "string", "description": "d"},
        CREATE,
        "options cannot be an argument",
    ),
    (
        "page without data",
        "/components/schemas/ListBooksResponse/properties/data/items",
        {"type": "string"},
        "/components/schemas/ListBooksResponse",
        "a page has an array `data`",
    ),
]

SDK_CASES: list[tuple[str, str, object, str, str]] = [
    ("unknown key", f"{V2}/colour", "red", f"{V2}/colour", "unknown key"),
    ("missing key", f"{V2}/resources/books/doc", GONE, f"{V2}/resources/books", "doc is missing"),
    ("no such schema", f"{TOPIC}/Novel", {"result": "Novel"}, f"{TOPIC}/Novel", "there is no schema Novel"),
    (
        "schema in two topics",
        f"{V2}/topics/scans/schemas/Book",
        {"result": "Book"},
        f"{V2}/topics/scans/schemas/Book",
        "under books too",
    ),
    ("schema without a role", f"{TOPIC}/Book", {}, f"{TOPIC}/Book", "needs result or param"),
    (
        "result name missing",
        f"{TOPIC}/ImageScan",
        {"param": "Scanned"},
        f"{TOPIC}/ImageScan",
        "needs a result name, because /components/schemas/Image",
    ),
    ("param name missing", f"{TOPIC}/Text", {"result": "TextPart"}, f"{TOPIC}/Text", "needs a param name"),
    ("result name idle", f"{TOPIC}/Ending/result", "Ending", f"{TOPIC}/Ending", "nothing uses the result name Ending"),
    (
        "param name idle",
        f"{TOPIC}/Query/param",
        "QueryParam",
        f"{TOPIC}/Query",
        "nothing uses the param name QueryParam",
    ),
    ("name taken", f"{TOPIC}/Text/result", "Book", f"{TOPIC}/Text", "types.books has a Book already"),
    (
        "name taken by params",
        f"{TOPIC}/Text/param",
        "BookListParams",
        "/resources",
        "types.book_params has a BookListParams already",
    ),
    ("no Python name", f"{TOPIC}/Text/result", "Text-Part", f"{TOPIC}/Text", "Text-Part cannot be a name"),
    ("union without unknown", f"{TOPIC}/Part/unknown", GONE, f"{TOPIC}/Part", "the name of its unknown member"),
    ("unknown for a model", f"{TOPIC}/Book/unknown", "UnknownBook", f"{TOPIC}/Book", "for tagged unions"),
    ("unknown for an alias", f"{TOPIC}/Genre/unknown", "UnknownGenre", f"{TOPIC}/Genre", "unknown and base are for"),
    ("base for an alias", f"{TOPIC}/Genre/base", "BookBase", f"{TOPIC}/Genre", "unknown and base are for classes"),
    ("base for a parameter", f"{TOPIC}/NewCover/base", "BookBase", f"{TOPIC}/NewCover", "base is for results"),
    ("no such base", f"{TOPIC}/Book/base", "NovelBase", f"{TOPIC}/Book/base", "no class NovelBase under runtime"),
    ("base is a module", f"{TOPIC}/Book/base", "polling", f"{TOPIC}/Book/base", "no class polling under runtime"),
    ("base beside a union's", f"{EVENTS}/BookCreated/base", "BookBase", f"{EVENTS}/BookCreated", "different bases"),
    (
        "view hidden by a field",
        f"{V2}/fields",
        {"schema": "schema_", "title": "datetime"},
        "/versions",
        "Book.created_at_datetime needs the type datetime, which a field of the class hides",
    ),
    ("tag beside a discriminator", f"{TOPIC}/Part/tag", "type", f"{TOPIC}/Part", "unions that have no discriminator"),
    ("tag for a model", f"{TOPIC}/Book/tag", "type", f"{TOPIC}/Book", "tag is for unions"),
    ("accepts without param", f"{TOPIC}/Book/accepts", "Text", f"{TOPIC}/Book", "accepts is for parameters"),
    (
        "no such operation",
        f"{METHODS}/retrieve/operation",
        "getNovel",
        f"{METHODS}/retrieve",
        "there is no operation getNovel",
    ),
    (
        "operation twice",
        f"{METHODS}/fetch",
        {"operation": "getBook", "positional": ["book_id"]},
        f"{METHODS}/fetch",
        "getBook is a method already",
    ),
    ("operation missing", f"{METHODS}/retrieve", GONE, GET, "the operation getBook is not in sdk.yaml"),
    (
        "positional missing",
        f"{METHODS}/retrieve/positional",
        GONE,
        f"{METHODS}/retrieve",
        "the path parameters are shelf_id, book_id",
    ),
    (
        "positional is no path parameter",
        f"{METHODS}/list/positional",
        ["limit"],
        f"{METHODS}/list",
        "limit is no path parameter",
    ),
    (
        "params missing",
        f"{METHODS}/list/params",
        GONE,
        f"{METHODS}/list",
        "params is for operations with a query or body",
    ),
    (
        "params without need",
        f"{METHODS}/retrieve/params",
        "BookRetrieveParams",
        f"{METHODS}/retrieve",
        "params is for operations",
    ),
    (
        "page for an object",
        f"{METHODS}/retrieve/page",
        "cursor",
        f"{METHODS}/retrieve",
        "page does not fit the answer Book",
    ),
    (
        "no page for a page",
        f"{METHODS}/list/page",
        GONE,
        f"{METHODS}/list",
        "page does not fit the answer ListBooksResponse",
    ),
    (
        "cursor without after",
        f"{V2}/resources/scans/methods/list/page",
        "cursor",
        f"{V2}/resources/scans/methods/list",
        "no parameter `after`",
    ),
    ("strange page", f"{METHODS}/list/page", "numbered", f"{METHODS}/list/page", "must be cursor or plain"),
    (
        "stream missing",
        f"{METHODS}/create/stream",
        GONE,
        f"{METHODS}/create",
        "stream is for operations that can answer",
    ),
    ("stream is no switch", f"{METHODS}/create/stream", "title", f"{METHODS}/create", "title is no boolean or null"),
    ("flag is false", f"{V2}/resources/books/beta", False, f"{V2}/resources/books/beta", "can only be true"),
    ("thing is a flag", f"{METHODS}/create/may_duplicate", True, f"{METHODS}/create/may_duplicate", "must be a text"),
    (
        "no such child",
        f"{V2}/resources/shelves/children/maps",
        "maps",
        f"{V2}/resources/shelves/children/maps",
        "there is no resource maps",
    ),
    (
        "child of no version",
        f"{V2}/resources/shelves/children/maps",
        "v9:maps",
        f"{V2}/resources/shelves/children/maps",
        "there is no version v9",
    ),
    (
        "resource without place",
        f"{V2}/resources/shelves/children/books",
        GONE,
        f"{V2}/resources/books",
        "no resource has this one as child",
    ),
    (
        "member name twice",
        f"{HELPERS}/list",
        {"wraps": "getBook", "doc": "d", "returns_doc": "d", "drive": "call"},
        f"{V2}/resources/books",
        "two members of the resource",
    ),
    (
        "member name of ours",
        f"{HELPERS}/with_raw_response",
        {"wraps": "getBook", "doc": "d", "returns_doc": "d", "drive": "call"},
        f"{V2}/resources/books",
        "every resource has a member with_raw_response of ours",
    ),
    ("helper of nothing", f"{HELPERS}/write/wraps", "getNovel", f"{HELPERS}/write", "there is no operation getNovel"),
    (
        "helper drops nothing",
        f"{HELPERS}/create_and_wait/without",
        ["novel"],
        f"{HELPERS}/create_and_wait",
        "createBook has no argument novel",
    ),
    (
        "keyword without default",
        f"{HELPERS}/copy/keywords/source/required",
        GONE,
        f"{HELPERS}/copy/keywords/source",
        "needs one of default, required",
    ),
    (
        "required keyword with a default",
        f"{HELPERS}/copy/keywords/source/default",
        "''",
        f"{HELPERS}/copy/keywords/source",
        "needs one of default, required",
    ),
    (
        "helper takes by position what may be left out",
        f"{HELPERS}/copy/positional",
        ["shelf_id", "waiting_place"],
        f"{HELPERS}/copy",
        "waiting_place is no required argument of createBook",
    ),
    (
        "helper takes by position what it drops",
        f"{HELPERS}/copy/without",
        ["stream", "content"],
        f"{HELPERS}/copy",
        "content is no required argument of createBook",
    ),
    (
        "operation takes a taken name",
        f"{V2}/resources/books/methods/create/keywords",
        {"title": {"type": "str", "default": "''", "doc": "d"}},
        "/paths/~1shelves~1{shelf_id}~1books/post",
        "title cannot be an argument, or is one already",
    ),
    (
        "operation has no such keywords",
        f"{V2}/resources/books/methods/create/keywords/0",
        "sleeping",
        f"{V2}/resources/books/methods/create/keywords/0",
        "no set of keywords sleeping",
    ),
    (
        "helper without work",
        f"{HELPERS}/create_and_wait/drive",
        GONE,
        f"{HELPERS}/create_and_wait",
        "one of drive, read_as, build",
    ),
    (
        "helper reads as nothing known",
        f"{V2}/resources/scans/helpers/text/read_as",
        "Novel",
        f"{V2}/resources/scans/helpers/text/read_as",
        "must be str or bytes",
    ),
    (
        "helper takes a taken name",
        f"{HELPERS}/write/keywords/title",
        {"type": "str", "default": "''", "doc": "d"},
        f"{HELPERS}/write",
        "two arguments have the same name",
    ),
    (
        "helper says nothing known",
        f"{HELPERS}/create_and_wait/drive",
        "polling.start(novel)",
        f"{HELPERS}/create_and_wait",
        "novel means nothing",
    ),
    (
        "helper says no Python",
        f"{HELPERS}/create_and_wait/drive",
        "polling.start(",
        f"{HELPERS}/create_and_wait",
        "no Python expression",
    ),
    (
        "helper builds without returns",
        f"{HELPERS}/write/returns",
        GONE,
        f"{HELPERS}/write",
        "read_as and build need returns",
    ),
    (
        "helper returns nothing known",
        f"{HELPERS}/write/returns/sync",
        "Novel",
        f"{HELPERS}/write",
        "Novel means nothing",
    ),
    (
        "helper overloads nothing",
        f"{HELPERS}/write/overloads/0/keyword",
        "novel",
        f"{HELPERS}/write",
        "no keyword novel",
    ),
    (
        "keyword for one client",
        f"{HELPERS}/write/keywords/handler/type/async",
        GONE,
        f"{HELPERS}/write/keywords/handler/type",
        "async is missing",
    ),
    (
        "overload for a third client",
        f"{HELPERS}/write/overloads/1/type/trio",
        "Handler",
        f"{HELPERS}/write/overloads/1/type/trio",
        "unknown key",
    ),
    (
        "no such keywords",
        f"{HELPERS}/create_and_wait/keywords",
        "sleeping",
        f"{HELPERS}/create_and_wait/keywords",
        "no set of keywords sleeping",
    ),
    (
        "no such public name",
        f"{V2}/public/types/names/books/0",
        "Novel",
        f"{V2}/public/types/names/books/0",
        "books has no Novel",
    ),
    (
        "public name twice",
        f"{V2}/public/types/names/scans",
        [{"Book": "Scan"}],
        f"{V2}/public/types/names/scans/0",
        "Book is exported twice",
    ),
    (
        "public name hidden by a topic",
        f"{V2}/public/types.books",
        {"doc": "d", "names": {"books": ["Book"], "scans": [{"Part": "Scan"}]}},
        f"{V2}/public/types.books/names/scans/0",
        "types.books is a topic, which has another Part",
    ),
    (
        "public name hidden by a name of the topic",
        f"{V2}/public/types.books",
        {"doc": "d", "names": {"books": [{"Part": "Book"}]}},
        f"{V2}/public/types.books/names/books/0",
        "types.books is a topic, which has another Part",
    ),
    (
        "public name hidden by an import",
        f"{V2}/public/types.scans/names/books/0",
        {"BaseModel": "ImagePart"},
        "/versions",
        "types.scans: BaseModel is wanted from types.books, but the module has another one",
    ),
    (
        "parameters among results",
        f"{V2}/topics/scans/params",
        "books",
        f"{V2}/topics/scans",
        "the module books has results, so it takes no parameters",
    ),
    (
        "two methods with one constant",
        f"{V2}/resources/scans/methods",
        {
            "list": {"operation": "listScans", "page": "plain"},
            "List": {"operation": "createScan", "params": "ScanCreateParams"},
        },
        f"{V2}/resources/scans/methods/List",
        "another method has the constant SCANS_LIST too",
    ),
    (
        "package without public module",
        f"{V2}/public/types.library",
        GONE,
        "/versions",
        "the package types.library is not among",
    ),
    (
        "name of an import",
        f"{TOPIC}/ImageScan/result",
        "BaseModel",
        "",
        "types.books: BaseModel is wanted from .._models",
    ),
]


def changed(tree: Any, pointer: str, value: object) -> Any:
    tree = copy.deepcopy(tree)
    parent, _, key = pointer.rpartition("/")
    target = resolve(tree, parent)
    key = key.replace("~1", "/").replace("~0", "~")
    place: Any = int(key) if isinstance(target, list) else key
    if value is GONE:
        del target[place]
    else:
        target[place] = value
    return tree


def generate(spec: Any, sdk: Any, folder: Path) -> dict[str, str]:
    (folder / "v2").mkdir()
    (folder / "v2" / "library.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    names = parse_sdk(sdk)
    return render(parse(load(folder, None, "v2"), names, names.versions[0]))


def test_the_unchanged_api_is_accepted(tmp_path: Path) -> None:
    assert "types/books.py" in generate(SPEC, SDK, tmp_path)


@pytest.mark.parametrize(
    ("at", "value", "pointer", "reason"), [case[1:] for case in SPEC_CASES], ids=[c[0] for c in SPEC_CASES]
)
def test_refused_spec(at: str, value: object, pointer: str, reason: str, tmp_path: Path) -> None:
    spec = changed(SPEC, at, value)
    spec["x-roots"] = list(spec["components"]["schemas"])  # what a change leaves unused is not what is tested here
    with pytest.raises(SpecError) as refused:
        generate(spec, SDK, tmp_path)
    error = refused.value
    assert (error.file, error.pointer) == ("v2/library.yaml", pointer)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("at", "value", "pointer", "reason"), [case[1:] for case in SDK_CASES], ids=[c[0] for c in SDK_CASES]
)
def test_refused_names(at: str, value: object, pointer: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        generate(SPEC, changed(SDK, at, value), tmp_path)
    error = refused.value
    assert error.file == ("v2/library.yaml" if pointer.startswith("/paths") else "sdk.yaml")
    assert error.pointer == pointer
    assert reason in error.reason


def test_refused_topics_in_a_circle(tmp_path: Path) -> None:
    sdk = changed(SDK, f"{TOPIC}/AllOf", GONE)
    sdk = changed(sdk, f"{V2}/topics/shared/schemas/AllOf", {"result": "AllOf"})
    with pytest.raises(
        SpecError, match=r"these modules import one another: types\.shared -> types\.books -> types\.shared"
    ):
        generate(SPEC, sdk, tmp_path)


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [
        (f"{V2}/root/children/old", "v1:shelves", "there is no resource shelves"),
        (f"{V2}/root/children/old", "v1:root", "there is no resource root"),
        ("/versions/v1/resources/books/class", "Books", "v2 has a class Books too"),
    ],
)
def test_refused_children_of_another_version(at: str, value: str, reason: str) -> None:
    sdk = parse_sdk(changed(BOTH, at, value))
    version = next(version for version in sdk.versions if version.name == "v2")
    document = load(LIBRARY / "specs", LIBRARY / "overlay.yaml", "v2")
    with pytest.raises(SpecError) as refused:
        parse(document, sdk, version)
    assert (refused.value.file, refused.value.pointer) == ("sdk.yaml", f"{V2}/root/children/old")
    assert reason in refused.value.reason

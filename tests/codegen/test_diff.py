"""Comparing specs with an OpenAPI file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from codegen.diff import diff, run_diff
from codegen.load import Document, load, read_yaml

PETS = """
    openapi: 3.1.0
    info: {title: Pets, version: v2}
    paths:
      /pets:
        post:
          operationId: createPet
          parameters:
            - {name: dry, in: query, schema: {type: boolean, default: false}}
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/CreatePet'}
          responses:
            '200':
              description: The pet.
              content:
                application/json:
                  schema: {$ref: '#/components/schemas/Pet'}
      /pets/{pet_id}/photo:
        get:
          operationId: getPhoto
          parameters:
            - {name: pet_id, in: path, required: true, schema: {type: string}}
          responses:
            '200':
              description: The photo.
              content:
                image/png:
                  schema: {type: string, format: binary}
    components:
      schemas:
        CreatePet:
          type: object
          additionalProperties: false
          properties:
            name: {type: string, maxLength: 20}
          required: [name]
        Pet:
          type: object
          properties:
            name: {type: [string, 'null'], maxLength: 20}
            kind: {type: string, enum: [cat, dog]}
            object: {type: string, const: pet}
            legs: {type: integer, minimum: 0, maximum: 8, default: 4}
            tags: {type: array, maxItems: 3, items: {type: string}}
            notes: {type: object, additionalProperties: {type: string}}
            parent:
              anyOf:
                - {$ref: '#/components/schemas/Pet'}
                - {type: 'null'}
            home:
              $ref: '#/components/schemas/Home'
          required: [name, kind]
        Home:
          oneOf:
            - {$ref: '#/components/schemas/Box'}
            - {$ref: '#/components/schemas/Cage'}
          discriminator: {propertyName: type}
        Box:
          type: object
          properties:
            type: {type: string, const: box}
            size: {type: number}
          required: [type]
        Cage:
          type: object
          properties:
            type: {type: string, const: cage}
            bars: {type: integer}
          required: [type]
"""

TOYS = """
    openapi: 3.1.0
    info: {title: Toys, version: v2}
    paths:
      /toys:
        get: {operationId: listToys, responses: {'200': {description: Toys.}}}
"""

SHARED = """
    openapi: 3.1.0
    info: {title: Shared, version: v2}
    x-roots: [Oops]
    components:
      schemas:
        Oops: {type: object, properties: {code: {type: string}}}
"""

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    (folder / "v2").mkdir(parents=True)
    (folder / "v2" / "pets.yaml").write_text(dedent(PETS), encoding="utf-8")
    (tmp_path / "overlay.yaml").write_text("[]", encoding="utf-8")
    return folder


@pytest.fixture
def ours(specs: Path) -> Document:
    return load(specs, None, "v2")


@pytest.fixture
def reference(specs: Path) -> dict[str, Any]:
    """The file of somebody else; at first it says the same as ours."""
    file: dict[str, Any] = read_yaml(specs / "v2" / "pets.yaml", "file", strict=False)
    return file


def pet(file: dict[str, Any]) -> dict[str, Any]:
    """The properties of Pet."""
    properties: dict[str, Any] = file["components"]["schemas"]["Pet"]["properties"]
    return properties


def schemas(file: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = file["components"]["schemas"]
    return found


def create(file: dict[str, Any]) -> dict[str, Any]:
    """The operation createPet."""
    operation: dict[str, Any] = file["paths"]["/pets"]["post"]
    return operation


RESPONSE = "createPet response"

# What is done to the other file -> the line that tells of it.
DIFFERENCES: dict[str, tuple[Edit, list[str]]] = {
    "new operation": (
        lambda f: f["paths"]["/pets"].update(get={"operationId": "listPets"}),
        ["missing operation  GET /pets (ours: none, file: listPets)"],
    ),
    "operation gone": (
        lambda f: f["paths"].pop("/pets/{pet_id}/photo"),
        ["extra operation  GET /pets/{pet_id}/photo (ours: getPhoto, file: none)"],
    ),
    "other method": (
        lambda f: f["paths"]["/pets"].update(put=f["paths"]["/pets"].pop("post")),
        [
            "extra operation  POST /pets (ours: createPet, file: none)",
            "missing operation  PUT /pets (ours: none, file: createPet)",
        ],
    ),
    "other operation id": (
        lambda f: create(f).update(operationId="addPet"),
        ["changed operationId  POST /pets (ours: createPet, file: addPet)"],
    ),
    "operation deprecated": (
        lambda f: create(f).update(deprecated=True),
        ["changed deprecated  createPet (ours: no, file: yes)"],
    ),
    "parameter renamed": (
        lambda f: create(f)["parameters"][0].update(name="test"),
        [
            "extra parameter  createPet query dry (ours: present, file: none)",
            "missing parameter  createPet query test (ours: none, file: present)",
        ],
    ),
    "parameter elsewhere": (
        lambda f: create(f)["parameters"][0].update({"in": "header"}),
        [
            "extra parameter  createPet query dry (ours: present, file: none)",
            "missing parameter  createPet header dry (ours: none, file: present)",
        ],
    ),
    "parameter required": (
        lambda f: create(f)["parameters"][0].update(required=True),
        ["changed required  createPet query dry (ours: no, file: yes)"],
    ),
    "parameter type": (
        lambda f: create(f)["parameters"][0].update(schema={"type": "integer", "default": False}),
        ["changed type  createPet query dry (ours: boolean, file: integer)"],
    ),
    "parameter of the path": (
        lambda f: f["paths"]["/pets"].update(parameters=[{"name": "x", "in": "query", "schema": {"type": "string"}}]),
        ["missing parameter  createPet query x (ours: none, file: present)"],
    ),
    "no body": (
        lambda f: create(f).pop("requestBody"),
        ["extra request body  createPet (ours: present, file: none)"],
    ),
    "optional body": (
        lambda f: create(f)["requestBody"].pop("required"),
        ["changed required  createPet request (ours: yes, file: no)"],
    ),
    "media type": (
        lambda f: create(f)["requestBody"]["content"].update({"text/plain": {}}),
        ["missing media type  createPet request text/plain (ours: none, file: present)"],
    ),
    "field renamed": (
        lambda f: pet(f).update(limbs=pet(f).pop("legs")),
        [
            f"extra field  {RESPONSE}.legs (ours: present, file: none)",
            f"missing field  {RESPONSE}.limbs (ours: none, file: present)",
        ],
    ),
    "field of a request": (
        lambda f: schemas(f)["CreatePet"]["properties"].update(age={"type": "integer"}),
        ["missing field  createPet request.age (ours: none, file: present)"],
    ),
    "type": (
        lambda f: pet(f).update(notes={"type": "string"}),
        [f"changed type  {RESPONSE}.notes (ours: object, file: string)"],
    ),
    "new enum value": (
        lambda f: pet(f)["kind"]["enum"].append("fish"),
        [f"missing enum value  {RESPONSE}.kind (ours: none, file: fish)"],
    ),
    "enum value gone": (
        lambda f: pet(f)["kind"]["enum"].remove("dog"),
        [f"extra enum value  {RESPONSE}.kind (ours: dog, file: none)"],
    ),
    "any string": (
        lambda f: pet(f)["kind"].pop("enum"),
        [f"changed enum  {RESPONSE}.kind (ours: ['cat', 'dog'], file: any)"],
    ),
    "constant": (
        lambda f: pet(f)["object"].update(const="animal"),
        [
            f"extra enum value  {RESPONSE}.object (ours: pet, file: none)",
            f"missing enum value  {RESPONSE}.object (ours: none, file: animal)",
        ],
    ),
    "required": (
        lambda f: schemas(f)["Pet"]["required"].remove("kind"),
        [f"changed required  {RESPONSE}.kind (ours: yes, file: no)"],
    ),
    "not null": (
        lambda f: pet(f)["name"].update(type="string"),
        [f"changed nullable  {RESPONSE}.name (ours: yes, file: no)"],
    ),
    "null": (
        lambda f: pet(f)["kind"].update(nullable=True),
        [f"changed nullable  {RESPONSE}.kind (ours: no, file: yes)"],
    ),
    "limit": (
        lambda f: pet(f)["legs"].update(maximum=100),
        [f"changed maximum  {RESPONSE}.legs (ours: 8, file: 100)"],
    ),
    "limit of a list": (
        lambda f: pet(f)["tags"].pop("maxItems"),
        [f"changed maxItems  {RESPONSE}.tags (ours: 3, file: none)"],
    ),
    "default": (
        lambda f: pet(f)["legs"].update(default=2),
        [f"changed default  {RESPONSE}.legs (ours: 4, file: 2)"],
    ),
    "items": (
        lambda f: pet(f)["tags"].update(items={"type": "integer"}),
        [f"changed type  {RESPONSE}.tags[] (ours: string, file: integer)"],
    ),
    "values of a map": (
        lambda f: pet(f)["notes"].update(additionalProperties={"type": "integer"}),
        [f"changed type  {RESPONSE}.notes{{}} (ours: string, file: integer)"],
    ),
    "unknown fields allowed": (
        lambda f: schemas(f)["CreatePet"].pop("additionalProperties"),
        ["changed additionalProperties  createPet request (ours: none, file: any)"],
    ),
    "binary": (
        lambda f: f["paths"]["/pets/{pet_id}/photo"]["get"]["responses"]["200"]["content"]["image/png"]["schema"].pop(
            "format"
        ),
        ["changed format  getPhoto response (ours: yes, file: no)"],
    ),
    "branch gone": (
        lambda f: schemas(f)["Home"]["oneOf"].pop(0),
        [f"extra branch  {RESPONSE}.home<box> (ours: present, file: none)"],
    ),
    "new branch": (
        lambda f: schemas(f)["Home"]["oneOf"].append({"properties": {"type": {"const": "tree"}}}),
        [f"missing branch  {RESPONSE}.home<tree> (ours: none, file: present)"],
    ),
    "new branch of another type": (
        lambda f: schemas(f)["Home"]["oneOf"].append({"type": "string"}),
        [f"missing branch  {RESPONSE}.home<string> (ours: none, file: present)"],
    ),
    "within a branch": (
        lambda f: schemas(f)["Cage"]["properties"]["bars"].update(type="string"),
        [f"changed type  {RESPONSE}.home<cage>.bars (ours: integer, file: string)"],
    ),
}


@pytest.mark.parametrize(("edit", "lines"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_difference_is_one_line(ours: Document, reference: dict[str, Any], edit: Edit, lines: list[str]) -> None:
    edit(reference)

    assert [str(difference) for difference in diff(ours, reference)] == lines


# Other ways to say the same.
EQUAL: dict[str, Edit] = {
    "nothing": lambda f: None,
    "nullable: true": lambda f: pet(f).update(name={"type": "string", "maxLength": 20, "nullable": True}),
    "anyOf null": lambda f: pet(f).update(name={"anyOf": [{"type": "string", "maxLength": 20}, {"type": "null"}]}),
    "allOf nullable": lambda f: pet(f).update(
        parent={"allOf": [{"$ref": "#/components/schemas/Pet"}, {"nullable": True}]}
    ),
    "$ref beside nullable": lambda f: pet(f).update(parent={"$ref": "#/components/schemas/Pet", "nullable": True}),
    "$recursiveRef": lambda f: pet(f)["parent"]["anyOf"].__setitem__(0, {"$recursiveRef": "#"}),
    "null inside the named schema": lambda f: (
        schemas(f).update(Name={"anyOf": [{"type": "string", "maxLength": 20}, {"type": "null"}]}),
        pet(f).update(name={"$ref": "#/components/schemas/Name"}),
    ),
    "enum of one": lambda f: pet(f).update(object={"type": "string", "enum": ["pet"], "x-const": True}),
    "no type beside enum": lambda f: pet(f)["kind"].pop("type"),
    "no type beside properties": lambda f: schemas(f)["Pet"].pop("type"),
    "inline instead of named": lambda f: schemas(f)["Home"]["oneOf"].__setitem__(1, schemas(f).pop("Cage")),
    "properties in parts": lambda f: schemas(f).update(
        Cage={
            "allOf": [
                {"$ref": "#/components/schemas/Typed"},
                {"type": "object", "properties": {"bars": {"type": "integer"}}},
            ]
        },
        Typed={"type": "object", "properties": {"type": {"type": "string", "const": "cage"}}, "required": ["type"]},
    ),
    "order of branches": lambda f: schemas(f)["Home"]["oneOf"].reverse(),
    "type beside oneOf": lambda f: schemas(f)["Home"].update(type="object"),
    "default inside anyOf": lambda f: pet(f).update(
        legs={"anyOf": [{"type": "integer", "minimum": 0, "maximum": 8, "default": 4}]}
    ),
    "additionalProperties: true": lambda f: schemas(f)["Pet"].update(additionalProperties=True),
    "texts": lambda f: pet(f)["kind"].update(description="Which.", example="cat", title="Kind"),
    "format": lambda f: pet(f)["legs"].update(format="int64"),
    "required without property": lambda f: schemas(f)["Pet"]["required"].append("ghost"),
    "required on an array": lambda f: pet(f)["tags"].update(required=["x"]),
    "limit of another type": lambda f: pet(f)["kind"].update(minItems=1),
    "alternatives of required only": lambda f: schemas(f)["Pet"].update(
        oneOf=[{"required": ["legs"]}, {"required": ["tags"]}]
    ),
    "name of a path parameter": lambda f: f["paths"].update(
        {"/pets/{id}/photo": f["paths"].pop("/pets/{pet_id}/photo")}
    ),
    "error answers": lambda f: create(f)["responses"].update({"429": {"description": "Too many."}}),
    "shared parts": lambda f: (
        f["components"].update(
            parameters={"Dry": create(f)["parameters"][0]},
            responses={"Pet": create(f)["responses"]["200"]},
            requestBodies={"Pet": create(f)["requestBody"]},
        ),
        create(f).update(
            parameters=[{"$ref": "#/components/parameters/Dry"}],
            responses={"200": {"$ref": "#/components/responses/Pet"}},
            requestBody={"$ref": "#/components/requestBodies/Pet"},
        ),
    ),
    "other keys in paths": lambda f: f["paths"].update({"x-note": "hello"}),
}


@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL)
def test_the_same_said_otherwise_is_no_difference(ours: Document, reference: dict[str, Any], edit: Edit) -> None:
    edit(reference)

    assert diff(ours, reference) == []


def test_free_and_listed_strings_are_different_branches(ours: Document, reference: dict[str, Any]) -> None:
    names = {"type": "string", "enum": ["cat", "dog", "fish"]}
    ours.schemas["Pet"]["properties"]["kind"] = {"anyOf": [{"type": "string"}, pet(reference)["kind"]]}
    pet(reference)["kind"] = {"anyOf": [names, {"type": "string"}]}

    assert [str(difference) for difference in diff(ours, reference)] == [
        f"missing enum value  {RESPONSE}.kind (ours: none, file: fish)"
    ]


def test_lists_in_a_union_are_told_apart_by_their_items(ours: Document, reference: dict[str, Any]) -> None:
    text, number = ({"type": "array", "items": {"type": kind}} for kind in ("string", "integer"))
    ours.schemas["Pet"]["properties"]["tags"] = {"oneOf": [text, number]}
    pet(reference)["tags"] = {"oneOf": [number, {**text, "minItems": 1}]}

    assert [str(difference) for difference in diff(ours, reference)] == [
        f"changed minItems  {RESPONSE}.tags (ours: none, file: 1)"
    ]


def test_only_the_chosen_operations_count(ours: Document, reference: dict[str, Any]) -> None:
    pet(reference).pop("legs")
    reference["paths"]["/toys"] = {"get": {"operationId": "listToys"}}

    assert diff(ours, reference, operations={"getPhoto"}) == []
    assert [found.kind for found in diff(ours, reference, operations={"getPhoto", "listToys"})] == ["missing operation"]


def test_a_schema_used_often_is_reported_once(ours: Document, reference: dict[str, Any]) -> None:
    pet(reference)["legs"]["maximum"] = 100
    reference["paths"]["/pets"]["get"] = {**create(reference), "operationId": "getPet"}
    ours.paths["/pets"]["get"] = {**ours.paths["/pets"]["post"], "operationId": "getPet"}

    assert len(diff(ours, reference)) == 1


# ---- the command ----


def run(specs: Path, reference: object, *areas: str, version: str = "v2") -> tuple[int, list[str]]:
    """Exit code and lines of the command, with the other file written as JSON."""
    file = specs.parent / "file.json"
    file.write_text(json.dumps(reference), encoding="utf-8")
    stream = io.StringIO()
    code = run_diff(file, version, list(areas), stream, specs=specs, overlay=specs.parent / "overlay.yaml")
    return code, stream.getvalue().splitlines()


def test_no_differences(specs: Path, reference: dict[str, Any]) -> None:
    assert run(specs, reference) == (0, [])


def test_without_differences_it_speaks_of_corrections_and_does_not_apply_them(
    specs: Path, reference: dict[str, Any]
) -> None:
    (specs.parent / "overlay.yaml").write_text(
        "[{at: [v2, /components/schemas/Pet/required], drop: [kind], why: Because.}]", encoding="utf-8"
    )

    assert run(specs, reference) == (0, ["1 corrections in overlay.yaml are applied on top of this"])

    schemas(reference)["Pet"]["required"].remove("kind")
    code, lines = run(specs, reference)
    assert code == 1
    assert lines == [f"changed required  {RESPONSE}.kind (ours: yes, file: no)"]


def test_lines_are_sorted(specs: Path, reference: dict[str, Any]) -> None:
    pet(reference).pop("legs")
    pet(reference).update(a={"type": "string"}, b={"type": "string"})
    pet(reference)["kind"]["nullable"] = True

    code, lines = run(specs, reference)

    assert code == 1
    assert len(lines) == 4
    assert lines == sorted(lines)


def test_areas_limit_the_operations_on_both_sides(specs: Path, reference: dict[str, Any]) -> None:
    (specs / "v2" / "toys.yaml").write_text(dedent(TOYS), encoding="utf-8")
    reference["paths"]["/plants"] = {"get": {"operationId": "listPlants"}}

    assert run(specs, reference, "pets") == (0, [])
    assert run(specs, reference, "toys") == (1, ["extra operation  GET /toys (ours: listToys, file: none)"])
    assert run(specs, reference) == (
        1,
        [
            "missing operation  GET /plants (ours: none, file: listPlants)",
            "not in the file, so not compared: toys",
        ],
    )


def test_an_area_that_is_not_in_the_file_is_named_and_compared_on_demand_only(
    specs: Path, reference: dict[str, Any]
) -> None:
    (specs / "v2" / "toys.yaml").write_text(dedent(TOYS), encoding="utf-8")

    assert run(specs, reference) == (0, ["not in the file, so not compared: toys"])
    assert run(specs, reference, "toys") == (1, ["extra operation  GET /toys (ours: listToys, file: none)"])

    reference["paths"]["/shop/toys"] = {"get": {"operationId": "listToys"}}
    assert run(specs, reference) == (
        1,
        [
            "extra operation  GET /toys (ours: listToys, file: none)",
            "missing operation  GET /shop/toys (ours: none, file: listToys)",
        ],
    )


def test_a_new_path_belongs_to_the_area_whose_path_it_goes_on_from(specs: Path, reference: dict[str, Any]) -> None:
    (specs / "v2" / "toys.yaml").write_text(dedent(TOYS), encoding="utf-8")
    reference["paths"]["/toys"] = {"get": {"operationId": "listToys"}}
    reference["paths"]["/pets/{id}/photo/thumb"] = {"get": {"operationId": "getThumb"}}

    assert run(specs, reference, "toys") == (0, [])
    assert run(specs, reference, "pets") == (
        1,
        ["missing operation  GET /pets/{id}/photo/thumb (ours: none, file: getThumb)"],
    )


def test_roots_are_compared_with_their_area(specs: Path, reference: dict[str, Any]) -> None:
    events = SHARED.replace("Oops", "Event")
    (specs / "v2" / "events.yaml").write_text(dedent(events), encoding="utf-8")

    assert run(specs, reference, "pets") == (0, [])
    assert run(specs, reference, "events") == (1, ["extra schema  Event (ours: present, file: none)"])

    schemas(reference)["Event"] = {"type": "object", "properties": {}}
    assert run(specs, reference, "events") == (1, ["extra field  Event.code (ours: present, file: none)"])


def test_an_area_of_which_the_file_has_no_root_is_named_and_compared_on_demand_only(
    specs: Path, reference: dict[str, Any]
) -> None:
    (specs / "v2" / "events.yaml").write_text(dedent(SHARED.replace("Oops", "Event")), encoding="utf-8")

    assert run(specs, reference) == (0, ["not in the file, so not compared: events"])

    schemas(reference)["Event"] = {"type": "object", "properties": {}}
    assert run(specs, reference) == (1, ["extra field  Event.code (ours: present, file: none)"])


def test_shared_roots_are_compared_where_the_file_has_them(specs: Path, reference: dict[str, Any]) -> None:
    (specs / "v2" / "shared.yaml").write_text(dedent(SHARED), encoding="utf-8")

    assert run(specs, reference) == (0, [])

    schemas(reference)["Oops"] = {"type": "object", "properties": {}}
    assert run(specs, reference, "pets") == (1, ["extra field  Oops.code (ours: present, file: none)"])


def test_bad_usage(specs: Path, reference: dict[str, Any]) -> None:
    assert run(specs, reference, "cars") == (2, ["v2/: /: there is no area cars, there are pets"])
    assert run(specs, reference, version="v9") == (2, ["v9/: /: there are no spec files"])
    assert run(specs, ["no", "OpenAPI"]) == (2, [f"{specs.parent / 'file.json'}: /: not an OpenAPI file"])

    stream = io.StringIO()
    assert run_diff(specs / "gone.yaml", "v2", [], stream, specs=specs) == 2
    assert "gone.yaml" in stream.getvalue()

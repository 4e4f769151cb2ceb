"""Reading, merging and correcting specs."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from openapi_spec_validator import validate

from codegen.load import Document, SpecError, as_openapi, load, read_yaml

PETS = """
    paths:
      /pets/{pet_id}:
        get:
          operationId: getPet
          responses:
            '200':
              description: The pet.
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Pet'
    components:
      schemas:
        Pet:
          type: object
          deprecated: true
          properties:
            id: {type: string}
            deprecated: {type: boolean, deprecated: true}
            owner: {$ref: 'people.yaml#/components/schemas/Person'}
          required: [id, owner]
"""

PEOPLE = """
    components:
      schemas:
        Person:
          type: object
          properties:
            name: {type: string}
"""

PET = "/components/schemas/Pet"


def write(folder: Path, overlay: str | None = None, **files: str) -> Path | None:
    """Write spec files of version v2, each with the head that all have, and an overlay; gives the overlay's path."""
    (folder / "v2").mkdir(exist_ok=True)
    head = "openapi: 3.1.0\ninfo: {title: Test, version: v2}\n"
    for name, text in files.items():
        (folder / "v2" / f"{name}.yaml").write_text(head + dedent(text), encoding="utf-8")
    if overlay is None:
        return None
    path = folder / "overlay.yaml"
    path.write_text(dedent(overlay), encoding="utf-8")
    return path


def load_pets(folder: Path, overlay: str | None = None) -> Document:
    return load(folder, write(folder, overlay, pets=PETS, people=PEOPLE), "v2")


# ---- merging ----


def test_files_are_merged_and_refs_lead_within_the_document(tmp_path: Path) -> None:
    document = load_pets(tmp_path)

    assert list(document.paths) == ["/pets/{pet_id}"]
    assert document.schemas.keys() == {"Pet", "Person"}
    assert document.schemas["Pet"]["properties"]["owner"] == {"$ref": "#/components/schemas/Person"}


def test_origin_names_the_file_that_defines_a_place(tmp_path: Path) -> None:
    document = load_pets(tmp_path)

    assert document.origin(f"{PET}/properties/id") == f"v2/pets.yaml: {PET}/properties/id"
    assert document.origin("/components/schemas/Person") == "v2/people.yaml: /components/schemas/Person"
    assert document.origin("/paths/~1pets~1{pet_id}/get") == "v2/pets.yaml: /paths/~1pets~1{pet_id}/get"


def test_a_schema_that_no_operation_uses_can_be_a_root(tmp_path: Path) -> None:
    write(tmp_path, errors="x-roots: [Oops]\ncomponents: {schemas: {Oops: {type: string}}}")

    assert load(tmp_path, None, "v2").roots == ("Oops",)


def test_yaml_is_read_as_yaml_1_2(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_text("[on, no, 2024-08-21, 1_000, 012, null, ~, true, -3, 0.5, 1e3, '1', .inf]", encoding="utf-8")

    assert read_yaml(path, "values.yaml") == [
        *["on", "no", "2024-08-21", "1_000", 12, None, None, True, -3, 0.5, 1000.0, "1", ".inf"]
    ]


def test_files_of_others_may_have_what_ours_may_not(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("200: &x {a: 1, a: 2}\nagain: *x", encoding="utf-8")

    assert read_yaml(path, "other.yaml", strict=False) == {"200": {"a": 2}, "again": {"a": 2}}


REFUSED_FILES: dict[str, tuple[dict[str, str], tuple[str, str, str]]] = {
    "path in two files": (
        {"a": "paths: {/x: {get: {operationId: one}}}", "b": "paths: {/x: {post: {operationId: two}}}"},
        ("v2/b.yaml", "/paths/~1x", "in v2/a.yaml too"),
    ),
    "schema in two files": (
        {"a": "components: {schemas: {X: {type: string}}}", "b": "components: {schemas: {X: {type: string}}}"},
        ("v2/b.yaml", "/components/schemas/X", "in v2/a.yaml too"),
    ),
    "operation id given twice": (
        {"a": "paths: {/x: {get: {operationId: one}}}", "b": "paths: {/y: {put: {operationId: one}}}"},
        ("v2/b.yaml", "/paths/~1y/put/operationId", "one is taken, see v2/a.yaml: /paths/~1x/get"),
    ),
    "operation without id": (
        {"a": "paths: {/x: {get: {summary: Get.}}}"},
        ("v2/a.yaml", "/paths/~1x/get", "no operationId"),
    ),
    "unknown method": (
        {"a": "paths: {/x: {fetch: {operationId: one}}}"},
        ("v2/a.yaml", "/paths/~1x/fetch", "not one of get"),
    ),
    "ref to nothing": (
        {"a": "x-roots: [X]\ncomponents: {schemas: {X: {$ref: '#/components/schemas/Y'}}}"},
        ("v2/a.yaml", "/components/schemas/X/$ref", "Y is not in v2/a.yaml"),
    ),
    "ref to the wrong file": (
        {
            "a": "x-roots: [X]\ncomponents: {schemas: {X: {$ref: '#/components/schemas/Y'}}}",
            "b": "x-roots: [Y]\ncomponents: {schemas: {Y: {type: string}}}",
        },
        ("v2/a.yaml", "/components/schemas/X/$ref", "Y is not in v2/a.yaml, but in v2/b.yaml"),
    ),
    "ref elsewhere": (
        {"a": "x-roots: [X]\ncomponents: {schemas: {X: {$ref: 'https://example.com/x.yaml#/components/schemas/Y'}}}"},
        ("v2/a.yaml", "/components/schemas/X/$ref", "is not [FILE.yaml]#/components/schemas/NAME"),
    ),
    "unknown top-level key": ({"a": "servers: []"}, ("v2/a.yaml", "/servers", "unknown key")),
    "other components": ({"a": "components: {parameters: {}}"}, ("v2/a.yaml", "/components", "nothing but schemas")),
    "schemas that are no mapping": (
        {"a": "components: {schemas: []}"},
        ("v2/a.yaml", "/components/schemas", "mapping of mappings"),
    ),
    "unused schema": (
        {"a": "components: {schemas: {X: {type: string}}}"},
        ("v2/a.yaml", "/components/schemas/X", "nothing uses the schema"),
    ),
    "unknown root": ({"a": "x-roots: [X]"}, ("v2/a.yaml", "/x-roots/0", "no schema X")),
    "key given twice": (
        {"a": "paths: {/x: {}, /x: {}}"},
        ("v2/a.yaml", "/paths/~1x", "line 3: the key is given twice"),
    ),
    "key that is no string": (
        {"a": "paths: {/x: {get: {operationId: one, responses: {200: {}}}}}"},
        ("v2/a.yaml", "/paths/~1x/get/responses", "200 is not a string"),
    ),
    "alias": (
        {"a": "x-roots: [X]\ncomponents: {schemas: {X: &x {type: string}, Y: *x}}"},
        ("v2/a.yaml", "/components/schemas/Y", "aliases are not allowed"),
    ),
    "tag": ({"a": "x-roots: [!!binary aGk=]"}, ("v2/a.yaml", "/x-roots/0", "tag:yaml.org,2002:binary is not allowed")),
    "no YAML": ({"a": "paths:\n\t- x"}, ("v2/a.yaml", "", "line 4: found character")),
    "no text": ({"a": "paths: \x07"}, ("v2/a.yaml", "", "control characters are not allowed")),
    "no files": ({}, ("v2/", "", "no spec files")),
}


@pytest.mark.parametrize(("files", "expected"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_files_that_are_refused(tmp_path: Path, files: dict[str, str], expected: tuple[str, str, str]) -> None:
    write(tmp_path, **files)

    with pytest.raises(SpecError) as caught:
        load(tmp_path, None, "v2")

    file, pointer, reason = expected
    assert (caught.value.file, caught.value.pointer) == (file, pointer)
    assert reason in caught.value.reason
    assert str(caught.value) == f"{file}: {pointer or '/'}: {caught.value.reason}"


@pytest.mark.parametrize(
    ("head", "pointer"),
    [
        ("openapi: 3.0.3\ninfo: {title: Test, version: v2}", "/openapi"),
        ("openapi: 3.1.0\ninfo: {title: Test, version: v1}", "/info/version"),
        ("openapi: 3.1.0", "/info/version"),
        ("just text", ""),
    ],
)
def test_heads_that_are_refused(tmp_path: Path, head: str, pointer: str) -> None:
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2" / "a.yaml").write_text(head, encoding="utf-8")

    with pytest.raises(SpecError) as caught:
        load(tmp_path, None, "v2")

    assert (caught.value.file, caught.value.pointer) == ("v2/a.yaml", pointer)


# ---- overlay ----


def pet_after(folder: Path, change: str) -> dict[str, Any]:
    """The schema Pet after one correction at it."""
    pet: dict[str, Any] = load_pets(folder, f"[{{at: [v2, {PET}], why: Because., {change}}}]").schemas["Pet"]
    return pet


def test_merge_changes_adds_and_removes(tmp_path: Path) -> None:
    pet = pet_after(tmp_path, "merge: {properties: {id: {maxLength: 9}, tag: {type: string}}, deprecated: null}")

    assert pet["properties"]["id"] == {"type": "string", "maxLength": 9}
    assert pet["properties"]["tag"] == {"type": "string"}
    assert "deprecated" not in pet
    assert pet["required"] == ["id", "owner"]


def test_merge_replaces_lists(tmp_path: Path) -> None:
    assert pet_after(tmp_path, "merge: {required: [id]}")["required"] == ["id"]


def test_drop_removes_keys_of_an_object(tmp_path: Path) -> None:
    assert "required" not in pet_after(tmp_path, "drop: [required]")


def test_drop_removes_items_of_a_list(tmp_path: Path) -> None:
    document = load_pets(tmp_path, f"[{{at: [v2, {PET}/required], drop: [owner], why: Because.}}]")

    assert document.schemas["Pet"]["required"] == ["id"]


def test_drop_everywhere_spares_properties_of_that_name(tmp_path: Path) -> None:
    pet = load_pets(tmp_path, "[{at: [v2, everywhere], drop: [deprecated], why: Because.}]").schemas["Pet"]

    assert "deprecated" not in pet
    assert pet["properties"]["deprecated"] == {"type": "boolean"}


def test_one_correction_may_have_several_places(tmp_path: Path) -> None:
    at = f"[v2, {PET}/properties/id, /components/schemas/Person/properties/name]"
    schemas = load_pets(tmp_path, f"[{{at: {at}, merge: {{examples: [x]}}, why: Because.}}]").schemas

    assert schemas["Pet"]["properties"]["id"]["examples"] == ["x"]
    assert schemas["Person"]["properties"]["name"]["examples"] == ["x"]


def test_pointers_reach_into_paths_and_lists(tmp_path: Path) -> None:
    at = "'/paths/~1pets~1{pet_id}/get/responses/200/content'"
    change = (
        "{application/json: null, text/plain: {schema: {oneOf: [{type: string}, {$ref: '#/components/schemas/Pet'}]}}}"
    )
    overlay = f"""
        - at: [v2, {at}]
          merge: {change}
          why: Because.
        - at: [v2, '/paths/~1pets~1{{pet_id}}/get/responses/200/content/text~1plain/schema/oneOf/0']
          merge: {{maxLength: 3}}
          why: Because.
    """
    response = load_pets(tmp_path, overlay).paths["/pets/{pet_id}"]["get"]["responses"]["200"]

    assert response["content"].keys() == {"text/plain"}
    assert response["content"]["text/plain"]["schema"]["oneOf"][0] == {"type": "string", "maxLength": 3}


def test_corrections_of_other_versions_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()

    load_pets(tmp_path, "[{at: [v1, /nowhere], drop: [x], why: Because.}]")


def test_origin_names_the_overlay_where_it_had_a_hand_in(tmp_path: Path) -> None:
    document = load_pets(tmp_path, f"[{{at: [v2, {PET}/properties/id], merge: {{maxLength: 9}}, why: Because.}}]")

    assert document.origin(f"{PET}/properties/id/maxLength").startswith("v2/pets.yaml and overlay.yaml: ")
    assert document.origin(f"{PET}/properties/idx").startswith("v2/pets.yaml: ")


REFUSED_CORRECTIONS = {
    "target gone": (f"at: [v2, {PET}/properties/x], drop: [a], why: W", "", f"{PET}/properties/x: there is nothing"),
    "no pointer": ("at: [v2, components], drop: [a], why: W", "", "components: there is nothing"),
    "into a value": (f"at: [v2, {PET}/type], merge: {{a: 1}}, why: W", "", "no object to merge into"),
    "same value": (f"at: [v2, {PET}], merge: {{type: object}}, why: W", "", "merging /type changes nothing"),
    "partly the same": (
        f"at: [v2, {PET}], merge: {{title: Pet, properties: {{id: {{type: string}}}}}}, why: W",
        "",
        "merging /properties/id/type changes nothing",
    ),
    "removed already": (f"at: [v2, {PET}], merge: {{title: null}}, why: W", "", "merging /title changes nothing"),
    "nothing in an object": (
        f"at: [v2, {PET}], merge: {{properties: {{}}}}, why: W",
        "",
        "/properties changes nothing",
    ),
    "key gone": (f"at: [v2, {PET}], drop: [title], why: W", "", "there is no title"),
    "item gone": (f"at: [v2, {PET}/required], drop: [name], why: W", "", "there is no name"),
    "nowhere": ("at: [v2, everywhere], drop: [nullable], why: W", "", "everywhere: there is no nullable"),
    "second place gone": (f"at: [v2, {PET}, {PET}x], drop: [type], why: W", "", f"{PET}x: there is nothing"),
    "no version": ("at: [v3, /x], drop: [a], why: W", "/at/0", "no version v3"),
    "version only": ("at: [v2], drop: [a], why: W", "/at", "[version, pointer, ...]"),
    "no reason": (f"at: [v2, {PET}], drop: [type], why: ' '", "/why", "must say why"),
    "reason left out": (f"at: [v2, {PET}], drop: [type]", "", "keys at, why, and either merge or drop"),
    "merge and drop": (f"at: [v2, {PET}], drop: [type], merge: {{a: 1}}, why: W", "", "either merge or drop"),
    "unknown key": (f"at: [v2, {PET}], drop: [type], why: W, when: now", "", "keys at, why"),
    "merge everywhere": ("at: [v2, everywhere], merge: {a: 1}, why: W", "/merge", "at certain pointers"),
    "merge of a list": (f"at: [v2, {PET}], merge: [a], why: W", "/merge", "must be a mapping"),
    "drop of a word": (f"at: [v2, {PET}], drop: type, why: W", "/drop", "must be a list"),
}


@pytest.mark.parametrize(("entry", "pointer", "reason"), REFUSED_CORRECTIONS.values(), ids=REFUSED_CORRECTIONS)
def test_corrections_that_are_refused(tmp_path: Path, entry: str, pointer: str, reason: str) -> None:
    with pytest.raises(SpecError) as caught:
        load_pets(tmp_path, f"[{{{entry}}}]")

    assert (caught.value.file, caught.value.pointer) == ("overlay.yaml", f"/0{pointer}")
    assert reason in caught.value.reason


def test_an_overlay_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"overlay\.yaml: /: the file is not a list"):
        load_pets(tmp_path, "at: [v2]")


def test_a_correction_must_not_leave_refs_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        pet_after(tmp_path, "merge: {properties: {id: {$ref: '#/components/schemas/Id'}}}")

    assert caught.value.file == "v2/pets.yaml and overlay.yaml"
    assert caught.value.pointer == f"{PET}/properties/id/$ref"


def test_a_correction_must_not_leave_unused_schemas(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="Person: nothing uses the schema"):
        pet_after(tmp_path, "merge: {properties: {owner: null}}")


# ---- the document as OpenAPI ----

SHAPES = """
    x-roots: [Shape]
    components:
      schemas:
        Shape:
          oneOf:
            - $ref: '#/components/schemas/Square'
            - $ref: '#/components/schemas/Disc'
          discriminator: {propertyName: kind}
        Square: {type: object, properties: {kind: {type: string, const: square}}}
        Disc: {type: object, properties: {kind: {type: string, const: disc}}}
"""


def test_unions_get_a_mapping_from_tag_to_schema(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES)
    document = load(tmp_path, None, "v2")

    openapi = as_openapi(document)

    validate(openapi)
    assert openapi["components"]["schemas"]["Shape"]["discriminator"]["mapping"] == {
        "square": "#/components/schemas/Square",
        "disc": "#/components/schemas/Disc",
    }
    assert "mapping" not in document.schemas["Shape"]["discriminator"]

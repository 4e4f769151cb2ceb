"""Models: the routes of this server and the names that are in use."""

from __future__ import annotations

from sqlalchemy import select

from ..errors import ApiError
from ..spec import JsonObject
from ..store.owners import visible
from ..store.tables import assistants, runs
from . import Call, handles


@handles("listModels")
def list_all(call: Call) -> JsonObject:
    """Every route by its pattern, and every name that an assistant or a run uses."""
    names = [pattern for pattern, _ in call.service.routes.listed()]
    for table in (assistants, runs):
        query = select(table.c.model).where(table.c.deleted.is_(False), *visible(call.tx, table))
        names.extend(call.tx.connection.scalars(query.distinct().order_by(table.c.model)))
    return {"object": "list", "data": [_model(call, name) for name in dict.fromkeys(names)]}


@handles("retrieveModel")
def retrieve(call: Call) -> JsonObject:
    """What answers for a name; every name is answered by something."""
    return _model(call, call.path["model"])


@handles("deleteModel")
def delete(call: Call) -> JsonObject:
    """Refused: like the API's base models, these are not the caller's."""
    raise ApiError(
        f"The model '{call.path['model']}' is a base model. Only fine-tuned models can be deleted.",
        status=403,
        param="model",
    )


def _model(call: Call, name: str) -> JsonObject:
    routes = dict(call.service.routes.listed())
    model = routes.get(name) or call.service.routes.model_named(name)
    return {
        "id": name,
        "object": "model",
        "created": call.service.started_at,
        "owned_by": f"openai-assistants:{model.name}",
    }

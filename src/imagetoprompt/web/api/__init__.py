"""The HTTP API, version 1: the routes of each tag in one module, over the Python API's values.

The route modules do not import one another.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from imagetoprompt.web.api import (
    catalog_routes,
    job_routes,
    picture_routes,
    write_routes,
)
from imagetoprompt.web.api.responses import COMMON_STATUSES, ROOT, problems


def _operation(route: APIRoute) -> str:
    """The id of an operation: the name of its function, which stays."""
    return route.name


router = APIRouter(
    prefix=ROOT, responses=problems(*COMMON_STATUSES), generate_unique_id_function=_operation
)
for resource in (
    picture_routes,
    write_routes,
    job_routes,
    catalog_routes,
):
    router.include_router(resource.router)

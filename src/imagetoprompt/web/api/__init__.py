"""The HTTP API, version 1: one module a resource, the same values as the Python API.

None knows another, nor the pages.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from imagetoprompt.web.api import (
    catalog_routes,
    compare_routes,
    describe_routes,
    job_routes,
    picture_routes,
    transform_routes,
    write_routes,
)
from imagetoprompt.web.api.responses import ANY, ROOT, problems


def _operation(route: APIRoute) -> str:
    """The id of an operation: the name of its function, which stays."""
    return route.name


router = APIRouter(prefix=ROOT, responses=problems(*ANY), generate_unique_id_function=_operation)
for resource in (
    describe_routes,
    picture_routes,
    write_routes,
    transform_routes,
    job_routes,
    compare_routes,
    catalog_routes,
):
    router.include_router(resource.router)

"""The HTTP API, version 1: one module a resource, the same values as the Python API.

None knows another, nor the pages.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from imagetoprompt.web.api import (
    comparing,
    describing,
    jobs,
    pictures,
    tables,
    transforming,
    writing,
)
from imagetoprompt.web.api.answers import ANY, ROOT, problems


def _operation(route: APIRoute) -> str:
    """The id of an operation: the name of its function, which stays."""
    return route.name


router = APIRouter(prefix=ROOT, responses=problems(*ANY), generate_unique_id_function=_operation)
for resource in (describing, pictures, writing, transforming, jobs, comparing, tables):
    router.include_router(resource.router)

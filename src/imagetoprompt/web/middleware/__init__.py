"""The guards: ASGI middleware, each keeping out one kind of harm.

    Times ▶ Headers ▶ Proxies ▶ Bounds ▶ Rates ▶ Origins ▶ Visits ▶ the application

None knows another, nor pictures.
"""

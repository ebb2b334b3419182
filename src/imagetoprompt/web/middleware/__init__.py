"""ASGI middleware; each class protects against one kind of abuse.

From the outside in, after the request metrics:

    SecurityHeaders ▶ ProxyHeaders ▶ BodyLimits ▶ RateLimit ▶ Csrf ▶ Identity ▶ the application
"""

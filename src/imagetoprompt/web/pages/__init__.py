"""The page: what it is made from, its values, its templates' words, its routes.

    address ▶ asking ▶ deciding ▶ view ▶ rendering

It does not know the HTTP API.
"""

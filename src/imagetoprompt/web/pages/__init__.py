"""The HTML page: view models, templates and routes.

    address -> urls -> context (PageState) -> page_view (Page) -> templates

A route parses the address, `context` looks up the picture and computes its prompt, `page_view`
turns that into plain values, and a template renders them. Every state of the page is an address.
"""

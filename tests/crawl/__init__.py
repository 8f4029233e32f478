"""Every page and every other answer of the three parties, held against the same rules.

    parties    the three applications, and which endpoint an address belongs to
    answers    one answer, as it came over the wire
    rules      what every answer must be like: headers, cookies, markup, links, forms
    visitor    a browser that keeps every answer, and looks behind every link on a page
    journeys   the ways to all endpoints and all templates
    sweep      each endpoint when something is wrong with the request, or with the party itself

A new page that a page leads to is found by itself. For another one, add a step to a journey: `test_crawl.py` names each
endpoint and each template that nobody came to. Rules, errors and strangers need nothing: they go by the routing table.
"""

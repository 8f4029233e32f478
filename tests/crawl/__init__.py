"""Every page and every other answer of the three parties, held against the same rules.

    parties    the three applications, and which endpoint an address belongs to
    answers    one answer, as it came over the wire
    rules      what every answer must be like: headers, cookies, markup, links, forms
    visitor    a browser that keeps every answer, and looks behind every link on a page
    journey    what several ways begin with
    logins, module, clients, desk
               the ways through a login, through the Beheermodule, of clients, and through the operator's area
    journeys   all of them: together they come to each endpoint and each template
    sweep      each endpoint when something is wrong with the request, or with the party itself

A new page that a page leads to is found by itself. For another one, add a step to a journey: `test_crawl.py`
names each endpoint and each template that nobody came to. Rules and errors need nothing: they go by the routing table.
So do strangers, but they must know the id of something of somebody else's.
"""

"""What a chain login, a refusal, a large register and the audit log cost, and how long a start takes.

login      `make bench`: the cost of a chain login beside the cost of its private-key operations
refusals   `make bench`: time and memory that it takes to refuse what is meant to hurt
register   `make bench`: the decision, the list of organisations and a start, with a million mandates in the store
audit      `make bench`: verifying the audit log, writing it, and searching many logins
start      from `ketenbroker demo` to ready

big_register   a register of any size
many_logins    a store with many logins to search in
installation   a broker of its own in a temporary folder
program        the broker as `ketenbroker serve` runs it, and the processor time that it used
traffic        HTTP, to that program or to the application in this process
parties        the other parties: a service provider and an authentication service
journey        one login, step by step
operations     the private-key operations of a login, counted and done with nothing around them
stock          the signatures of a login with pysaml2 and the program xmlsec1
report         a table, and the same as JSON
"""

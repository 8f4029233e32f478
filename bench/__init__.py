"""What a chain login costs, what a refusal costs, what a large register and bulk work cost, and how long a start takes.

login           `make bench`: the cost of a chain login beside the cost of its private-key operations
refusals        `make bench`: time and memory that it takes to refuse what is meant to hurt
register        `make bench`: the decision, the list of organisations, a start and an invitation of ten thousand, with a
                million mandates in the store
invitations     `make bench`: the memory that a bulk invitation takes
audit           `make bench`: verifying the audit log, writing it, and searching many logins
register_file   `make bench`: time and memory for a register that goes to a file and comes back
start           from `ketenbroker demo` to ready

big_register   a register of any size
many_logins    a store with many logins to search in
children       work in a process of its own, with its time and memory
installation   a broker of its own in a temporary folder
program        the broker as `ketenbroker serve` runs it, and the processor time that it used
traffic        HTTP, to that program or to the application in this process
parties        the other parties: a service provider and an authentication service
journey        one login, step by step
operations     the private-key operations of a login, counted and done with nothing around them
stock          the signatures of a login with pysaml2 and the program xmlsec1
report         a table, and the same as JSON
"""

"""Which hosts are this machine and nothing else."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a host name or address is `localhost`, in 127.0.0.0/8 or ::1. No name is looked up."""
    return host == "localhost" or _is_loopback_address(host)


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

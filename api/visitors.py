"""Who counts as one visitor."""

import ipaddress


def visitor_of(host: str) -> str:
    """Whom an address belongs to.

    >>> visitor_of("192.0.2.7"), visitor_of("::ffff:192.0.2.7"), visitor_of("2001:db8:1:2:3:4:5:6%eth0")
    ('192.0.2.7', '192.0.2.7', '2001:db8:1:2::')
    """
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Address(int(address) >> 64 << 64))

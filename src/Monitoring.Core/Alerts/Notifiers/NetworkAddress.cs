using System.Net;
using System.Net.Sockets;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Which addresses belong to the public internet: not to this machine, a private network, or a special purpose (RFC 6890).</summary>
internal static class NetworkAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only 2000::/3 is handed out; of that, what leads to an IPv4 address (6to4, Teredo) and documentation is left out.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] Embedded = [IPNetwork.Parse("2002::/16"), IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32")];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Special.Any(network => network.Contains(address))
            : Global.Contains(address) && !Embedded.Any(network => network.Contains(address));
    }
}

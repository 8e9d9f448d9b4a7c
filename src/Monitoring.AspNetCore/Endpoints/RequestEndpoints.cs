using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

internal static class RequestEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
    }
}

using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

internal static class QueryEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
    }
}

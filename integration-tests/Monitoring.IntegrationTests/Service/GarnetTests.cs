using System.Net;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

public sealed class GarnetTests
{
    [Fact]
    public async Task The_service_works_on_Garnet()
    {
        await using var garnet = await ServerProcess.StartGarnetAsync();
        await using var service = await ServiceProcess.StartAsync(garnet.EndPoint);
        var delivery = Guid.NewGuid().ToString();

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => service.PostGitHubAsync()));
        using var first = await service.PostGitHubAsync(delivery);
        await Eventually.Async(async () => await service.GetProcessedAsync() == 51, TimeSpan.FromSeconds(10), () => service.Output);
        using var second = await service.PostGitHubAsync(delivery);

        responses.Should().OnlyContain(response => response.StatusCode == HttpStatusCode.Accepted);
        second.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}

using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>The monitor's own connection: beside the application's, light, and gone when it is not wanted any more.</summary>
public sealed class DiagnosticsConnectionTests : IAsyncLifetime
{
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.StartRedisAsync("--requirepass", "hush");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Uses_the_credentials_of_the_application_and_one_socket()
    {
        await using var fixture = await StartAsync();

        await fixture.WaitForMonitorAsync(1);

        (await fixture.MonitorClientsAsync()).Should().ContainSingle().Which.SubscriptionCount.Should().Be(0);
        fixture.Log.Lines.Should().NotContain(line => line.Line.Contains("hush"));
    }

    [Fact]
    public async Task Is_shared_by_connections_of_one_configuration_and_closed_with_the_last()
    {
        await using var fixture = await StartAsync();
        var second = (await ConnectionMultiplexer.ConnectAsync(fixture.Bare.Configuration)).WithMonitoring(fixture.Monitor);
        await fixture.WaitForMonitorAsync(1);

        await second.DisposeAsync();
        (await fixture.MonitorClientsAsync()).Should().ContainSingle("the first still needs it");

        await fixture.Monitored.DisposeAsync();
        await fixture.WaitForMonitorAsync(0);
    }

    [Fact]
    public async Task Closes_with_the_monitor()
    {
        await using var fixture = await StartAsync();
        await fixture.WaitForMonitorAsync(1);

        await fixture.Monitor.DisposeAsync();

        await fixture.WaitForMonitorAsync(0);
        (await fixture.Monitored.GetDatabase().PingAsync()).Should().BePositive("the application goes on");
    }

    [Fact]
    public async Task Is_not_made_where_it_is_not_wanted()
    {
        await using var refused = await StartAsync(connection: static options => options.UseDiagnostics = false);
        await using var off = await StartAsync(configure: static options => options.Redis.Server.Enabled = false);
        await Task.Delay(TimeSpan.FromSeconds(2));

        (await off.MonitorClientsAsync()).Should().BeEmpty();
        refused.Log.Lines.Should().BeEmpty();
    }

    private Task<ServerFixture> StartAsync(Action<MonitoringOptions>? configure = null, Action<RedisConnectionOptions>? connection = null) =>
        ServerFixture.StartAsync(_server, ",password=hush", ",password=hush", configure, connection);
}

using System.Net;
using Monitoring.CircuitBreakers;

namespace Monitoring.AspNetCore.Tests;

public sealed class CircuitEndpointTests
{
    [Fact]
    public async Task A_circuit_is_opened_and_closed_by_hand_and_it_is_written_down_who_did_it()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var circuit = host.Monitor.CircuitBreakers.GetOrAdd("redis:6379", static _ => true);

        var (isolated, opened) = await host.AskAsync(HttpMethod.Post, "circuit-breakers/redis:6379/isolate", """{"note":"maintenance"}""");
        circuit.State.Should().Be(CircuitState.Isolated);
        var (_, list) = await host.AskAsync("circuit-breakers");
        var (closed, _) = await host.AskAsync(HttpMethod.Post, "circuit-breakers/redis%3A6379/close", "{}");

        isolated.Should().Be(HttpStatusCode.OK);
        opened.Text("state").Should().Be("Isolated");
        opened.GetProperty("lastTransitions")[0].Text("reason").Should().Contain("admin: maintenance");
        list.EnumerateArray().Should().ContainSingle().Which.Text("state").Should().Be("Isolated");
        closed.Should().Be(HttpStatusCode.OK);
        circuit.State.Should().Be(CircuitState.Closed);
        host.Monitor.Audit.GetEntries().Select(entry => (entry.Action, entry.Target, entry.By, entry.Note)).Should().Equal(
            ("circuit.close", "redis:6379", "admin", null), ("circuit.isolate", "redis:6379", "admin", "maintenance"));
    }

    [Theory]
    [InlineData("isolate")]
    [InlineData("close")]
    public async Task A_circuit_that_is_not_there_is_not_found(string change)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        (await host.AskAsync(HttpMethod.Post, $"circuit-breakers/unknown/{change}", "{}")).Status.Should().Be(HttpStatusCode.NotFound);
        host.Monitor.Audit.GetEntries().Should().BeEmpty();
    }

    [Fact]
    public async Task A_reader_opens_no_circuit()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var circuit = host.Monitor.CircuitBreakers.GetOrAdd("redis", static _ => true);

        using var response = await host.SendAsync(HttpMethod.Post, "circuit-breakers/redis/isolate", MonitoringHost.ReaderKey, "{}");

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        circuit.State.Should().Be(CircuitState.Closed);
    }
}

using System.Text.Json;
using Monitoring.AspNetCore.Json;
using Monitoring.Redis;

namespace Monitoring.AspNetCore.Tests;

public sealed class RedisWireTests
{
    [Fact]
    public void A_diagnosed_timeout_is_sent_with_its_figures_and_null_for_those_that_are_missing()
    {
        var summary = new RedisOperationSummary
        {
            Timeouts =
            [
                new RedisTimeoutDiagnosis
                {
                    At = DateTimeOffset.UnixEpoch,
                    Operation = "GET",
                    EndPoint = "localhost:6379",
                    Elapsed = TimeSpan.FromSeconds(5),
                    Cause = RedisTimeoutCause.ThreadPoolStarvation,
                    Explanation = "No thread.",
                    UnreadBytes = 5,
                    BusyWorkers = 9,
                    ConnectedFor = TimeSpan.FromMinutes(1),
                },
            ],
            UndiagnosedTimeouts = 12,
        };

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(summary, ApiJson.For<RedisOperationSummary>()));

        json.RootElement.GetProperty("undiagnosedTimeouts").GetInt64().Should().Be(12);
        var timeout = json.RootElement.GetProperty("timeouts")[0];
        timeout.GetProperty("cause").GetString().Should().Be("ThreadPoolStarvation");
        timeout.GetProperty("elapsedMs").GetDouble().Should().Be(5000);
        timeout.GetProperty("connectedForMs").GetDouble().Should().Be(60_000);
        timeout.GetProperty("unreadBytes").GetInt64().Should().Be(5);
        timeout.GetProperty("busyWorkers").GetInt32().Should().Be(9);
        timeout.GetProperty("explanation").GetString().Should().Be("No thread.");
        timeout.GetProperty("queuedWorkItems").ValueKind.Should().Be(JsonValueKind.Null);
    }
}

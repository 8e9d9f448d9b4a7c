using System.Diagnostics;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>A monitored connection with quick polls and probes, and an application that works with it.</summary>
internal sealed class VerdictStage : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConnectionMultiplexer _bare;

    private VerdictStage(PerformanceMonitor monitor, ConnectionMultiplexer bare, IConnectionMultiplexer monitored) =>
        (Monitor, _bare, Database) = (monitor, bare, monitored.GetDatabase());

    public PerformanceMonitor Monitor { get; }

    public IDatabase Database { get; }

    public static async Task<VerdictStage> StartAsync(string endPoint, Action<MonitoringOptions>? configure = null)
    {
        var options = new MonitoringOptions();
        options.Redis.Server.PollInterval = TimeSpan.FromSeconds(1);
        options.Redis.Server.ProbeInterval = TimeSpan.FromMilliseconds(100);
        configure?.Invoke(options);
        var monitor = PerformanceMonitor.Create(options);
        var bare = await ConnectionMultiplexer.ConnectAsync($"{endPoint},syncTimeout=60000,asyncTimeout=60000");
        var stage = new VerdictStage(monitor, bare, bare.WithMonitoring(monitor));
        await stage.Database.StringSetAsync("small", "value");
        return stage;
    }

    /// <summary>Sources that have something to say.</summary>
    public Task WaitForSourcesAsync(params string[] sources) => Eventually.Async(
        async () =>
        {
            await Database.StringGetAsync("small");
            return !Verdict(TimeSpan.FromMinutes(1)).MissingSources.Intersect(sources).Any();
        },
        Limit,
        () => $"missing are {string.Join(", ", Verdict(TimeSpan.FromMinutes(1)).MissingSources)}");

    /// <summary>Reads small values again and again, whatever became of those before.</summary>
    public async Task ReadAsync(TimeSpan duration, TimeSpan pause)
    {
        var reads = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            reads.Add(Database.StringGetAsync("small"));
            await Task.Delay(pause);
        }

        await Task.WhenAll(reads);
    }

    /// <summary>The verdict on the last seconds; it must be <paramref name="cause"/> as soon as the servers were asked again.</summary>
    /// <param name="cause">What must be blamed.</param>
    /// <param name="window">How far to look back.</param>
    /// <param name="again">Goes on with what is judged, where a bad moment of the machine may have been in the window.</param>
    public async Task<RedisLatencyVerdict> ShouldBlameAsync(RedisLatencyCause cause, TimeSpan window, Func<Task>? again = null)
    {
        await Eventually.Async(
            async () =>
            {
                if (Verdict(window).Cause != cause && again is not null)
                {
                    await again();
                }

                return Verdict(window).Cause == cause;
            },
            again is null ? TimeSpan.FromSeconds(3) : Limit,
            () => Verdict(window).ToString());
        return Verdict(window);
    }

    public RedisLatencyVerdict Verdict(TimeSpan window)
    {
        var verdict = Monitor.Redis.GetSummary(window).Verdict;
        if (verdict.Operations > 0)
        {
            Sum(verdict).Should().BeApproximately(100, 1e-6);
        }

        return verdict;
    }

    public async ValueTask DisposeAsync()
    {
        await _bare.DisposeAsync();
        await Monitor.DisposeAsync();
    }

    private static double Sum(RedisLatencyVerdict verdict) =>
        verdict.ServerPercent + verdict.NetworkPercent + verdict.ClientPercent + verdict.HeadOfLinePercent + verdict.UnknownPercent;
}

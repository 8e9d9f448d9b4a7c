using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Reads the evidence about where the time of operations went. Thread-safe.
/// </summary>
/// <param name="probes">What this process measured.</param>
/// <param name="servers">What the servers say of themselves.</param>
/// <param name="options">How often they are asked.</param>
internal sealed class RedisLatencySources(RedisProbes probes, Func<IReadOnlyList<RedisServer>> servers, Func<RedisServerOptions> options)
{
    /// <summary>The verdict on all operations.</summary>
    public RedisLatencyVerdict Judge(TimeSpan window, IReadOnlyList<RedisEndPointStatistics> servers) =>
        RedisLatencyVerdicts.Of(null, window, [.. servers.Select(server => Read(server, window, servers))]);

    /// <summary>The verdict on the operations of each server.</summary>
    public IReadOnlyList<RedisEndPointStatistics> JudgeEach(TimeSpan window, IReadOnlyList<RedisEndPointStatistics> servers) =>
    [
        .. servers.Select(server => server with { Verdict = RedisLatencyVerdicts.Of(server.EndPoint, window, [Read(server, window, servers)]) }),
    ];

    private RedisLatencyEvidence Read(RedisEndPointStatistics server, TimeSpan window, IReadOnlyList<RedisEndPointStatistics> servers) =>
        Read(server.EndPoint ?? "", window, [.. server.OperationsByType.Values.Select(RedisCommandLoad.Of)], servers.Select(static one => one.EndPoint).OfType<string>());

    private RedisLatencyEvidence Read(string endPoint, TimeSpan window, IReadOnlyList<RedisCommandLoad> loads, IEnumerable<string> named)
    {
        var operations = loads.Sum(static load => load.Count);
        if (operations == 0)
        {
            return new RedisLatencyEvidence();
        }

        var probed = Choose(endPoint, probes.All, static p => p.EndPoint, named);
        var asked = new ServerTimes(Choose(endPoint, servers(), static s => s.EndPoint, named), WindowOfPolls(window));
        var queues = Sum(probed.Select(probe => probe.Queues.GetTimes(window)));
        var replies = endPoint.Length == 0 ? [probes.Unnamed] : probed.Select(static probe => probe.LargeReplies);
        var sizes = Sum(replies.Select(reply => reply.GetTimes(window)));
        return ReadRoundTrips(probed, asked, window, new RedisLatencyEvidence
        {
            EndPoint = endPoint.Length == 0 ? null : endPoint,
            Commands = [.. loads.Where(static load => load.Count > 0).OrderByDescending(static load => load.Total).Select(static load => load.Command)],
            Operations = operations,
            Observed = loads.Aggregate(TimeSpan.Zero, static (sum, load) => sum + load.Total) / operations,
            Execution = asked.GetExecution(loads) / operations,
            BusyPercent = asked.GetBusyPercent(),
            SchedulingDelay = probes.Scheduling.GetDelay(window),
            Unsent = queues?.First / operations,
            AwaitingCompletion = queues?.Second / operations,
            Transfer = sizes?.First / operations,
            BehindLargeReplies = sizes?.Second / operations,
        });
    }

    // Several servers count alike: the client does not say which of them an operation went to.
    private RedisLatencyEvidence ReadRoundTrips(IReadOnlyList<RedisEndPointProbes> probed, ServerTimes asked, TimeSpan window, RedisLatencyEvidence evidence)
    {
        var pause = probes.Scheduling.GetPause(window);
        var (count, floors, excesses, whileBusy, busyKnown) = (0, 0.0, 0.0, 0.0, true);
        foreach (var probe in probed)
        {
            if (probe.RoundTrips.Read(window) is not var (pings, floor))
            {
                continue;
            }

            var excess = Math.Max((pings.Average - floor - pause).TotalMilliseconds, 0);
            var busy = asked.GetBusyPercent(probe.EndPoint);
            count++;
            floors += Math.Max((floor - asked.GetPing(probe.EndPoint)).TotalMilliseconds, 0);
            excesses += excess;
            whileBusy += excess * ProbeExcess.ShareOfGreatest(pings, floor, (busy ?? 0) / 100);
            busyKnown &= busy is not null;
        }

        return count == 0 ? evidence : evidence with
        {
            RoundTripFloor = TimeSpan.FromMilliseconds(floors / count),
            RoundTripExcess = TimeSpan.FromMilliseconds(excesses / count),
            ExcessWhileBusy = busyKnown ? (excesses > 0 ? whileBusy / excesses : 0) : null,
        };
    }

    // A window that may hold no poll is made to hold the last one.
    private TimeSpan WindowOfPolls(TimeSpan window)
    {
        var poll = options().PollInterval + options().PollBudget + TimeSpan.FromSeconds(1);
        return window > poll ? window : poll;
    }

    // Operations without a server went to one of those that no operation names, if there are any.
    private static IReadOnlyList<T> Choose<T>(string endPoint, IReadOnlyList<T> all, Func<T, string> nameOf, IEnumerable<string> named)
    {
        if (endPoint.Length > 0)
        {
            return [.. all.Where(one => string.Equals(nameOf(one), endPoint, StringComparison.OrdinalIgnoreCase))];
        }

        var others = all.Where(one => !named.Contains(nameOf(one), StringComparer.OrdinalIgnoreCase)).ToList();
        return others.Count > 0 ? others : all;
    }

    private static (TimeSpan First, TimeSpan Second)? Sum(IEnumerable<(TimeSpan First, TimeSpan Second)?> times)
    {
        (TimeSpan First, TimeSpan Second)? sum = null;
        foreach (var time in times)
        {
            if (time is var (first, second))
            {
                sum = ((sum?.First ?? TimeSpan.Zero) + first, (sum?.Second ?? TimeSpan.Zero) + second);
            }
        }

        return sum;
    }

    /// <summary>What some servers say they spent on commands over one window.</summary>
    private sealed class ServerTimes(IReadOnlyList<RedisServer> servers, TimeSpan window)
    {
        private readonly List<RedisServer> _known = [.. servers.Where(server => server.Time.GetMean(window) is not null)];

        /// <summary>Execution time of the operations by the servers' means; null where no server says.</summary>
        public TimeSpan? GetExecution(IReadOnlyList<RedisCommandLoad> loads)
        {
            if (_known.Count == 0)
            {
                return null;
            }

            var any = Mean(server => server.Time.GetMean(window))!.Value;
            return loads.Aggregate(TimeSpan.Zero, (sum, load) => sum + (load.Items > 0
                ? load.Items * any
                : load.Count * (Mean(server => server.Time.GetMean(load.Command, window)) ?? any)));
        }

        public double? GetBusyPercent() => _known.Max(server => server.Time.GetBusyPercent(window));

        public double? GetBusyPercent(string endPoint) => Find(endPoint)?.Time.GetBusyPercent(window);

        public TimeSpan GetPing(string endPoint) => Find(endPoint)?.Time.GetMean("PING", window) ?? TimeSpan.Zero;

        private RedisServer? Find(string endPoint) => _known.Find(server => string.Equals(server.EndPoint, endPoint, StringComparison.OrdinalIgnoreCase));

        private TimeSpan? Mean(Func<RedisServer, TimeSpan?> mean)
        {
            var means = _known.Select(mean).OfType<TimeSpan>().ToList();
            return means.Count == 0 ? null : means.Aggregate(TimeSpan.Zero, static (sum, time) => sum + time) / means.Count;
        }
    }
}

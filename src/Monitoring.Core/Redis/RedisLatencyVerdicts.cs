using System.Globalization;

namespace Monitoring.Redis;

/// <summary>Makes verdicts of evidence. Pure.</summary>
internal static class RedisLatencyVerdicts
{
    /// <summary>The share from which on a cause is named, percent.</summary>
    public const double Decisive = 40;

    private static readonly string[] Names = ["unexplained", "server", "network", "client", "behind large replies"];

    /// <summary>
    /// The verdict on the operations of all the evidence together. The cause is the greatest share, what is unexplained
    /// among them, if it is 40 % at least.
    /// </summary>
    /// <param name="endPoint">What the verdict is about; null for everything.</param>
    /// <param name="window">The window of the evidence.</param>
    /// <param name="evidence">What is known, by endpoint.</param>
    public static RedisLatencyVerdict Of(string? endPoint, TimeSpan window, IReadOnlyList<RedisLatencyEvidence> evidence)
    {
        var asked = evidence.Where(static part => part.Operations > 0).ToList();
        var operations = asked.Sum(static part => part.Operations);
        if (operations == 0)
        {
            return new RedisLatencyVerdict { EndPoint = endPoint, Window = window, Explanation = "No operation waited for Redis." };
        }

        var attribution = asked.Aggregate(default(RedisLatencyAttribution), static (sum, part) => sum.Plus(RedisLatencyAttribution.Of(part)));
        var shares = Shares(attribution);
        var cause = Cause(shares);
        var observed = attribution.Total / operations;
        string[] missing = [.. asked.SelectMany(static part => part.MissingSources).Distinct()];
        return new RedisLatencyVerdict
        {
            EndPoint = endPoint,
            Window = window,
            Operations = operations,
            Observed = TimeSpan.FromMilliseconds(observed),
            Cause = cause,
            Explanation = Explain(asked, shares, observed, missing),
            ServerPercent = shares[(int)RedisLatencyCause.Server],
            NetworkPercent = shares[(int)RedisLatencyCause.Network],
            ClientPercent = shares[(int)RedisLatencyCause.Client],
            HeadOfLinePercent = shares[(int)RedisLatencyCause.HeadOfLine],
            UnknownPercent = shares[(int)RedisLatencyCause.Unknown],
            MissingSources = missing,
        };
    }

    // By cause. The unknown is what the others leave, so that the sum is 100.
    private static double[] Shares(in RedisLatencyAttribution attribution)
    {
        var total = attribution.Total;
        double[] shares = [0, .. new[] { attribution.Server, attribution.Network, attribution.Client, attribution.HeadOfLine }
            .Select(part => total <= 0 ? 0 : Math.Clamp(100 * part / total, 0, 100))];
        shares[0] = Math.Max(100 - shares.Sum(), 0);
        return shares;
    }

    private static RedisLatencyCause Cause(double[] shares)
    {
        var greatest = Array.IndexOf(shares, shares.Max());
        return shares[greatest] >= Decisive ? (RedisLatencyCause)greatest : RedisLatencyCause.Unknown;
    }

    private static string Explain(List<RedisLatencyEvidence> evidence, double[] shares, double observed, string[] missing)
    {
        var parts = shares
            .Select(static (share, cause) => (Share: share, Name: Names[cause]))
            .Where(static part => part.Share >= 0.05)
            .OrderByDescending(static part => part.Share)
            .Select(part => $"{part.Name} {Milliseconds(part.Share * observed / 100)}");
        var busy = evidence.Max(static part => part.BusyPercent);
        var late = evidence.Max(static part => part.SchedulingDelay);
        var pinged = evidence.Where(static part => part.RoundTripFloor is not null).MaxBy(static part => part.RoundTripFloor + part.RoundTripExcess);
        return $"{Commands(evidence)} took {Milliseconds(observed)} on average: {string.Join(", ", parts)}"
            + (busy is null ? "" : $"; the server executed commands {Text(busy.Value)} % of the time")
            + (pinged is null ? "" : $"; a PING took {Ping(pinged.RoundTripFloor + pinged.RoundTripExcess)} on average and {Ping(pinged.RoundTripFloor)} at least")
            + (late is null ? "" : $"; a work item waited {Milliseconds(late.Value.TotalMilliseconds)} for a thread")
            + (missing.Length == 0 ? "." : $"; nothing is known from {string.Join(", ", missing)}.");
    }

    private static string Commands(List<RedisLatencyEvidence> evidence)
    {
        var commands = evidence.SelectMany(static part => part.Commands).Distinct().ToList();
        return commands.Count switch
        {
            0 => "Operations",
            1 => commands[0],
            2 => $"{commands[0]} and {commands[1]}",
            _ => $"{commands[0]} and {Text(commands.Count - 1)} others",
        };
    }

    private static string Ping(TimeSpan? time) => Milliseconds(time?.TotalMilliseconds ?? 0);

    private static string Milliseconds(double value) => $"{Text(value)} ms";

    private static string Text(double value) => value.ToString(value < 10 ? "0.###" : "0.#", CultureInfo.InvariantCulture);
}

namespace Monitoring.History;

/// <summary>One series of the history in all its resolutions. For one thread at a time.</summary>
internal sealed class HistoryTrack(string metric, string? instance, string unit)
{
    /// <summary>How far the coarsest resolution reaches, and with it the history.</summary>
    public const long Reach = 24 * 3600;

    // A little more than is promised: an answer begins on a full step, and ends with the second before this one.
    private static readonly Resolution[] Resolutions = [new(1, 300 + 20), new(10, 360 + 6), new(60, 1440 + 6)];

    private readonly HistoryTier[] _tiers = Array.ConvertAll(Resolutions, static resolution => new HistoryTier(resolution.Step, resolution.Length));

    public string Metric => metric;

    public string? Instance => instance;

    public string Unit => unit;

    /// <summary>The second of the last value.</summary>
    public long LastSecond { get; private set; }

    /// <summary>The last value.</summary>
    public double LastValue { get; private set; }

    /// <summary>The finest resolution that reaches back for so many seconds, as an index.</summary>
    public static int ResolutionFor(long age)
    {
        var at = 0;
        while (at < Resolutions.Length - 1 && age > Resolutions[at].Reach)
        {
            at++;
        }

        return at;
    }

    /// <summary>Seconds of a slot.</summary>
    public static int StepOf(int resolution) => Resolutions[resolution].Step;

    /// <summary>Adds the value of a second; seconds ascend.</summary>
    public void Add(long second, double value)
    {
        (LastSecond, LastValue) = (second, value);
        foreach (var tier in _tiers)
        {
            tier.Add(second, value);
        }
    }

    /// <summary>What is known of the seconds from one on, at one resolution; both are multiples of its step.</summary>
    public HistoryPoint Read(int resolution, long from, long seconds)
    {
        var point = default(HistoryPoint);
        var step = StepOf(resolution);
        for (var slot = from / step; slot < (from + seconds) / step; slot++)
        {
            _tiers[resolution].AddTo(ref point, slot);
        }

        return point;
    }

    private readonly record struct Resolution(int Step, int Length)
    {
        public long Reach => ((long)Step * Length) - (Step * 2);
    }
}

namespace Monitoring.SystemResources;

/// <summary>
/// Usage of processor and memory of the last hour, in a ring that is as large as the sample interval asks for and never
/// grows. One lock, held for a sample or for a copy.
/// </summary>
internal sealed class UsageHistory(TimeSpan interval)
{
    private const int Points = 60;

    private readonly Lock _lock = new();

    // Guarded by _lock; _next is where the next one goes.
    private readonly Usage[] _ring = new Usage[(int)(TimeSpan.FromHours(1) / interval) + 2];
    private int _next;
    private int _count;

    /// <summary>Adds a sample.</summary>
    /// <param name="usage">The sample; its elapsed time does not go back.</param>
    public void Add(in Usage usage)
    {
        lock (_lock)
        {
            _ring[_next] = usage;
            _next = (_next + 1) % _ring.Length;
            _count = Math.Min(_count + 1, _ring.Length);
        }
    }

    /// <summary>The samples from a time on, the oldest first.</summary>
    public Usage[] Since(TimeSpan elapsed)
    {
        lock (_lock)
        {
            var count = 0;
            while (count < _count && At(count + 1).Elapsed >= elapsed)
            {
                count++;
            }

            var samples = new Usage[count];
            for (var i = 0; i < count; i++)
            {
                samples[i] = At(count - i);
            }

            return samples;
        }

        // The sample that was added so many samples ago, the last being one.
        Usage At(int ago) => _ring[(_next - ago + _ring.Length) % _ring.Length];
    }

    /// <summary>As many points as are shown, each the average of the samples that it stands for.</summary>
    public static IReadOnlyList<SystemPoint> ToPoints(Usage[] samples)
    {
        var each = Math.Max(1, (samples.Length + Points - 1) / Points);
        return [.. samples.Chunk(each).Select(static chunk => new SystemPoint(chunk[^1].At, chunk.Average(static usage => usage.Cpu), chunk.Average(static usage => usage.Memory)))];
    }

    /// <summary>Lowest, average and highest of what is known; zeros if nothing is.</summary>
    public static (double Minimum, double Average, double Maximum, int Count) Of(Usage[] samples, Func<Usage, float?> value)
    {
        double minimum = double.MaxValue, maximum = 0, sum = 0;
        var count = 0;
        foreach (var sample in samples)
        {
            if (value(sample) is { } known)
            {
                minimum = Math.Min(minimum, known);
                maximum = Math.Max(maximum, known);
                sum += known;
                count++;
            }
        }

        return count == 0 ? default : (minimum, sum / count, maximum, count);
    }
}

/// <summary>One sample: when, by the steady clock and by the wall's, and shares in percent where they are known.</summary>
internal readonly record struct Usage(TimeSpan Elapsed, DateTimeOffset At, float? Cpu, float? Memory);

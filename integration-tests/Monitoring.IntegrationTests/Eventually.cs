using System.Diagnostics;

namespace Monitoring.IntegrationTests;

/// <summary>Waits for something that real servers bring about in their own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns how long it took; fails after <paramref name="limit"/>.</summary>
    public static async Task<TimeSpan> Async(Func<Task<bool>> condition, TimeSpan limit, Func<string> because)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"After {limit.TotalSeconds} s: {because()}");
            }

            await Task.Delay(Pause);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}

using System.Diagnostics;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Waits for what another thread will do, and fails when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<bool> condition, string because = "another thread should have got there")
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException(because);
            }

            await Task.Delay(1);
        }
    }
}

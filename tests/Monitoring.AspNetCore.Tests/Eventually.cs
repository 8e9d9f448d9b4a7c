using System.Diagnostics;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Waits for what another thread, or a server, will do, and fails when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Task HoldsAsync(Func<bool> condition, string because = "another thread should have got there") =>
        HoldsAsync(() => Task.FromResult(condition()), because);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string because = "another thread should have got there")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException(because);
            }

            await Task.Delay(5);
        }
    }
}

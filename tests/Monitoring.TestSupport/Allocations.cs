namespace Monitoring.TestSupport;

/// <summary>What code allocates.</summary>
public static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that the calling thread allocates while <paramref name="work"/> runs: the least of several runs. What happens
    /// once, such as the cells of a processor that the thread has just moved to, is no part of the work; what the work
    /// itself allocates is in every run.
    /// </summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}

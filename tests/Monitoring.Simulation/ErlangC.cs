namespace Monitoring.Simulation;

/// <summary>
/// The M/M/c queue in theory (A. K. Erlang, 1917; Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory",
/// 4th edition, 2.3).
/// </summary>
internal static class ErlangC
{
    /// <summary>Probability that a task has to wait.</summary>
    /// <param name="workers">c.</param>
    /// <param name="offeredLoad">a = λ × mean processing time; below c.</param>
    public static double WaitProbability(int workers, double offeredLoad)
    {
        // Erlang B by its recursion, which does not overflow as the factorials do.
        var blocking = 1.0;
        for (var c = 1; c <= workers; c++)
        {
            blocking = offeredLoad * blocking / (c + offeredLoad * blocking);
        }

        return blocking / (1 - offeredLoad / workers * (1 - blocking));
    }

    /// <summary>Mean wait of all tasks, those that do not wait included, in seconds.</summary>
    public static double MeanWait(int workers, double arrivalsPerSecond, double meanProcessingSeconds)
    {
        var offeredLoad = arrivalsPerSecond * meanProcessingSeconds;
        return WaitProbability(workers, offeredLoad) * meanProcessingSeconds / (workers - offeredLoad);
    }
}

namespace Monitoring.KillTest;

/// <summary>What the driver does.</summary>
internal sealed record KillTestOptions
{
    public const string QueueName = "kill-test";

    public const string Group = "kill-test";

    /// <summary>Numbered tasks.</summary>
    public int Tasks { get; init; } = 20_000;

    /// <summary>Processes at the same time, each with eight workers.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>How often one of them is killed.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a task takes on average; each takes half to one and a half of it.</summary>
    public int TaskMilliseconds { get; init; } = 40;

    /// <summary>After which the test has failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What came of it.</summary>
internal sealed record KillTestReport
{
    /// <summary>Tasks that were to be enqueued.</summary>
    public required int Wanted { get; init; }

    /// <summary>Tasks that the queue accepted.</summary>
    public required int Tasks { get; init; }

    /// <summary>Different numbers that a handler has done.</summary>
    public required int Done { get; init; }

    /// <summary>Times that handlers came to their end.</summary>
    public required int Executions { get; init; }

    /// <summary>Times that handlers began; those that a kill interrupted never ended.</summary>
    public required int Starts { get; init; }

    public required int Kills { get; init; }

    public required int RedisRestarts { get; init; }

    /// <summary>Calls that failed while Redis was away and were repeated by the producer.</summary>
    public required int EnqueueErrors { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required long InStreams { get; init; }

    public required long Pending { get; init; }

    public required long Delayed { get; init; }

    public required long DeadLetters { get; init; }

    /// <summary>Keys of unsettled tasks that are still held.</summary>
    public required long DeduplicationKeys { get; init; }

    /// <summary>Consumers that the group still knows; those of killed processes are removed once they hold nothing.</summary>
    public required int Consumers { get; init; }

    /// <summary>Worker processes that did not end by themselves when they were asked to.</summary>
    public required int StopFailures { get; init; }

    /// <summary>Executions beyond the first of each task.</summary>
    public int Duplicates => Executions - Done;

    public bool Passed => Tasks == Wanted && Done == Tasks && InStreams == 0 && Pending == 0 && Delayed == 0 && DeadLetters == 0 && DeduplicationKeys == 0
        && Consumers == 0 && StopFailures == 0 && Kills > 0 && RedisRestarts == 1;

    public void Print(TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant($"""

            tasks enqueued               {Tasks,8}
            done at least once           {Done,8}
            done more than once          {Duplicates,8}   ({100.0 * Duplicates / Tasks:0.###} %)
            begun and not ended by kills {Starts - Executions,8}
            workers killed (SIGKILL)     {Kills,8}
            Redis killed and restarted   {RedisRestarts,8}
            enqueue calls repeated       {EnqueueErrors,8}
            left in the streams          {InStreams,8}
            left pending                 {Pending,8}
            left delayed                 {Delayed,8}
            dead letters                 {DeadLetters,8}
            deduplication keys left      {DeduplicationKeys,8}
            consumers left               {Consumers,8}
            workers that did not stop    {StopFailures,8}
            elapsed                      {Elapsed.TotalSeconds,8:0.0} s
            {(Passed ? "passed" : "FAILED")}
            """));
    }
}

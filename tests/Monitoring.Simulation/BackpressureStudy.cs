namespace Monitoring.Simulation;

/// <summary>Every scenario of docs/backpressure.md, run once: the same seeds, so the same figures.</summary>
internal sealed record BackpressureStudy(
    IReadOnlyList<StableResult> Stable, IReadOnlyList<OnsetResult> Overloads, IReadOnlyList<OnsetResult> Failures,
    IReadOnlyList<BurstResult> Bursts, IReadOnlyList<RecoveryResult> Recoveries)
{
    private static readonly QueueShape Usual = QueueShape.Usual;
    private static readonly QueueShape Slow = new(8, 5);
    private static readonly QueueShape Single = new(1, 1);
    private static readonly QueueShape Mixed = new(8, 0.1, High: 0.5, Low: 0.1);

    public static BackpressureStudy Run() => new(
        All(StableScenarios(), static scenario => scenario.Run()),
        All(OverloadScenarios(), static scenario => scenario.Run()),
        All(FailureScenarios(), static scenario => scenario.Run()),
        All(BurstScenarios(), static scenario => scenario.Run()),
        All(RecoveryScenarios(), static scenario => scenario.Run()));

    // Each has its own clock and its own chance: side by side they give the same as one after the other.
    private static TResult[] All<TScenario, TResult>(IEnumerable<TScenario> scenarios, Func<TScenario, TResult> run) =>
        [.. scenarios.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.FullyBuffered).Select(run)];

    private static IEnumerable<StableScenario> StableScenarios() =>
        from queue in new[] { (Shape: Usual, Hours: 4), (Shape: Mixed, Hours: 2), (Shape: Slow, Hours: 8), (Shape: Single, Hours: 8) }
        from load in new[] { 0.5, 0.7, 0.8, 0.9, 0.95 }
        where load >= 0.8 || queue.Shape == Usual
        select new StableScenario(queue.Shape, load, TimeSpan.FromHours(queue.Hours));

    private static IEnumerable<OnsetScenario> OverloadScenarios() =>
        from queue in new[] { (Shape: Usual, Minutes: 3), (Shape: Slow, Minutes: 20) }
        from load in new[] { 1.05, 1.2, 2, 5 }
        select new OnsetScenario($"{load:0.##} × what the workers can do", queue.Shape, simulation => simulation.SetArrivals(queue.Shape.ArrivalsAt(load)), TimeSpan.FromMinutes(queue.Minutes));

    private static IEnumerable<OnsetScenario> FailureScenarios()
    {
        var watched = TimeSpan.FromMinutes(2);
        return
        [
            new OnsetScenario("4 of 8 workers are gone", Usual, static simulation => simulation.SetWorkers(4), watched),
            new OnsetScenario("all workers are gone", Usual, static simulation => simulation.SetWorkers(0), watched),
            new OnsetScenario("all workers hang", Usual, static simulation => simulation.Hang(), watched),
            new OnsetScenario("a dependency is 10 times slower", Usual, static simulation => simulation.MeanProcessingSeconds *= 10, watched),
        ];
    }

    private static IEnumerable<BurstScenario> BurstScenarios() =>
    [
        .. new[] { 50, 100, 200, 400, 700 }.Select(static tasks => new BurstScenario(
            $"{tasks} tasks at once, every minute, over 50 %", static _ => { }, simulation => simulation.AddBatch(tasks))),
        Phases(1.2, 5, 0.4, 15),
        Phases(1.5, 5, 0.3, 15),
        Phases(2, 3, 0.3, 15),
        Phases(2, 10, 0.2, 30),
    ];

    private static BurstScenario Phases(double peak, double peakSeconds, double calm, double calmSeconds) => new(
        $"phases: {peak:0.#} × what the workers can do for {peakSeconds:0} s, {calm:0.#} × for {calmSeconds:0} s (means)",
        simulation => simulation.SetArrivals(Usual.ArrivalsAt(peak), peakSeconds, Usual.ArrivalsAt(calm), calmSeconds));

    private static IEnumerable<RecoveryScenario> RecoveryScenarios() =>
    [
        new RecoveryScenario(
            "twice what the workers can do", static simulation => simulation.SetArrivals(Usual.ArrivalsAt(2)), static simulation => simulation.SetArrivals(Usual.ArrivalsAt(OnsetScenario.LoadBefore))),
        new RecoveryScenario("all workers gone", static simulation => simulation.SetWorkers(0), static simulation => simulation.SetWorkers(Usual.Workers)),
        new RecoveryScenario("all workers hang", static simulation => simulation.Hang(), static simulation => simulation.Recover(Usual.ProcessingSeconds)),
        new RecoveryScenario(
            "a dependency 10 times slower", static simulation => simulation.MeanProcessingSeconds *= 10, static simulation => simulation.MeanProcessingSeconds = Usual.ProcessingSeconds),
    ];
}

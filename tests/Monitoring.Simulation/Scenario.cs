using Monitoring.Backpressure;

namespace Monitoring.Simulation;

/// <summary>A queue to simulate: Poisson arrivals, exponential processing times, 1,000 places, thresholds at their defaults.</summary>
/// <param name="Workers">Workers.</param>
/// <param name="ProcessingSeconds">Mean processing time.</param>
/// <param name="High">Share of tasks of high priority.</param>
/// <param name="Low">Share of tasks of low priority.</param>
internal sealed record QueueShape(int Workers, double ProcessingSeconds, double High = 0, double Low = 0)
{
    public const int Capacity = 1000;

    /// <summary>The one that most scenarios use: 80 tasks a second at most.</summary>
    public static QueueShape Usual { get; } = new(8, 0.1);

    /// <summary>Tasks a second that keep that share of the workers busy.</summary>
    public double ArrivalsAt(double load) => load * Workers / ProcessingSeconds;

    public QueueSimulation Start(ulong seed, double load)
    {
        var simulation = new QueueSimulation(seed, Workers, ProcessingSeconds, Capacity) { Mix = (High, Low) };
        simulation.SetArrivals(ArrivalsAt(load));
        return simulation;
    }

    public override string ToString() =>
        $"{Workers} {(Workers == 1 ? "worker" : "workers")} × {(ProcessingSeconds < 1 ? $"{ProcessingSeconds * 1000:0} ms" : $"{ProcessingSeconds:0} s")}"
        + (High + Low > 0 ? $", {100 * High:0} % high, {100 * Low:0} % low" : "");
}

/// <summary>A queue that stays as it is: every alarm is a false one.</summary>
internal sealed record StableScenario(QueueShape Shape, double Load, TimeSpan Duration)
{
    public StableResult Run()
    {
        var simulation = Shape.Start(seed: 1, Load);
        var alarms = new AlarmCount();
        simulation.Run(Duration, alarms.See);
        return new StableResult(this, simulation.Waits.Seconds / simulation.Waits.Count, ErlangC.MeanWait(Shape.Workers, Shape.ArrivalsAt(Load), Shape.ProcessingSeconds), alarms);
    }
}

internal sealed record StableResult(StableScenario Scenario, double MeanWait, double TheoreticalMeanWait, AlarmCount Alarms)
{
    public double AlarmsPerDay => Alarms.Count * TimeSpan.FromDays(1) / Scenario.Duration;
}

/// <summary>Counts alarms, which begin with a level and end without one.</summary>
internal sealed class AlarmCount
{
    private readonly HashSet<BackpressureSignal> _signals = [];
    private int _current;

    public int Count { get; private set; }

    public int Seconds { get; private set; }

    public int LongestSeconds { get; private set; }

    public IEnumerable<BackpressureSignal> Signals => _signals.Order();

    public bool See(BackpressureStatus status)
    {
        if (!status.IsDetected)
        {
            _current = 0;
            return true;
        }

        Count += _current == 0 ? 1 : 0;
        _current++;
        Seconds++;
        LongestSeconds = Math.Max(LongestSeconds, _current);
        _signals.UnionWith(status.Signals);
        return true;
    }
}

/// <summary>Something happens to a queue that was stable at 70 % for two minutes, in twenty runs with different seeds.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Shape">The queue.</param>
/// <param name="Happens">Does it.</param>
/// <param name="Watched">How long it is watched.</param>
internal sealed record OnsetScenario(string Name, QueueShape Shape, Action<QueueSimulation> Happens, TimeSpan Watched)
{
    public const int Runs = 20;
    public const double LoadBefore = 0.7;
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(2);

    public OnsetResult Run()
    {
        var delays = new Delays();
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var simulation = Shape.Start(seed, LoadBefore);
            simulation.Run(Before, static _ => true);
            var onset = simulation.Now;
            Happens(simulation);
            var run = delays.NewRun();
            simulation.Run(Watched, status => run.See(status, simulation.Now - onset));
        }

        return new OnsetResult(this, delays);
    }
}

internal sealed record OnsetResult(OnsetScenario Scenario, Delays Delays);

/// <summary>How long it took in each run until there was an alarm, until it was severe, and until each signal held; in seconds.</summary>
internal sealed class Delays
{
    private readonly Dictionary<BackpressureSignal, List<double>> _bySignal = [];

    public List<double> Detected { get; } = [];

    public List<double> Severe { get; } = [];

    public IReadOnlyList<double> Of(BackpressureSignal signal) => _bySignal.GetValueOrDefault(signal) ?? [];

    public static double? Median(IReadOnlyList<double> values) =>
        values.Count == 0 ? null : (values.Order().ElementAt((values.Count - 1) / 2) + values.Order().ElementAt(values.Count / 2)) / 2;

    public OneRun NewRun() => new(this);

    internal sealed class OneRun(Delays delays)
    {
        private readonly HashSet<BackpressureSignal> _seen = [];
        private bool _detected;
        private bool _severe;

        public bool See(BackpressureStatus status, TimeSpan since)
        {
            Add(ref _detected, status.IsDetected, delays.Detected);
            Add(ref _severe, status.Level == BackpressureLevel.Severe, delays.Severe);
            foreach (var signal in status.Signals.Where(_seen.Add))
            {
                (delays._bySignal.TryGetValue(signal, out var list) ? list : delays._bySignal[signal] = []).Add(since.TotalSeconds);
            }

            return true;

            void Add(ref bool before, bool now, List<double> list)
            {
                if (now && !before)
                {
                    before = true;
                    list.Add(since.TotalSeconds);
                }
            }
        }
    }
}

/// <summary>Trouble of one minute, and what comes after: how long there is a backlog, and how long the alarm stays after it.</summary>
internal sealed record RecoveryScenario(string Name, Action<QueueSimulation> Happens, Action<QueueSimulation> Ends)
{
    public RecoveryResult Run()
    {
        var backlog = new List<double>();
        var alarm = new List<double>();
        for (ulong seed = 1; seed <= OnsetScenario.Runs; seed++)
        {
            var simulation = QueueShape.Usual.Start(seed, OnsetScenario.LoadBefore);
            simulation.Run(OnsetScenario.Before, static _ => true);
            Happens(simulation);
            simulation.Run(TimeSpan.FromMinutes(1), static _ => true);
            Ends(simulation);
            var end = simulation.Now;
            double? worked = null;
            double? cleared = null;
            simulation.Run(TimeSpan.FromMinutes(10), status =>
            {
                worked ??= simulation.Depth < QueueShape.Usual.Workers ? (simulation.Now - end).TotalSeconds : null;
                cleared ??= status.IsDetected ? null : (simulation.Now - end).TotalSeconds;
                return worked is null || cleared is null;
            });
            backlog.Add(worked ?? double.PositiveInfinity);
            alarm.Add(cleared ?? double.PositiveInfinity);
        }

        return new RecoveryResult(this, backlog, alarm);
    }
}

internal sealed record RecoveryResult(RecoveryScenario Scenario, IReadOnlyList<double> BacklogSeconds, IReadOnlyList<double> AlarmSeconds);

/// <summary>Bursts over the usual queue: many tasks at once, or phases of more arrivals than the workers can do.</summary>
/// <param name="Name">What comes.</param>
/// <param name="Begins">Sets the arrivals before the hours begin.</param>
/// <param name="EveryMinute">Is done every minute.</param>
internal sealed record BurstScenario(string Name, Action<QueueSimulation> Begins, Action<QueueSimulation>? EveryMinute = null)
{
    public const int Hours = 1;

    public BurstResult Run()
    {
        var simulation = QueueShape.Usual.Start(seed: 1, load: 0.5);
        Begins(simulation);
        var alarms = new AlarmCount();
        var deepest = 0;
        for (var minute = 0; minute < Hours * 60; minute++)
        {
            EveryMinute?.Invoke(simulation);
            simulation.Run(TimeSpan.FromMinutes(1), status =>
            {
                deepest = Math.Max(deepest, simulation.Depth);
                return alarms.See(status);
            });
        }

        return new BurstResult(this, deepest, alarms);
    }
}

internal sealed record BurstResult(BurstScenario Scenario, int DeepestSeen, AlarmCount Alarms);

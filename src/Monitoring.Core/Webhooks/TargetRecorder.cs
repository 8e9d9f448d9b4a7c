using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>
/// Counts over all endpoints which webhooks kept the targets and the objective. Thread-safe; recording is wait-free and allocates
/// nothing.
/// </summary>
internal sealed class TargetRecorder
{
    private static readonly TimeSpan[] ComplianceWindows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)];

    // The windows of multi-window burn rates: "The Site Reliability Workbook", chapter 5, table 5-8.
    private static readonly TimeSpan[] BurnWindows =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(3)];

    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private readonly SliceClock _clock;
    private readonly double _objectivePercent;
    private readonly TimeSpan _target;

    // The whole is counted before its parts and read after them: so no share exceeds 100 %.
    private readonly WindowedCounter _all;
    private readonly WindowedCounter _within500Ms;
    private readonly WindowedCounter _within2S;
    private readonly WindowedCounter _misses;

    // Guards all below: what was counted up to the last look, and its history.
    private readonly Lock _lock = new();
    private readonly BurnHistory[] _burns = [.. BurnWindows.Select(static window => new BurnHistory(window))];
    private readonly BurnHistory _period = new(Period);
    private long _seen;
    private long _missesSeen;

    public TargetRecorder(SliceClock clock, WebhookOptions options)
    {
        _clock = clock;
        _objectivePercent = options.ObjectivePercent;
        _target = options.ObjectiveTarget;
        (_all, _within500Ms, _within2S, _misses) = (new(clock), new(clock), new(clock), new(clock));
    }

    /// <summary>Share of the webhooks that may miss the objective, percent.</summary>
    public double BudgetPercent => 100 - _objectivePercent;

    /// <summary>Webhooks since the start that missed the objective.</summary>
    public long MissTotal => _misses.TotalCount;

    /// <summary>Counts one webhook.</summary>
    public void Record(TimeSpan total)
    {
        _all.Add();
        if (total > _target)
        {
            _misses.Add();
        }

        if (total <= WebhookTargets.Within2S)
        {
            _within2S.Add();
            if (total <= WebhookTargets.Within500Ms)
            {
                _within500Ms.Add();
            }
        }
    }

    /// <summary>Share of the webhooks of a window that missed the objective, percent, and how many webhooks there were.</summary>
    public (double Percent, long Count) GetMisses(TimeSpan window)
    {
        var misses = _misses.GetCount(window);
        var count = _all.GetCount(window);
        return (Percent(misses, count), count);
    }

    public IReadOnlyList<WebhookCompliance> GetCompliance() => Array.ConvertAll(ComplianceWindows, window =>
    {
        var within500Ms = _within500Ms.GetCount(window);
        var within2S = _within2S.GetCount(window);
        var count = _all.GetCount(window);
        return new WebhookCompliance
        {
            Window = window,
            Count = count,
            Within500MsPercent = Percent(within500Ms, count),
            Within2SPercent = Percent(within2S, count),
        };
    });

    public WebhookObjective GetObjective()
    {
        lock (_lock)
        {
            var second = LookUnderLock();
            var (misses, count) = _period.Sum(second);
            return new WebhookObjective
            {
                ObjectivePercent = _objectivePercent,
                Target = _target,
                Period = TimeSpan.FromSeconds(Math.Min(second, Period.TotalSeconds)),
                Count = (long)count,
                Misses = (long)misses,
                CompliancePercent = count > 0 ? 100 - Percent(misses, count) : 0,
                ErrorBudgetRemainingPercent = 100 * Math.Clamp(1 - BurnRate(misses, count), 0, 1),
                BurnRates = [.. BurnWindows.Select((window, at) =>
                {
                    var (bad, all) = _burns[at].Sum(second);
                    return new WebhookBurnRate { Window = window, Count = (long)all, Rate = BurnRate(bad, all) };
                })],
            };
        }
    }

    /// <summary>Keeps what was counted since the last time; called by the monitor's loop.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            LookUnderLock();
        }
    }

    // The parts before the whole, as above.
    private long LookUnderLock()
    {
        var second = _clock.Second;
        var misses = _misses.TotalCount;
        var all = _all.TotalCount;
        if (all > _seen)
        {
            foreach (var history in _burns)
            {
                history.Add(second, misses - _missesSeen, all - _seen);
            }

            _period.Add(second, misses - _missesSeen, all - _seen);
            (_seen, _missesSeen) = (all, misses);
        }

        return second;
    }

    private double BurnRate(double misses, double count) => count > 0 ? misses / count / (BudgetPercent / 100) : 0;

    private static double Percent(double part, double whole) => whole > 0 ? Math.Min(100 * part / whole, 100) : 0;
}

namespace Monitoring.Alerts.Suppression;

/// <summary>
/// Decides which alerts are kept quiet, and by what: a silence before a maintenance window, and that before another alert
/// that explains it. A cause that is itself silenced still explains. What matches an alert is looked up once, and again
/// only when its labels, the silences or the settings have changed.
/// </summary>
internal sealed class AlertSuppressor
{
    private readonly AlertSilences _silences;

    // Set by whoever reloads, taken over by the next evaluation; everything else is the evaluation's, of which there is one.
    private volatile SuppressionRules _next;
    private SuppressionRules _rules;
    private Inhibitor _inhibitor;
    private SilenceSet _silenceSet = SilenceSet.Empty;
    private Dictionary<string, Matches> _known = new(StringComparer.Ordinal);
    private Dictionary<string, Matches> _before = new(StringComparer.Ordinal);
    private readonly List<(Alert Alert, InhibitionRoles Roles)> _sources = [];
    private readonly Dictionary<MaintenanceWindow, bool> _openWindows = [];

    public AlertSuppressor(AlertOptions options, AlertSilences silences)
    {
        _silences = silences;
        _rules = _next = new SuppressionRules(options);
        _inhibitor = new Inhibitor(_rules.Inhibitions);
    }

    /// <summary>Takes over changed settings with the next evaluation; they are valid. Thread-safe.</summary>
    public void Reload(AlertOptions options) => _next = new SuppressionRules(options);

    /// <summary>Looks at the alerts that are active, once before the questions of an evaluation.</summary>
    public void Prepare(IReadOnlyList<Alert> active, DateTimeOffset now)
    {
        _silences.Forget(now);
        TakeOverChanges();
        _openWindows.Clear();
        _sources.Clear();
        (_known, _before) = (_before, _known);
        _known.Clear();
        foreach (var alert in active)
        {
            var matches = _before.TryGetValue(alert.Key, out var known) && known.IsOf(alert) ? known : Match(alert);
            _known[alert.Key] = matches;
            if (matches.Roles.SourceOf.Length > 0)
            {
                _sources.Add((alert, matches.Roles));
            }
        }

        _inhibitor.Prepare(_sources, now, _rules.Grace);
    }

    /// <summary>What keeps an alert quiet at that moment; null when nothing does. Used by one evaluation at a time.</summary>
    public AlertSuppression? Find(Alert alert, DateTimeOffset now)
    {
        var matches = _known.TryGetValue(alert.Key, out var known) && known.IsOf(alert) ? known : Match(alert);
        if (SilenceOf(matches, now) is { } silence)
        {
            return matches.Answer(AlertSuppressionReason.Silence, silence);
        }

        if (WindowOf(matches, now) is { } window)
        {
            return matches.Answer(AlertSuppressionReason.Maintenance, window);
        }

        return matches.Roles.TargetOf.Length > 0 && _inhibitor.CauseOf(alert, matches.Roles) is { } cause ? matches.Answer(AlertSuppressionReason.Inhibition, cause) : null;
    }

    // Of several the one that lasts longest, so that the answer does not change in between.
    private static string? SilenceOf(Matches matches, DateTimeOffset now)
    {
        Silence? longest = null;
        foreach (var silence in matches.Silences)
        {
            if (silence.IsActive(now) && (longest is null || silence.EndsAt > longest.EndsAt))
            {
                longest = silence;
            }
        }

        return longest?.Id;
    }

    private string? WindowOf(Matches matches, DateTimeOffset now)
    {
        foreach (var window in matches.Windows)
        {
            if (!_openWindows.TryGetValue(window, out var open))
            {
                _openWindows[window] = open = window.IsActive(now);
            }

            if (open)
            {
                return window.Name;
            }
        }

        return null;
    }

    private void TakeOverChanges()
    {
        var (rules, silences) = (_next, _silences.Current);
        if (ReferenceEquals(rules, _rules) && ReferenceEquals(silences, _silenceSet))
        {
            return;
        }

        // What is explained stays so through a reload that leaves the inhibitions as they are.
        if (!_inhibitor.HasRules(rules.Inhibitions))
        {
            _inhibitor = new Inhibitor(rules.Inhibitions);
        }

        (_rules, _silenceSet) = (rules, silences);
        _known.Clear();
    }

    private Matches Match(Alert alert) => new(alert, _silenceSet.Index.Find(alert), _rules.Windows.Find(alert), _inhibitor.RolesOf(alert));

    private sealed class Matches(Alert alert, Silence[] silences, MaintenanceWindow[] windows, InhibitionRoles roles)
    {
        private AlertSuppression? _answer;

        public Silence[] Silences => silences;

        public MaintenanceWindow[] Windows => windows;

        public InhibitionRoles Roles => roles;

        /// <summary>Whether the alert still has the labels that were looked at.</summary>
        public bool IsOf(Alert other) =>
            ReferenceEquals(alert, other)
            || (alert.Severity == other.Severity && alert.Category == other.Category && ReferenceEquals(alert.Labels, other.Labels)
                && alert.Key == other.Key && alert.Rule == other.Rule && alert.Instance == other.Instance && alert.Metric == other.Metric);

        /// <summary>The answer, the same object as long as it is the same answer.</summary>
        public AlertSuppression Answer(AlertSuppressionReason reason, string by) =>
            _answer is { } given && given.Reason == reason && given.By == by ? given : _answer = new AlertSuppression(reason, by);
    }
}

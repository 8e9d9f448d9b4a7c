namespace Monitoring.Alerts.Suppression;

/// <summary>What the settings say of suppression, compiled. Immutable.</summary>
internal sealed class SuppressionRules
{
    /// <summary>Takes over valid options.</summary>
    public SuppressionRules(AlertOptions options)
    {
        Windows = new MatcherIndex<MaintenanceWindow>(options.MaintenanceWindows.Select(static window => (MatcherTexts.Compile(window.Matchers), new MaintenanceWindow(window))));
        Inhibitions = [.. options.UseDefaultInhibitions ? DefaultInhibitions.All : [], .. options.Inhibitions.Select(static rule => new InhibitionRule(rule))];
        Grace = options.RecoveryWindow + options.KeepFiringFor;
    }

    public MatcherIndex<MaintenanceWindow> Windows { get; }

    public IReadOnlyList<InhibitionRule> Inhibitions { get; }

    /// <summary>
    /// How long a cause explains others after it is over: what an alert needs to be resolved when the same thing at the same
    /// time has ended both, its short window being filled with what was before.
    /// </summary>
    public TimeSpan Grace { get; }
}

namespace Monitoring.Alerts;

/// <summary>Identity of what an alert is about: the rule, and which one of many it watches. Outlives a reload of the rules.</summary>
internal readonly record struct AlertSeries(string Rule, string? Instance);

namespace Monitoring.Alerts.Lifecycle;

/// <summary>The time of an evaluation.</summary>
/// <param name="Elapsed">On the monotonic scale by which durations are measured.</param>
/// <param name="Utc">By the wall clock, for people.</param>
internal readonly record struct Moment(TimeSpan Elapsed, DateTimeOffset Utc);

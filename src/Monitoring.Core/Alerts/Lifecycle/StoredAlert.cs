using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>A document of the state store: a series and its alert, or an alert that is over. All times are of the wall clock.</summary>
internal sealed record StoredAlert
{
    /// <summary>The form of the documents that this version writes; it reads no other.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>When this was so.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    public required string Rule { get; init; }

    /// <summary>The instance as its source names it, which is not how the alert shows it.</summary>
    public string? Instance { get; init; }

    /// <summary>Where the series is in its life; null for an alert that is over and only kept to be shown.</summary>
    public StoredLife? Life { get; init; }

    public Alert? Alert { get; init; }
}

/// <summary>A life without what begins anew after a restart: a condition must then be gone for the whole time.</summary>
internal sealed record StoredLife(
    AlertPhase Phase, AlertLevel Level, bool IsFlapping = false, DateTimeOffset? PendingSince = null, DateTimeOffset? HeldSince = null, IReadOnlyList<DateTimeOffset>? Firings = null)
{
    /// <summary>A life, its times told by the wall clock.</summary>
    public static StoredLife Of(in AlertLifecycle life, Moment now)
    {
        return new StoredLife(life.Phase, life.Level, life.IsFlapping, ToUtc(life.PendingSince), ToUtc(life.HeldSince), life.Firings is null ? null : [.. life.Firings.Select(at => ToUtc(at)!.Value)]);

        DateTimeOffset? ToUtc(TimeSpan? at) => now.Utc - (now.Elapsed - at);
    }

    /// <summary>
    /// The life as it goes on now. A pending alert has the time that it had when it was saved, whatever has passed since;
    /// other times go on by the wall clock, and by nothing if that was set back.
    /// </summary>
    /// <param name="savedAt">When it was saved.</param>
    /// <param name="now">The present.</param>
    public AlertLifecycle Restore(DateTimeOffset savedAt, Moment now)
    {
        return new AlertLifecycle
        {
            Phase = Phase,
            Level = Level,
            IsFlapping = IsFlapping,
            PendingSince = Phase == AlertPhase.Pending ? now.Elapsed - Age(PendingSince ?? savedAt, savedAt) : null,
            HeldSince = Phase == AlertPhase.Held ? now.Elapsed - Age(HeldSince ?? savedAt, now.Utc) : null,
            Firings = Firings is { Count: > 0 } ? [.. Firings.Select(at => now.Elapsed - Age(at, now.Utc))] : null,
        };

        static TimeSpan Age(DateTimeOffset since, DateTimeOffset until) => until > since ? until - since : TimeSpan.Zero;
    }
}

/// <summary>How alerts are written into the state that outlives the process.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StoredAlert))]
internal sealed partial class StoredAlertJson : JsonSerializerContext;

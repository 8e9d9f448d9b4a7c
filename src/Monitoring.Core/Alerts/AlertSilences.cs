using System.Text.Json;
using Monitoring.Alerts.Suppression;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>
/// The silences of an alert manager: 1,000 at most. One that has ended is kept for 24 hours, unless its place is needed
/// before. They outlive a restart as far as the state store does. Thread-safe.
/// </summary>
public sealed class AlertSilences
{
    private const int Capacity = 1000;
    private const string Kind = "silence";
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromHours(24);

    private readonly TimeProvider _timeProvider;
    private readonly StateJournal _journal;
    private readonly AuditLog _audit;
    private readonly InternalErrors _errors;

    // Changes are made one at a time under the lock, and each swaps the set as a whole: who reads needs no lock.
    private readonly Lock _lock = new();
    private volatile SilenceSet _set = SilenceSet.Empty;

    internal AlertSilences(TimeProvider timeProvider, StateJournal journal, AuditLog audit, InternalErrors errors)
    {
        _timeProvider = timeProvider;
        _journal = journal;
        _audit = audit;
        _errors = errors;
    }

    /// <summary>The silences now; another object after every change.</summary>
    internal SilenceSet Current => _set;

    /// <summary>All silences that have not ended long ago, those that end last first.</summary>
    public IReadOnlyList<Silence> GetAll() =>
        [.. _set.All.OrderByDescending(static silence => silence.EndsAt).ThenBy(static silence => silence.Id, StringComparer.Ordinal)];

    /// <summary>The silence of that id; null when none is known.</summary>
    public Silence? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _set.Find(id);
    }

    /// <summary>What is wrong with a silence that is to be added or to take another one's place; empty when nothing is.</summary>
    public IReadOnlyList<SilenceError> Check(Silence silence)
    {
        ArgumentNullException.ThrowIfNull(silence);
        var now = _timeProvider.GetUtcNow();
        return SilenceRules.Check(Started(silence, now), now);
    }

    /// <summary>Adds a silence. Alerts that it matches are quiet from the next evaluation after its start on.</summary>
    /// <param name="silence">Its matchers, end, author and reason; without a start it begins now. Id and time of creation are given to it.</param>
    /// <param name="by">Who adds it, for the audit log; its author by default.</param>
    /// <returns>The silence as it was added.</returns>
    /// <exception cref="ArgumentException">It is not valid; see <see cref="Check"/>.</exception>
    /// <exception cref="InvalidOperationException">1,000 silences have not ended yet.</exception>
    public Silence Add(Silence silence, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(silence);
        var now = _timeProvider.GetUtcNow();
        silence = Valid(Started(silence, now), now) with { Id = Guid.CreateVersion7(now).ToString("N"), CreatedAt = now };
        lock (_lock)
        {
            MakeRoomUnderLock(now);
            PutUnderLock(silence);
        }

        Note("silence.add", silence, by ?? silence.Author);
        return silence;
    }

    /// <summary>Puts another silence in place of the one with its id, which must not have ended.</summary>
    /// <param name="silence">The silence as it is to be; its time of creation stays.</param>
    /// <param name="by">Who changes it, for the audit log; its author by default.</param>
    /// <exception cref="ArgumentException">It is not valid; see <see cref="Check"/>.</exception>
    public SilenceOutcome Update(Silence silence, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(silence);
        var now = _timeProvider.GetUtcNow();
        silence = Valid(Started(silence, now), now);
        var outcome = Replace(silence.Id, now, before => silence with { CreatedAt = before.CreatedAt });
        if (outcome == SilenceOutcome.Changed)
        {
            Note("silence.update", silence, by ?? silence.Author);
        }

        return outcome;
    }

    /// <summary>Ends a silence now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="by">Who ends it, for the audit log.</param>
    public SilenceOutcome Expire(string id, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        var now = _timeProvider.GetUtcNow();
        Silence? ended = null;
        var outcome = Replace(id, now, before => ended = before with { StartsAt = before.StartsAt < now ? before.StartsAt : now, EndsAt = now });
        if (ended is not null)
        {
            Note("silence.expire", ended, by);
        }

        return outcome;
    }

    /// <summary>Takes up the silences that an earlier process has left in the journal.</summary>
    internal async ValueTask RestoreAsync(CancellationToken cancellationToken)
    {
        var documents = await _journal.ReadAsync(Kind, cancellationToken).ConfigureAwait(false);
        var now = _timeProvider.GetUtcNow();
        var restored = documents.Select(Read).OfType<Silence>().OrderByDescending(static silence => silence.EndsAt).ToList();
        lock (_lock)
        {
            // What was added or changed since the start is newer.
            _set = _set.With(restored.Where(silence => _set.Find(silence.Id) is null).Take(Capacity - _set.Count));
        }

        Forget(now);
    }

    /// <summary>Forgets those that ended long ago; called with every evaluation.</summary>
    internal void Forget(DateTimeOffset now)
    {
        if (!_set.All.Any(silence => now - silence.EndsAt > KeptAfterEnd))
        {
            return;
        }

        lock (_lock)
        {
            RemoveUnderLock(_set.All.Where(silence => now - silence.EndsAt > KeptAfterEnd).ToList());
        }
    }

    private static Silence Started(Silence silence, DateTimeOffset now) => silence.StartsAt == default ? silence with { StartsAt = now } : silence;

    // The caller's list may change later, ours must not.
    private static Silence Valid(Silence silence, DateTimeOffset now) =>
        SilenceRules.Check(silence, now) is { Count: > 0 } errors
            ? throw new ArgumentException(string.Join(' ', errors.Select(static error => $"{error.Field}: {error.Message}")), nameof(silence))
            : silence with { Matchers = [.. silence.Matchers] };

    private SilenceOutcome Replace(string id, DateTimeOffset now, Func<Silence, Silence> change)
    {
        lock (_lock)
        {
            if (_set.Find(id) is not { } before)
            {
                return SilenceOutcome.NotFound;
            }

            if (before.GetState(now) == SilenceState.Ended)
            {
                return SilenceOutcome.AlreadyEnded;
            }

            PutUnderLock(change(before));
            return SilenceOutcome.Changed;
        }
    }

    private void PutUnderLock(Silence silence)
    {
        _set = _set.With(silence);
        _journal.Put(Kind, silence.Id, () => JsonSerializer.Serialize(silence, SilenceJson.Default.Silence));
    }

    private void MakeRoomUnderLock(DateTimeOffset now)
    {
        if (_set.Count < Capacity)
        {
            return;
        }

        var oldest = _set.All.MinBy(static silence => silence.EndsAt)!;
        if (oldest.GetState(now) != SilenceState.Ended)
        {
            throw new InvalidOperationException($"{Capacity} silences have not ended yet, which is the most that are kept.");
        }

        RemoveUnderLock([oldest]);
    }

    private void RemoveUnderLock(List<Silence> silences)
    {
        _set = _set.Without(silences.Select(static silence => silence.Id));
        silences.ForEach(silence => _journal.Delete(Kind, silence.Id));
    }

    private Silence? Read(StateDocument document)
    {
        try
        {
            // One that an earlier version took, and that this one could not even compile, is left out.
            return JsonSerializer.Deserialize(document.Value ?? "null", SilenceJson.Default.Silence) is { Matchers: not null } silence && silence.Matchers.All(static matcher => matcher is not null && matcher.Check() is null)
                ? silence
                : throw new JsonException($"The silence '{document.Key}' has no matchers that can be used.");
        }
        catch (JsonException exception)
        {
            _errors.Report("silences.restore", exception);
            return null;
        }
    }

    private void Note(string action, Silence silence, string? by) =>
        _audit.Add(action, silence.Id, by, $"{string.Join(", ", silence.Matchers)} until {silence.EndsAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {silence.Reason}");
}

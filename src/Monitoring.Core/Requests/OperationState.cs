using System.Collections.Concurrent;
using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>
/// What is added up for one operation while it goes on; pooled, so that a request allocates nothing. Thread-safe.
/// </summary>
/// <remarks>
/// <para>A state serves one operation after the other; which one is its generation. <see cref="Begin"/> and <see cref="End"/> are
/// called by who owns the operation, once each; everybody else holds an <see cref="OperationScope"/>, which knows the generation it
/// was found for, and adds under the lock after comparing it. End takes the sums and counts the generation up under the same lock.
/// So a late writer (a command that was not awaited, say) finds another generation and adds nothing: neither to the operation
/// that has ended, nor to the one that has the state now.</para>
/// <para>Finding takes no lock. It reads the generation first and the activity then, and both change in the opposite order: the
/// activity is taken away before the generation is counted up, and the next one is set after. Who reads an activity of the
/// next generation with the number of the one before holds a ticket that is refused; the other way round cannot be read.</para>
/// </remarks>
internal sealed class OperationState
{
    // Bounds what an outburst leaves behind; states beyond it are garbage, not lost.
    private const int PoolLimit = 1024;
    private static readonly ConcurrentQueue<OperationState> Pool = new();
    private static int PoolCount;

    private readonly Lock _lock = new();

    // Written under the lock, read without it by those who look for an activity.
    private Activity? _activity;
    private long _generation;

    // All below are guarded by the lock.
    private object? _owner;
    private string? _name;
    private object? _named;
    private Func<object, string?>? _naming;
    private OperationTotals _totals;
    private OperationScope? _outer;
    private StatementCounts? _statements;
    private PhaseSums? _phases;

    private OperationState()
    {
    }

    /// <summary>The ticket to the operation that it serves now; null when that belongs to another activity.</summary>
    public OperationScope? ScopeOf(Activity activity)
    {
        var generation = Volatile.Read(ref _generation);
        return ReferenceEquals(Volatile.Read(ref _activity), activity) ? new OperationScope(this, generation) : null;
    }

    /// <summary>The ticket to the operation that it serves now; for its owner.</summary>
    public OperationScope Scope => new(this, Volatile.Read(ref _generation));

    /// <summary>
    /// Takes a state and makes it findable through <paramref name="activity"/> until <see cref="End"/>. When the table is full,
    /// or without an activity, nobody finds it.
    /// </summary>
    /// <param name="name">The name of the operation, if it is known.</param>
    /// <param name="activity">The activity that the operation runs in, which no other operation does.</param>
    /// <param name="named">What <paramref name="naming"/> asks for the name while that is null.</param>
    /// <param name="naming">Tells the name; must be quick and not throw.</param>
    /// <param name="owner">Whose operation it is (<see cref="OperationScope.BelongsTo"/>); null for anybody's.</param>
    public static OperationState Begin(string? name, Activity? activity, object? named = null, Func<object, string?>? naming = null, object? owner = null)
    {
        OperationTable.Use();
        var state = Rent();
        lock (state._lock)
        {
            (state._owner, state._name, state._named, state._naming) = (owner, name, named, naming);
            state._outer = activity?.Parent is { } parent ? OperationTable.Find(parent) : null;
            Volatile.Write(ref state._activity, activity);
        }

        if (activity is not null)
        {
            OperationTable.Add(activity, state);
        }

        return state;
    }

    /// <summary>Ends the operation, adds its sums to the one around it, and gives the state back. For the owner, once.</summary>
    /// <param name="wantsPhases">Whether the phases are asked for.</param>
    /// <param name="phases">The phases; empty when they are not asked for or there were none.</param>
    public OperationTotals End(bool wantsPhases, out RequestPhase[] phases)
    {
        var activity = _activity;
        if (activity is not null)
        {
            OperationTable.Remove(activity, this);
        }

        OperationTotals totals;
        OperationScope? outer;
        lock (_lock)
        {
            Volatile.Write(ref _activity, null);
            Volatile.Write(ref _generation, _generation + 1);
            (totals, outer) = (_totals, _outer);
            phases = wantsPhases && _phases is not null ? _phases.ToArray() : [];
            (_owner, _name, _named, _naming, _totals, _outer) = (null, null, null, null, default, null);
            _statements?.Clear();
            _phases?.Clear();
        }

        // Outside of the lock: an operation never holds the lock of another.
        if (!totals.IsEmpty)
        {
            outer?.Add(totals);
        }

        Return(this);
        return totals;
    }

    /// <summary>The sums so far; for the owner.</summary>
    public OperationTotals Peek(out RequestPhase[] phases)
    {
        lock (_lock)
        {
            phases = _phases?.ToArray() ?? [];
            return _totals;
        }
    }

    /// <summary>The name of the operation; empty once it has ended.</summary>
    public string GetName(long generation)
    {
        lock (_lock)
        {
            return generation != _generation ? "" : _name ?? (_named is not null ? _naming?.Invoke(_named) : null) ?? "";
        }
    }

    /// <inheritdoc cref="OperationScope.BelongsTo"/>
    public bool BelongsTo(long generation, object owner)
    {
        lock (_lock)
        {
            return generation == _generation && (_owner is null || ReferenceEquals(_owner, owner));
        }
    }

    /// <summary>Adds to the sums, unless the operation has ended.</summary>
    public void Add(long generation, in OperationTotals totals)
    {
        lock (_lock)
        {
            if (generation == _generation)
            {
                _totals += totals;
            }
        }
    }

    /// <inheritdoc cref="OperationScope.AddQuery(ulong, long, out long)"/>
    public int AddQuery(long generation, ulong fingerprint, long ticks, out long together)
    {
        lock (_lock)
        {
            if (generation != _generation)
            {
                together = ticks;
                return 1;
            }

            _totals += new OperationTotals(0, 0, ticks, 1);
            return (_statements ??= new StatementCounts()).Add(fingerprint, ticks, out together);
        }
    }

    /// <inheritdoc cref="OperationScope.AddPhase"/>
    public void AddPhase(long generation, string name, long ticks)
    {
        lock (_lock)
        {
            if (generation == _generation)
            {
                (_phases ??= new PhaseSums()).Add(name, ticks);
            }
        }
    }

    private static OperationState Rent()
    {
        if (Pool.TryDequeue(out var state))
        {
            Interlocked.Decrement(ref PoolCount);
            return state;
        }

        return new OperationState();
    }

    private static void Return(OperationState state)
    {
        if (Volatile.Read(ref PoolCount) < PoolLimit)
        {
            Interlocked.Increment(ref PoolCount);
            Pool.Enqueue(state);
        }
    }
}

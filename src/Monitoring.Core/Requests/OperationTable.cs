using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Monitoring.Requests;

/// <summary>
/// Which operation runs in an activity: a fixed table of the process, in sets of eight places. Thread-safe; lock-free; allocates
/// nothing once it is used.
/// </summary>
/// <remarks>
/// An async-local would cost an execution context for each request; the activity that a host starts for it anyway is
/// carried along already. A place belongs to who turned it from null into a state, until the same turns it back: nobody moves an
/// entry, so there are no marks of what was deleted, and a search looks at one set, whatever comes and goes meanwhile.
/// </remarks>
internal static class OperationTable
{
    /// <summary>Places in all; a set overflows the sooner the fuller it is: with 2,000 operations at once one in 1,000 finds its set full.</summary>
    public const int Capacity = Sets * Ways;

    private const int SetBits = 10;
    private const int Sets = 1 << SetBits;
    private const int Ways = 8;

    // How many activities outwards an operation is looked for.
    private const int Farthest = 64;

    // 64 KB, made when the first operation begins; never replaced after.
    private static OperationState?[]? Places;
    private static long OverflowedCount;

    /// <summary>Whether there has been an operation yet.</summary>
    public static bool IsUsed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref Places) is not null;
    }

    /// <summary>How many operations found no place since the start: what they call is not attributed to them.</summary>
    public static long Overflowed => Volatile.Read(ref OverflowedCount);

    /// <summary>An operation is about to begin.</summary>
    public static void Use()
    {
        if (!IsUsed)
        {
            Interlocked.CompareExchange(ref Places, new OperationState?[Capacity], null);
        }
    }

    /// <summary>Enters an operation.</summary>
    public static void Add(Activity activity, OperationState state)
    {
        foreach (ref var place in SetOf(activity))
        {
            if (Volatile.Read(ref place) is null && Interlocked.CompareExchange(ref place, state, null) is null)
            {
                return;
            }
        }

        Interlocked.Increment(ref OverflowedCount);
    }

    /// <summary>Takes out an operation, if it found a place.</summary>
    public static void Remove(Activity activity, OperationState state)
    {
        foreach (ref var place in SetOf(activity))
        {
            if (ReferenceEquals(Volatile.Read(ref place), state))
            {
                Volatile.Write(ref place, null);
                return;
            }
        }
    }

    /// <summary>The operation of an activity, or of the nearest of its ancestors in this process that has one.</summary>
    public static OperationScope? Find(Activity activity)
    {
        var current = activity;
        for (var distance = 0; current is not null && distance < Farthest; distance++, current = current.Parent)
        {
            foreach (ref var place in SetOf(current))
            {
                if (Volatile.Read(ref place)?.ScopeOf(current) is { } scope)
                {
                    return scope;
                }
            }
        }

        return null;
    }

    // Fibonacci hashing (Knuth, "The Art of Computer Programming", volume 3, 6.4): the runtime's hashes are of 26 bits.
    private static Span<OperationState?> SetOf(Activity activity)
    {
        var set = (int)((uint)RuntimeHelpers.GetHashCode(activity) * 0x9E37_79B9u >> (32 - SetBits));
        return Places.AsSpan(set * Ways, Ways);
    }
}

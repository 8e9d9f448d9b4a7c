namespace Monitoring.Latency;

/// <summary>
/// The last values of something, bounded: a new one pushes out the oldest. Thread-safe; neither adding nor reading ever
/// waits. A value is left out when its thread stood still while as many others as the list holds were added.
/// </summary>
/// <typeparam name="T">The kind of value.</typeparam>
public sealed class RecentList<T>
{
    private const long Writing = -1;

    private readonly Slot[] _slots;
    private long _last;

    /// <summary>Creates an empty list.</summary>
    /// <param name="capacity">How many values to keep at most; zero keeps none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public RecentList(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _slots = new Slot[capacity];
    }

    /// <summary>How many values are kept at most.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Adds a value. Wait-free; allocates nothing.</summary>
    public void Add(T value)
    {
        if (_slots.Length == 0)
        {
            return;
        }

        var number = Interlocked.Increment(ref _last);
        ref var slot = ref _slots[(int)(number % _slots.Length)];
        var before = Volatile.Read(ref slot.Number);

        // Only who turns the number into Writing may touch the value; a later value that came first stays.
        if (before != Writing && before < number && Interlocked.CompareExchange(ref slot.Number, Writing, before) == before)
        {
            slot.Value = value;
            Volatile.Write(ref slot.Number, number);
        }
    }

    /// <summary>The kept values, newest first.</summary>
    public IReadOnlyList<T> ToList()
    {
        var last = Volatile.Read(ref _last);
        var values = new List<T>((int)Math.Min(last, _slots.Length));
        for (var number = last; number > 0 && number > last - _slots.Length; number--)
        {
            ref var slot = ref _slots[(int)(number % _slots.Length)];
            if (Volatile.Read(ref slot.Number) != number)
            {
                continue;
            }

            // The copy is whole only if the slot still has the same number after it was made.
            var value = slot.Value;
            Volatile.ReadBarrier();
            if (Volatile.Read(ref slot.Number) == number)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private struct Slot
    {
        public long Number;
        public T Value;
    }
}
